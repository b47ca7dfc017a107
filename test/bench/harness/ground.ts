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

export interface GroundOptions {
  /** Of every contender. */
  readonly rounds: number;
  readonly quick: boolean;
  readonly long: boolean;
  /** What TLS, logins and ACLs cost is asked for. */
  readonly secure: boolean;
  readonly profile: boolean;
  /** Where the services were built that are measured; by default here. */
  readonly checkout?: string;
}

type Broker = PrivateKafka & Pick<KafkaPlace, 'logins'>;

export interface BranchWish {
  readonly checkout?: string | undefined;
  /** Its broker wants TLS and a login, and denies whatever no ACL allows. */
  readonly isSecure?: boolean;
}

/** What a benchmark stands on: a folder, a broker of its own, and processes, all of which end with it. */
export class Ground {
  readonly folder: StackFolder;
  readonly processes: Processes;
  readonly progress: Progress;
  readonly rounds: number;
  readonly quick: boolean;
  /** Also what takes a quarter of an hour to show. */
  readonly long: boolean;
  readonly secure: boolean;
  /** Where profiles go; undefined where none are wanted. */
  readonly profiles: string | undefined;
  readonly checkout: string | undefined;
  readonly #bench: string;
  readonly #folder: string;
  readonly #missing: string[] = [];
  readonly #branches: Ground[] = [];
  readonly #options: GroundOptions;
  readonly #isSecure: boolean;
  #kafka: Promise<Broker> | undefined;
  #count = 0;

  constructor(bench: string, progress: Progress, options: GroundOptions, { folder = 'bench', isSecure = false } = {}) {
    const { rounds, quick, long, secure, profile, checkout } = options;
    this.#bench = bench;
    this.#options = options;
    this.#folder = folder;
    this.#isSecure = isSecure;
    this.progress = progress;
    this.rounds = rounds;
    this.quick = quick;
    this.long = long;
    this.secure = secure;
    this.checkout = checkout;
    this.folder = claimFolder(folder, { isSecure });
    this.processes = new Processes(this.folder);
    this.profiles = profile ? join(localFolder, 'profiles') : undefined;
    if (this.profiles) mkdirSync(this.profiles, { recursive: true });
  }

  /** A broker that nobody else uses, started when it is first asked for. */
  async kafka(): Promise<KafkaPlace> {
    const { brokers, logins } = await this.#broker();
    return { brokers, logins };
  }

  /** The broker's process. */
  async kafkaPid(): Promise<number> {
    return (await this.#broker()).process.pid;
  }

  /** Another such ground with another broker, for what must not share its topics; it ends with this one. */
  branch(name: string, { checkout = this.checkout, isSecure = this.#isSecure }: BranchWish = {}): Ground {
    const options = checkout === undefined ? this.#options : { ...this.#options, checkout };
    const folder = `${this.#folder}-${name}`;
    const branch = new Ground(this.#bench, this.progress, options, { folder, isSecure });
    this.#branches.push(branch);
    return branch;
  }

  /** Starts a process that is measured: Node, under the profiler if that is wanted. */
  startMeasured(spec: ProcessSpec): Promise<LocalProcess> {
    return this.processes.start({ ...spec, args: [...this.#profiling(spec.name), ...spec.args] });
  }

  /**
   * Runs a program to its end, in a process of its own so that what it costs is not put down to what is measured.
   *
   * It gets `input` as its only argument, as JSON, and prints what it found as its last line, as JSON.
   */
  async run<Output>(script: string, input: object, { measured = false } = {}): Promise<Output> {
    this.#count += 1;
    const name = `${script.replace(/^.*\//, '').replace('.ts', '')}-${this.#count}`;
    const args = [...(measured ? this.#profiling(name) : []), script, JSON.stringify(input)];
    await this.processes.run({ name, command: process.execPath, args });
    const said = readFileSync(join(this.folder.logs, `${name}.log`), 'utf8').trimEnd();
    return JSON.parse(said.slice(said.lastIndexOf('\n') + 1));
  }

  /** Notes what this machine lacks and how to get it; the benchmark goes on without it. */
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
