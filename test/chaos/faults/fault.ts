import type { Destination } from '@pagebridge/local-stack';
import type { MadeFault } from '../audit/history.ts';
import type { Outage } from '../observation/recovery.ts';
import type { Seeded } from '../seed.ts';
import type { ChaosStack } from '../stack/chaos-stack.ts';
import type { Member } from '../stack/member.ts';
import type { Wire } from '../stack/wire.ts';
import type { Link, Team } from '../world.ts';

/** The environment of a fault. */
export interface Scene {
  readonly stack: ChaosStack;
  readonly random: Seeded;
  readonly links: readonly Link[];
  readonly teams: readonly Team[];
  readonly outages: Outage[];
  readonly faults: MadeFault[];
  /** The destinations and processes with a present fault; each has at most one. */
  readonly busy: Set<string>;
  /** Resolves early when all faults must be repaired. */
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/**
 * `management`: the fault or its repair needs REST calls or the fetching of handles. `survivor`: another instance must take
 * over. `hostile`: the fault belongs to a run with hostile input.
 */
export type Need = 'management' | 'survivor' | 'hostile' | 'three brokers';

/** A fault from its start to its repair; `strike` resolves when the former state is restored. */
export interface Fault {
  readonly kind: string;
  readonly needs?: readonly Need[];
  /** Returns the target; undefined if there is none at present. */
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

/** Protects these names from other faults while `strike` runs. */
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

export const wireTo = ({ stack }: Pick<Scene, 'stack'>, org: string): Wire => found(org, stack.wires.get(org));

function found<T>(name: string, it: T | undefined): T {
  if (it === undefined) throw new Error(`there is no ${name}`);
  return it;
}
