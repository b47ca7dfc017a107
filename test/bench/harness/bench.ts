import type { Ground } from './ground.ts';

/** What one round of one contender showed, by name with its unit: `alertsPerSecond`, `p99Ms`. */
export type Figures = Readonly<Record<string, number>>;

export interface Contender {
  readonly name: string;
  /** Starts what it alone stands on, before the first round; not called where `--only` leaves it out. */
  readonly open?: () => Promise<void>;
  /** Measures once; called again in each round, in turn with the others. */
  readonly measure: () => Promise<Figures>;
  /** Undoes what was kept running between its rounds, where anything was. */
  readonly close?: () => Promise<void>;
}

/** A contender that stands on something of its own, opened before its first round and closed after the last. */
export function standingOn<Stand>(
  name: string,
  open: () => Promise<Stand>,
  measure: (stand: Stand) => Promise<Figures>,
  close: (stand: Stand) => Promise<void>,
): Contender {
  let stand: Stand | undefined;
  return {
    name,
    open: async () => {
      stand = await open();
    },
    measure: async () => {
      if (stand === undefined) throw new Error(`${name} is not opened`);
      return measure(stand);
    },
    close: async () => {
      if (stand !== undefined) await close(stand);
    },
  };
}

/** What a figure is meant to reach. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** A figure, or with `to` one contender's figure over another's, taken in each round: `median` is that of the rounds. */
export interface Finding {
  readonly name: string;
  readonly figure: string;
  readonly of: string;
  readonly to?: string;
  readonly goal?: Goal;
}

/** A benchmark: who is measured, and what is concluded from it. */
export interface Bench {
  /** How many rounds unless `--rounds` says otherwise; `--quick` takes one. At least three. */
  readonly rounds: number;
  readonly findings: readonly Finding[];
  /** Starts what all rounds share. A contender that this machine lacks is told to `ground.missing` and left out. */
  readonly prepare: (ground: Ground) => Promise<readonly Contender[]>;
}
