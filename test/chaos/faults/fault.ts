import type { Destination } from '@pagebridge/local-stack';
import type { Outage } from '../observation/recovery.ts';
import type { Seeded } from '../seed.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import type { Member } from '../stack/member.ts';
import type { Wire } from '../stack/wire.ts';
import type { Link, Team } from '../world.ts';

/** What faults act on. */
export interface Scene {
  readonly stack: ChaosStack;
  readonly random: Seeded;
  readonly links: readonly Link[];
  readonly teams: readonly Team[];
  readonly outages: Outage[];
  /** The names of destinations and processes with a fault: one fault at a time each. */
  readonly busy: Set<string>;
  /** Ends early when everything is to be healed. */
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/**
 * `management`: it is made or made good over REST, or by fetching handles. `survivor`: somebody who carries on. `hostile`:
 * it belongs to a run with hostile input.
 */
export type Need = 'management' | 'survivor' | 'hostile' | 'three brokers';

/** A fault from its beginning to its repair; resolves when all is as it was before. */
export interface Fault {
  readonly kind: string;
  readonly needs?: readonly Need[];
  /** The target; undefined if there is none now. */
  readonly victim: (scene: Scene) => string | undefined;
  readonly strike: (scene: Scene, victim: string) => Promise<void>;
}

export const free = (scene: Scene, names: readonly string[]): string | undefined => {
  const candidates = names.filter((name) => !scene.busy.has(name));
  return candidates.length > 0 ? scene.random.pick(candidates) : undefined;
};

export const anyDestination = (scene: Scene): string | undefined =>
  free(
    scene,
    scene.stack.destinations.map(({ org }) => org),
  );

/** Keeps these from other faults while `strike` lasts. */
export async function whileBusy(scene: Scene, names: readonly string[], strike: () => Promise<unknown>): Promise<void> {
  for (const name of names) scene.busy.add(name);
  try {
    await strike();
  } finally {
    for (const name of names) scene.busy.delete(name);
  }
}

export const memberNamed = ({ stack }: Scene, name: string): Member =>
  found(
    name,
    stack.members.find((member) => member.name === name),
  );

export const destinationNamed = ({ stack }: Scene, org: string): Destination =>
  found(
    org,
    stack.destinations.find((destination) => destination.org === org),
  );

export const wireTo = ({ stack }: Scene, org: string): Wire => found(org, stack.wires.get(org));

function found<T>(name: string, it: T | undefined): T {
  if (it === undefined) throw new Error(`there is no ${name}`);
  return it;
}
