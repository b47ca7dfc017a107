import { HandleRegistry } from '@pagebridge/handle-registry';
import {
  connectionIdOf,
  connectionsPerOrg,
  handlesIn,
  handlesOf,
  orgName,
  type Team,
  teamAt,
  type WorldSize,
} from '../world.ts';
import { bytesInUse, cpuMicroseconds, mentionsIn, nanosecondsEach } from './measured.ts';

/* The registry of a world in memory: its size, and what its answers take; `bigOrg` handles are in a registry of one org. */
const [, , text = ''] = process.argv;
const { bigOrg, ...even }: WorldSize = JSON.parse(text);
const size: WorldSize = { ...even, bigOrg: even.perOrg };
const now = new Date('2026-06-01T00:00:00Z');
const createdAt = '2026-01-01T00:00:00Z';

// Connections first: their topic is small and read to its end before most handles are.
function registryOf(world: WorldSize): HandleRegistry {
  const registry = new HandleRegistry();
  for (let org = 0; org < world.orgs; org += 1) {
    const sourceOrg = orgName(org);
    for (let i = 0; i < connectionsPerOrg; i += 1) {
      const connectionId = connectionIdOf(org, i);
      const its = { connectionId, sourceOrg, name: `c-${i}`, slug: `c-${i}`, enabled: true, version: 1, createdAt };
      registry.applyConnection(connectionId, its);
    }
  }
  for (let org = 0; org < world.orgs; org += 1) {
    for (let i = 0; i < handlesOf(world, org); i += 1) {
      // As it comes from Kafka: each text of its own, none shared.
      const { connectionId, ...team }: Team = JSON.parse(JSON.stringify(teamAt(org, i)));
      registry.applyHandle(`${connectionId}/${team.teamId}`, { ...team, formerHandles: [], changedAt: createdAt });
    }
  }
  return registry;
}

/** What it takes on average to find the nearest of names that nobody asked for before. */
function nearestUs(registry: HandleRegistry, world: WorldSize): number {
  // As a slip of the finger makes them.
  const { orgs, names } = mentionsIn(world, 'x');
  const count = Math.min(20_000, handlesIn(world));
  const startedAt = cpuMicroseconds();
  for (let i = 0; i < count; i += 1) registry.nearest(orgs[i] ?? '', names[i] ?? '');
  return (cpuMicroseconds() - startedAt) / count;
}

// Made once before anything is weighed, so that the program itself is not.
registryOf({ orgs: 2, perOrg: 10, bigOrg: 10 });
const empty = bytesInUse();
const registry = registryOf(size);
const bytesPerHandle = (bytesInUse() - empty) / handlesIn(size);

const known = mentionsIn(size);
const hitNs = nanosecondsEach(known, (org, name) => registry.resolve(org, name, now).kind === 'routed');
const unordered = bytesInUse();
for (let org = 0; org < size.orgs; org += 1) registry.nearest(orgName(org), 'z');
const bytesPerHandleInOrder = bytesPerHandle + (bytesInUse() - unordered) / handlesIn(size);
const meanNearestUs = nearestUs(registry, size);

const bigWorld = { orgs: 1, perOrg: 0, bigOrg };
const big = registryOf(bigWorld);
big.nearest(orgName(0), 'z');
const bigOrgNearestUs = nearestUs(big, bigWorld);

const figures = { bytesPerHandle, bytesPerHandleInOrder, hitNs, nearestUs: meanNearestUs, bigOrgNearestUs };
process.stdout.write(`${JSON.stringify(figures)}\n`);
