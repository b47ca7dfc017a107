/** How much of everything a run has. */
export interface Profile {
  /** Brokers of the cluster; each record is on all of them. */
  readonly brokers: number;
  /** Instances of page-routing, and of page-delivery. */
  readonly each: number;
  readonly destinations: number;
  /** After so long without a sign of life the partitions of page-delivery go to another. */
  readonly sessionTimeoutMs: number;
  /** The load goes on so long after the last fault, so that recovery from it can be seen. */
  readonly loadAfterFaultsMs: number;
  /** Nothing more comes after so long a silence: longer than partitions change hands, and than any retry waits. */
  readonly silenceMs: number;
}

export const profiles = {
  full: {
    brokers: 3,
    each: 2,
    destinations: 20,
    sessionTimeoutMs: 10_000,
    loadAfterFaultsMs: 8_000,
    silenceMs: 40_000,
  },
  /** Up and audited in seconds, for a defect that shows without a cluster. */
  small: {
    brokers: 1,
    each: 1,
    destinations: 4,
    sessionTimeoutMs: 6_000,
    loadAfterFaultsMs: 3_000,
    silenceMs: 12_000,
  },
} as const satisfies Readonly<Record<string, Profile>>;

export type ProfileName = keyof typeof profiles;
