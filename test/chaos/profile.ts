/** The size of a run. */
export interface Profile {
  /** The brokers of the cluster; each record is on all of them. */
  readonly brokers: number;
  /** The number of instances of alert-intake, of page-routing, and of page-delivery. */
  readonly each: number;
  readonly destinations: number;
  /** The session timeout of page-delivery, after which its partitions move to another instance. */
  readonly sessionTimeoutMs: number;
  /** The load continues for this time after the last fault, so that the recovery can be measured. */
  readonly loadAfterFaultsMs: number;
  /** After this silence no more records come: longer than a rebalance, and than any retry delay. */
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
  /** Starts within seconds, for defects that show without a cluster. */
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
