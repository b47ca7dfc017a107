/** What a caller does about a failure: try later, wait for a repaired credential, or give this request up. */
export type FailureKind = 'retry' | 'credential' | 'permanent';

/** Everything that can go wrong with a call, as a closed list fit for a metric label. */
export type FailureCause =
  | 'timeout'
  | 'network'
  | 'rate-limited'
  | 'server'
  | 'unauthorized'
  | 'forbidden'
  | 'missing-permission'
  | 'not-found'
  | 'rejected'
  | 'redirect'
  | 'bad-answer';

/**
 * Why a call brought no value.
 *
 * `detail` is one line for people, at most about 400 characters, free of credentials; do not match on it.
 * `retryAfterMs` is what the destination asked for, absent where it asked for nothing.
 * `sent` is true when the request may have reached the destination: a create may then have made a page.
 */
export interface Failure {
  readonly kind: FailureKind;
  readonly cause: FailureCause;
  readonly status?: number;
  readonly detail: string;
  readonly retryAfterMs?: number;
  readonly sent: boolean;
}

/** The destination's rate limit for the endpoint just called; `resetMs` counts from the answer, it is no point in time. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly periodMs: number;
  readonly resetMs: number;
  readonly name?: string;
}

/** A value or the reason why there is none; `rateLimit` is there whenever the answer carried its headers. */
export type Result<T> =
  | { readonly ok: true; readonly value: T; readonly rateLimit?: RateLimit }
  | { readonly ok: false; readonly failure: Failure; readonly rateLimit?: RateLimit };
