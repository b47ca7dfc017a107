import type { Testbed } from './testbed.ts';

/** The results of one round of one contender, by name with unit: `alertsPerSecond`, `p99Ms`. */
export type Figures = Readonly<Record<string, number>>;

export interface Contender {
  readonly name: string;
  /** Starts what only this contender needs, before the first round; not called if `--contenders` excludes it. */
  readonly open?: () => Promise<void>;
  /** Measures once; called in each round, in turn with the others. */
  readonly measure: () => Promise<Figures>;
  /** Stops what was kept running between rounds. */
  readonly close?: () => Promise<void>;
}

/** Returns a contender with its own resource, which is opened before its first round and closed after the last. */
export function withResource<Resource>(
  name: string,
  open: () => Promise<Resource>,
  measure: (resource: Resource) => Promise<Figures>,
  close: (resource: Resource) => Promise<void>,
): Contender {
  let resource: Resource | undefined;
  return {
    name,
    open: async () => {
      resource = await open();
    },
    measure: async () => {
      if (resource === undefined) throw new Error(`${name} is not open`);
      return measure(resource);
    },
    close: async () => {
      if (resource !== undefined) await close(resource);
    },
  };
}

/** The goal of a figure. */
export type Goal = { readonly atLeast: number } | { readonly atMost: number };

/** A figure, or with `to` the ratio of two contenders' figures in each round; `median` is that of the rounds. */
export interface Finding {
  readonly name: string;
  readonly figure: string;
  readonly of: string;
  readonly to?: string;
  readonly goal?: Goal;
}

/** A benchmark: its contenders and its conclusions. */
export interface Bench {
  /** The default of `--rounds`: at least three, unless a round takes ten minutes. `--quick` runs one round. */
  readonly rounds: number;
  readonly findings: readonly Finding[];
  /** Starts what all rounds share. Reports contenders that this machine cannot run to `testbed.missing`, and omits them. */
  readonly prepare: (testbed: Testbed) => Promise<readonly Contender[]>;
}
