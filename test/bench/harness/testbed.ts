import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  claimFolder,
  type KafkaPlace,
  type LocalProcess,
  localFolder,
  type PrivateKafka,
  Processes,
  type ProcessSpec,
  type Progress,
  requirePrerequisites,
  type StackFolder,
  startKafka,
  startSecureKafka,
} from '@pagebridge/local-stack';

/** The results of one round of one contender, by name with unit: `alertsPerSecond`, `p99Ms`. */
export type Figures = Readonly<Record<string, number>>;

export interface Contender {
  readonly name: string;
  /** Starts what only this contender needs, before the first round; not called if `--contenders` excludes it. */
  readonly open?: () => Promise<void>;
  /** Measures once; called in each round, in turn with the others. */
  readonly measure: () => Promise<Figures>;
  /** Stops what was kept running between rounds. */
  readonly close?: () => Promise<void>;
}

/** Returns a contender with its own resource, which is opened before its first round and closed after the last. */
export function withResource<Resource>(
  name: string,
  open: () => Promise<Resource>,
  measure: (resource: Resource) => Promise<Figures>,
  close: (resource: Resource) => Promise<void>,
): Contender {
  let resource: Resource | undefined;
  return {
    name,
    open: async () => {
      resource = await open();
    },
    measure: async () => {
      if (resource === undefined) throw new Error(`${name} is not open`);
      return measure(resource);
    },
    close: async () => {
      if (resource !== undefined) await close(resource);
    },
  };
}

/** The goal of a figure. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** A figure, or with `to` the ratio of two contenders' figures in each round; `median` is that of the rounds. */
export interface Finding {
  readonly name: string;
  readonly figure: string;
  readonly of: string;
  readonly to?: string;
  readonly goal?: Goal;
}

/** A benchmark: its contenders and its conclusions. */
export interface Bench {
  /** The default of `--rounds`: at least three, unless a round takes ten minutes. `--quick` runs one round. */
  readonly rounds: number;
  readonly findings: readonly Finding[];
  /** Starts what all rounds share. Reports contenders that this machine cannot run to `testbed.missing`, and omits them. */
  readonly prepare: (testbed: Testbed) => Promise<readonly Contender[]>;
}

interface GroundOptions {
  /** The number of rounds of every contender. */
  readonly rounds: number;
  readonly quick: boolean;
  readonly long: boolean;
  /** Also measures TLS, logins and ACLs. */
  readonly secure: boolean;
  readonly profile: boolean;
  /** The number of pages that wait in a flood. */
  readonly pages?: number | undefined;
  /** The folder of the build of the measured services; default: this checkout. */
  readonly checkout?: string;
}

type Broker = PrivateKafka & Pick<KafkaPlace, 'logins'>;

interface BranchOptions {
  readonly checkout?: string | undefined;
  /** The broker requires TLS and a login, and denies everything that no ACL allows. */
  readonly isSecure?: boolean;
}

/** The environment of a benchmark: a folder, a broker, and processes, all of which end with it. */
export class Testbed {
  readonly folder: StackFolder;
  readonly processes: Processes;
  readonly progress: Progress;
  readonly rounds: number;
  readonly quick: boolean;
  /** Includes measurements that take a quarter of an hour. */
  readonly long: boolean;
  readonly secure: boolean;
  readonly pages: number | undefined;
  /** The folder of profiles; undefined without `--profile`. */
  readonly profiles: string | undefined;
  readonly checkout: string | undefined;
  readonly #bench: string;
  readonly #folder: string;
  readonly #missing: string[] = [];
  readonly #branches: Testbed[] = [];
  readonly #options: GroundOptions;
  readonly #isSecure: boolean;
  #kafka: Promise<Broker> | undefined;
  #count = 0;

  constructor(bench: string, progress: Progress, options: GroundOptions, { folder = 'bench', isSecure = false } = {}) {
    const { rounds, quick, long, secure, profile, pages, checkout } = options;
    this.#bench = bench;
    this.#options = options;
    this.#folder = folder;
    this.#isSecure = isSecure;
    this.progress = progress;
    this.rounds = rounds;
    this.quick = quick;
    this.long = long;
    this.secure = secure;
    this.pages = pages;
    this.checkout = checkout;
    this.folder = claimFolder(folder, { isSecure });
    this.processes = new Processes(this.folder);
    this.profiles = profile ? join(localFolder, 'profiles') : undefined;
    if (this.profiles) mkdirSync(this.profiles, { recursive: true });
  }

  /** Returns a private broker, started on the first call. */
  async kafka(): Promise<KafkaPlace> {
    const { brokers, logins } = await this.#broker();
    return { brokers, logins };
  }

  /** Returns the pid of the broker. */
  async kafkaPid(): Promise<number> {
    return (await this.#broker()).process.pid;
  }

  /** Returns a further testbed with another broker, for measurements that must not share topics; it ends with this one. */
  branch(name: string, { checkout = this.checkout, isSecure = this.#isSecure }: BranchOptions = {}): Testbed {
    const options = checkout === undefined ? this.#options : { ...this.#options, checkout };
    const folder = `${this.#folder}-${name}`;
    const branch = new Testbed(this.#bench, this.progress, options, { folder, isSecure });
    this.#branches.push(branch);
    return branch;
  }

  /** Starts a measured Node process, under the profiler if requested. */
  startMeasured(spec: ProcessSpec): Promise<LocalProcess> {
    return this.processes.start({ ...spec, args: [...this.#profiling(spec.name), ...spec.args] });
  }

  /**
   * Runs a program to its end in its own process, so that its cost does not count for the measured one.
   *
   * The program gets `input` as JSON in its only argument, and prints its result as JSON in its last line.
   */
  async run<Output>(script: string, input: object): Promise<Output> {
    this.#count += 1;
    const name = `${script.replace(/^.*\//, '').replace('.ts', '')}-${this.#count}`;
    await this.processes.run({ name, command: process.execPath, args: [script, JSON.stringify(input)] });
    const said = readFileSync(join(this.folder.logs, `${name}.log`), 'utf8').trimEnd();
    return JSON.parse(said.slice(said.lastIndexOf('\n') + 1));
  }

  /** Records what this machine lacks and how to install it; the benchmark continues without it. */
  missing(what: string): void {
    this.#missing.push(what);
    this.progress.say(`left out: ${what}`);
  }

  get leftOut(): readonly string[] {
    return this.#missing;
  }

  async stop(): Promise<void> {
    await Promise.all([this.processes.stopAll(), ...this.#branches.map((branch) => branch.stop())]);
  }

  kill(): void {
    this.processes.killAll();
    for (const branch of this.#branches) branch.kill();
  }

  #broker(): Promise<Broker> {
    this.#kafka ??= this.progress.step(`starting Kafka${this.#isSecure ? ' with TLS and ACLs' : ''}`, () => {
      requirePrerequisites({ kafka: true, mariadb: false });
      const start = this.#isSecure ? startSecureKafka : startKafka;
      return start(this.folder, this.processes, { isMeasured: true });
    });
    return this.#kafka;
  }

  #profiling(name: string): string[] {
    if (!this.profiles) return [];
    this.#count += 1;
    const file = `${this.#bench}-${name}-${this.#count}.cpuprofile`;
    return ['--cpu-prof', `--cpu-prof-dir=${this.profiles}`, `--cpu-prof-name=${file}`];
  }
}
