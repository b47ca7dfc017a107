import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import {
  claimFolder,
  givenInEnvironment,
  Processes,
  type Progress,
  startInfrastructure,
  startKafka,
} from '@pagebridge/local-stack/base';
import type { Kind, TestEnvironment } from './jest-run.ts';
import { requireProgram } from './optional-programs.ts';

interface Killable {
  readonly kill: () => Promise<void>;
}

/** The number of spec files that run in parallel: integration tests mostly wait, and a stack is expensive. */
const atOnce = { integration: 3, journeys: 2 } as const;

/** Starts the brokers, databases and stacks of each kind of tests. Their data is not kept, so they are killed at the end. */
export class TestEnvironments {
  readonly #progress: Progress;
  readonly #inTurn: boolean;
  readonly #running = new Map<Kind, Killable[]>();
  #isOver = false;

  /**
   * `inTurn` runs one spec file at a time. Specs of one service share its topics, and journeys share a stack: each of Jest's
   * workers has its own.
   */
  constructor(progress: Progress, inTurn: boolean) {
    this.#progress = progress;
    this.#inTurn = inTurn;
  }

  readonly start: Readonly<Record<Kind, () => Promise<TestEnvironment>>> = {
    unit: async () => ({ env: {}, workers: availableParallelism() }),
    integration: () => this.#integration('integration', this.#inTurn ? 1 : atOnce.integration),
    journeys: () => this.#journeys('journeys', this.#inTurn ? 1 : atOnce.journeys),
    console: async () => {
      requireProgram('Chromium');
      return this.#journeys('console', 1);
    },
    // Chaos runs start their own stacks.
    chaos: async () => ({ env: {}, workers: 1 }),
    image: () => this.#image(),
    // Nightly tests are integration tests and journeys.
    nightly: async () => {
      const [{ env }, journeys] = await Promise.all([this.#integration('nightly', 1), this.#journeys('nightly', 1)]);
      return { env: { ...env, ...journeys.env }, workers: 1 };
    },
  };

  async end(kind: Kind): Promise<void> {
    const ended = this.#running.get(kind) ?? [];
    this.#running.delete(kind);
    await Promise.all(ended.map((it) => it.kill()));
  }

  /** Ends everything, and refuses further starts. */
  async endAll(): Promise<void> {
    this.#isOver = true;
    await Promise.all([...this.#running.keys()].map((kind) => this.end(kind)));
  }

  #keep(kind: Kind, killable: Killable): void {
    if (this.#isOver) throw new Error('everything is being stopped');
    this.#running.set(kind, [...(this.#running.get(kind) ?? []), killable]);
  }

  /** Starts a broker for each worker, and a database; each test has its own topics and schemas. */
  async #integration(kind: Kind, wanted: number): Promise<TestEnvironment> {
    const given = givenInEnvironment();
    const processesOf = (number: number) => {
      const folder = claimFolder(`test-${number}`);
      const processes = new Processes(folder);
      this.#keep(kind, { kill: () => processes.killAll() });
      return [folder, processes] as const;
    };
    const workers = given.brokers ? 1 : wanted;
    const [first, ...others] = await Promise.all([
      startInfrastructure(...processesOf(1), this.#progress, given),
      ...Array.from({ length: workers - 1 }, (_, index) => startKafka(...processesOf(index + 2))),
    ]);
    const { brokers, databaseUrl, kafka } = first;
    return {
      env: {
        KAFKA_BROKERS: brokers,
        DATABASE_URL: databaseUrl,
        ...(kafka ? { KAFKA_LIBS: kafka.jars } : {}),
        ...Object.fromEntries(others.map((other, index) => [`KAFKA_BROKERS_${index + 2}`, other.brokers])),
      },
      workers,
    };
  }

  /** Starts a secure stack for each worker, with TLS, logins and listed rights only. After a journey its stack is restored. */
  async #journeys(kind: Kind, stacks: number): Promise<TestEnvironment> {
    const [{ Stack }, { unlimited }, { StackControl }] = await Promise.all([
      import('@pagebridge/local-stack'),
      import('@pagebridge/testing'),
      import('./harness/stack/stack-control.ts'),
    ]);
    const services = { 'connection-management': unlimited };
    const env: Record<string, string> = {};
    // The stacks start one after the other: a start keeps all cores busy, and other tests may be running.
    for (let number = 1; number <= stacks; number += 1) {
      const stack = new Stack({ name: `journeys-${number}`, progress: this.#progress, secure: true, env: services });
      this.#keep(kind, stack);
      await stack.start();
      env[`PAGEBRIDGE_STACK_FILE_${number}`] = join(stack.folder.path, 'stack.json');
      env[`PAGEBRIDGE_STACK_CONTROL_${number}`] = await StackControl.of(stack);
    }
    return { env, workers: stacks };
  }

  /** Builds an image. */
  async #image(): Promise<TestEnvironment> {
    const { buildImage, Engine } = await import('@pagebridge/image');
    const image = await buildImage(await Engine.thatWorks(['docker', 'podman']), this.#progress);
    return { env: { PAGEBRIDGE_IMAGE: JSON.stringify(image) }, workers: 1 };
  }
}
