/** Why a partition is not written now. */
export interface WriteFailure {
  readonly failures: number;
  /** The name of the protocol's error where there is one. */
  readonly cause: string;
  /** The time of the first failure since a success, and of the last; by the steady clock, in ms. */
  readonly since: number;
  readonly at: number;
  readonly retryAt: number;
}
