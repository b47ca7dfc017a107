import type { Destination } from '@pagebridge/local-stack';
import type { ChaosStack } from '../chaos-stack.ts';
import type { Member } from '../member.ts';
import type { Seeded } from '../seed.ts';
import type { Link, Team } from '../world.ts';

/** When a process was killed, and when a process that can be asked was ready again. */
export interface Kill {
  readonly name: string;
  readonly at: number;
  readyAt?: number;
}

/** What faults are made of and what they leave behind. */
export interface Scene {
  readonly stack: ChaosStack;
  readonly random: Seeded;
  readonly links: readonly Link[];
  readonly teams: readonly Team[];
  readonly kills: Kill[];
  /** Destinations, brokers and the database that have a fault at present, by name: one at a time each. */
  readonly busy: Set<string>;
  /** Ends early when everything is to be healed. */
  readonly pause: (ms: number) => Promise<void>;
  readonly say: (line: string) => void;
}

/** A fault from its beginning to its repair; resolves when all is as it was before. */
export interface Fault {
  readonly kind: string;
  /** Who suffers; undefined if there is nobody now that may. */
  readonly victim: (scene: Scene) => string | undefined;
  readonly strike: (scene: Scene, victim: string) => Promise<void>;
}

export const free = (scene: Scene, names: readonly string[]): string | undefined => {
  const candidates = names.filter((name) => !scene.busy.has(name));
  return candidates.length > 0 ? scene.random.pick(candidates) : undefined;
};

export const memberNamed = ({ stack }: Scene, name: string): Member => {
  const member = stack.members.find((candidate) => candidate.name === name);
  if (!member) throw new Error(`no process ${name}`);
  return member;
};

export const destinationNamed = ({ stack }: Scene, org: string): Destination => {
  const found = stack.destinations.find((destination) => destination.org === org);
  if (!found) throw new Error(`no destination ${org}`);
  return found;
};
