import { join } from 'node:path';
import { type Bench, type Contender, type Figures, withResource } from '../harness/bench.ts';
import type { Testbed } from '../harness/testbed.ts';
import { PagePath } from '../page-path/page-path.ts';
import type { Link } from '../page-path/world.ts';
import type { InMemoryInput } from './programs/in-memory.ts';
import type { SearchInput } from './programs/search.ts';
import { handleAt, orgName, type WorldSize } from './world.ts';

const script = (name: string): string => join(import.meta.dirname, 'programs', `${name}.ts`);
const whole: WorldSize = { orgs: 1000, perOrg: 1000, bigOrg: 100_000 };
const small: WorldSize = { orgs: 100, perOrg: 1000, bigOrg: 20_000 };
// Each connection fails its first sync and is not retried, so that no sync disturbs the measurement.
const quiet = { SYNC_RETRY_SECONDS: '86400', SYNC_INTERVAL_SECONDS: '86400' };

const ours = 'registry';
const wide = 'registry, 50 connections an org';
const maps = 'map of maps';
const searching = 'search over HTTP';

const linkOf = (org: number, handles: number): Link => ({
  sourceOrg: orgName(org),
  dataCenter: 'NOWHERE',
  teams: Array.from({ length: handles }, (_, index) => handleAt(org, index)),
  apiKey: 'bench-api-key',
  applicationKey: 'bench-application-key',
});

/** Starts a broker with all handles. */
async function open(testbed: Testbed, { orgs, perOrg, bigOrg }: WorldSize): Promise<PagePath> {
  const path = await PagePath.on(testbed, []);
  const links = Array.from({ length: 1 + orgs }, (_, org) => linkOf(org, org === 0 ? bigOrg : perOrg));
  await testbed.progress.step(`publishing ${orgs * perOrg + bigOrg} handles`, () => path.connect(links));
  return path;
}

async function search(testbed: Testbed, path: PagePath, size: WorldSize): Promise<Figures> {
  const service = await path.start('handle-sync', 'handle-sync', quiet);
  try {
    const url = `http://127.0.0.1:${service.spec.env?.PORT}`;
    const input: SearchInput = { ...size, url, count: testbed.quick ? 1000 : 4000 };
    return await testbed.run<Figures>(script('search'), input);
  } finally {
    await service.stop();
  }
}

export const registry: Bench = {
  rounds: 3,
  findings: [
    { name: 'bytes a handle', figure: 'bytesPerHandle', of: ours, goal: { atMost: 330 } },
    { name: 'bytes a handle / a map of maps', figure: 'bytesPerHandle', of: ours, to: maps },
    { name: 'look-up / a map of maps', figure: 'hitNs', of: ours, to: maps, goal: { atMost: 1.3 } },
    { name: 'look-up in an org of 50 connections, ns', figure: 'hitNs', of: wide, goal: { atMost: 1000 } },
    { name: 'search p99, ms', figure: 'p99Ms', of: searching, goal: { atMost: 10 } },
    { name: 'search p99 in an org of 100,000, ms', figure: 'bigOrgP99Ms', of: searching, goal: { atMost: 10 } },
  ],
  prepare: async (testbed) => {
    const size = testbed.quick ? small : whole;
    const inMemory = (name: string, holder: InMemoryInput['holder'], connectionsPerOrg = 2): Contender => {
      const input: InMemoryInput = { holder, orgs: size.orgs, perOrg: size.perOrg, connectionsPerOrg };
      return { name, measure: () => testbed.run<Figures>(script('in-memory'), input, { measured: true }) };
    };
    return [
      inMemory(ours, 'registry'),
      inMemory(wide, 'registry', 50),
      inMemory(maps, 'maps'),
      withResource(
        searching,
        () => open(testbed, size),
        (path) => search(testbed, path, size),
        (path) => path.close(),
      ),
    ];
  },
};
