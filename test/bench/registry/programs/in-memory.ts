import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { median } from '../../harness/statistics.ts';
import { uuidOf } from '../../page-path/world.ts';
import { handleAt, numbersBelow, orgName, type WorldSize } from '../world.ts';

/** `maps` is the naive way to hold the handles: a map of objects for each org. */
export interface InMemoryInput extends Pick<WorldSize, 'orgs' | 'perOrg'> {
  readonly holder: 'registry' | 'maps';
  /** Each connection has its own directory. */
  readonly connectionsPerOrg: number;
}

/* Measures the memory of each handle, and the time of a look-up. */
type Lookup = (sourceOrg: string, handle: string) => boolean;

const lookups = 200_000;
const passes = 5;
const now = new Date('2026-06-01T00:00:00Z');
const createdAt = '2026-01-01T00:00:00Z';

const { holder, orgs, perOrg, connectionsPerOrg }: InMemoryInput = JSON.parse(process.argv[2] ?? '');
const connectionIdOf = (sourceOrg: string, index: number) => uuidOf(sourceOrg, String(index % connectionsPerOrg));
const directoryOf = (connectionId: string) => `EU1/${connectionId}/account`;

function teamAt(org: number, index: number) {
  const sourceOrg = orgName(org);
  const teamHandle = handleAt(org, index);
  const [teamId, teamName] = [uuidOf(sourceOrg, teamHandle), teamHandle.replaceAll('-', ' ')];
  const team = { sourceOrg, connectionId: connectionIdOf(sourceOrg, index), teamId, teamHandle, teamName };
  // Parsed as from Kafka: no two records share a string.
  return JSON.parse(JSON.stringify(team)) as typeof team;
}

const inOrder = (count: number) => Array.from({ length: count }, (_, index) => index);

const holders: Record<InMemoryInput['holder'], (orgs: number, perOrg: number) => Lookup> = {
  registry: (orgs, perOrg) => {
    const registry = new HandleRegistry();
    // Connections first, because their topic is small and read before most handles are.
    for (const sourceOrg of inOrder(orgs).map(orgName)) {
      for (const index of inOrder(connectionsPerOrg)) {
        const [connectionId, name] = [connectionIdOf(sourceOrg, index), `c-${index}`];
        const directory = directoryOf(connectionId);
        const its = { connectionId, sourceOrg, name, slug: name, directory, enabled: true, version: 1, createdAt };
        registry.applyConnection(connectionId, its);
      }
    }
    for (const org of inOrder(orgs)) {
      for (const index of inOrder(perOrg)) {
        const { connectionId, ...team } = teamAt(org, index);
        const fact = { ...team, onCall: true, formerHandles: [], firstSeenAt: createdAt };
        registry.applyHandle(directoryOf(connectionId), team.teamId, fact);
      }
    }
    return (sourceOrg, handle) => registry.resolve(sourceOrg, handle, now).kind === 'routed';
  },
  maps: (orgs, perOrg) => {
    const teamsIn = (org: number) => inOrder(perOrg).map((index) => teamAt(org, index));
    const byHandle = (org: number) => new Map(teamsIn(org).map((team) => [team.teamHandle, team]));
    const teams = new Map(inOrder(orgs).map((org) => [orgName(org), byHandle(org)]));
    return (sourceOrg, handle) => teams.get(sourceOrg)?.get(handle)?.sourceOrg === sourceOrg;
  },
};

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** Returns the bytes in use after garbage collection: V8's heap and the buffers outside of it. */
function bytesInUse(): number {
  collectGarbage();
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}

/** Returns the CPU nanoseconds of one look-up. The orgs are random, so that nothing is in a cache. */
function nanosecondsEach(lookup: Lookup, orgs: number, perOrg: number): number {
  const below = numbersBelow(1);
  const mentions = Array.from({ length: lookups }, () => {
    const org = below(orgs);
    // A flat string, as JSON.parse makes it: V8 keeps a concatenation in parts until its characters are read.
    return { sourceOrg: orgName(org), handle: Buffer.from(handleAt(org, below(perOrg))).toString() };
  });
  const timed = inOrder(passes).map(() => {
    const before = process.threadCpuUsage();
    for (const { sourceOrg, handle } of mentions) {
      if (!lookup(sourceOrg, handle)) throw new Error(`${sourceOrg} does not know ${handle}`);
    }
    const { user, system } = process.threadCpuUsage(before);
    return ((user + system) * 1000) / lookups;
  });
  return median(timed);
}

// A first call before the measurement, so that the memory of the program itself does not count.
holders[holder](2, 10);
const before = bytesInUse();
const lookup = holders[holder](orgs, perOrg);
const bytesPerHandle = (bytesInUse() - before) / (orgs * perOrg);
const hitNs = nanosecondsEach(lookup, orgs, perOrg);
process.stdout.write(`${JSON.stringify({ bytesPerHandle, hitNs })}\n`);
