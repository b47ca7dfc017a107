import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Handles } from '@pagebridge/contracts';
import type { LocalProcess, ServiceName } from '@pagebridge/local-stack';
import type { Bench, Contender, Figures } from '../harness/bench.ts';
import type { Ground } from '../harness/ground.ts';
import { PagePath } from '../page-path/page-path.ts';
import { handlesIn, type WorldSize } from './world.ts';

const script = (name: string): string => join(import.meta.dirname, 'programs', `${name}.ts`);
/** The first org is the big one where searches are concerned; in memory it stands apart. */
const whole: WorldSize = { orgs: 1000, perOrg: 1000, bigOrg: 100_000 };
const small: WorldSize = { orgs: 100, perOrg: 1000, bigOrg: 20_000 };
// Each connection is looked at once, fails at once, and is left alone while others measure.
const quiet = { LOG_LEVEL: 'info', SYNC_RETRY_SECONDS: '86400', SYNC_INTERVAL_SECONDS: '86400' };

/** The registry in memory, restored from its topic, and searched over HTTP. */
class RegistryBench {
  readonly #ground: Ground;
  readonly #path: PagePath;
  readonly #size: WorldSize;
  #count = 0;

  static async on(ground: Ground): Promise<RegistryBench> {
    const size = ground.quick ? small : whole;
    const path = await PagePath.on(ground, []);
    await ground.progress.step(`publishing ${handlesIn(size)} handles`, () =>
      ground.run(script('fill'), { ...size, brokers: path.brokers }),
    );
    return new RegistryBench(ground, path, size);
  }

  private constructor(ground: Ground, path: PagePath, size: WorldSize) {
    this.#ground = ground;
    this.#path = path;
    this.#size = size;
  }

  inMemory(program: 'lookups' | 'maps'): Contender {
    return { name: program === 'maps' ? 'map of maps' : 'registry', measure: () => this.#run(program, this.#size) };
  }

  rawRead(): Contender {
    const input = { brokers: this.#path.brokers, topic: Handles.card.topic };
    return { name: 'raw kafkajs read', measure: () => this.#run('read-raw', input) };
  }

  /** The service as it is deployed; what it says itself of the tables that it has read. */
  restore(name: 'page-routing' | 'handle-sync'): Contender {
    const measure = async (): Promise<Figures> => {
      const { service, figures } = await this.#start(name);
      await service.stop();
      return figures;
    };
    return { name: `${name} restores`, measure };
  }

  search(): Contender {
    const measure = async (): Promise<Figures> => {
      const { service, url } = await this.#start('handle-sync');
      try {
        return await this.#run('search', { ...this.#size, url, count: this.#ground.quick ? 1000 : 4000 });
      } finally {
        await service.stop();
      }
    };
    return { name: 'search over HTTP', measure, close: this.#path.close };
  }

  #run = (program: string, input: object): Promise<Figures> =>
    this.#ground.run<Figures>(script(program), input, { measured: true });

  async #start(name: ServiceName): Promise<{ service: LocalProcess; url: string; figures: Figures }> {
    this.#count += 1;
    const instance = `${name}-${this.#count}`;
    const service = await this.#path.start(name, instance, quiet);
    const lines = readFileSync(join(this.#ground.folder.logs, `${instance}.log`), 'utf8')
      .trim()
      .split('\n');
    const said = lines.map((line) => JSON.parse(line) as { message: string; records?: number; ms?: number });
    const read = said.find(({ message }) => message === 'The tables are read to their end');
    if (!read?.records || !read.ms) throw new Error(`${instance} does not say what it read`);
    const url = `http://127.0.0.1:${service.spec.env?.PORT}`;
    return { service, url, figures: { recordsPerSecond: read.records / (read.ms / 1000), ms: read.ms } };
  }
}

export const registry: Bench = {
  rounds: 3,
  findings: [
    { name: 'bytes a handle', figure: 'bytesPerHandle', of: 'registry', goal: { atMost: 330 } },
    { name: 'bytes a handle / a map of maps', figure: 'bytesPerHandle', of: 'registry', to: 'map of maps' },
    { name: 'look-up, ns', figure: 'hitNs', of: 'registry' },
    {
      name: 'look-up / a map of maps',
      figure: 'hitNs',
      of: 'registry',
      to: 'map of maps',
      goal: { atMost: 1.3 },
    },
    { name: 'nearest handle of an unknown one, us', figure: 'nearestUs', of: 'registry' },
    { name: 'the same in an org of 100,000, us', figure: 'bigOrgNearestUs', of: 'registry' },
    {
      name: 'restore / raw kafkajs read of the same topic',
      figure: 'recordsPerSecond',
      of: 'page-routing restores',
      to: 'raw kafkajs read',
      goal: { atLeast: 0.8 },
    },
    {
      name: 'restore of handle-sync / raw kafkajs read of the same topic',
      figure: 'recordsPerSecond',
      of: 'handle-sync restores',
      to: 'raw kafkajs read',
    },
    { name: 'search p99, ms', figure: 'p99Ms', of: 'search over HTTP', goal: { atMost: 10 } },
    {
      name: 'search p99 in an org of 100,000, ms',
      figure: 'bigOrgP99Ms',
      of: 'search over HTTP',
      goal: { atMost: 10 },
    },
  ],
  prepare: async (ground) => {
    const bench = await RegistryBench.on(ground);
    return [
      bench.inMemory('lookups'),
      bench.inMemory('maps'),
      bench.rawRead(),
      bench.restore('page-routing'),
      bench.restore('handle-sync'),
      bench.search(),
    ];
  },
};
