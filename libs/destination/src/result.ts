/** How a caller reacts to a failure: retry later, wait for a valid credential, or give up this request. */
export type FailureKind = 'retry' | 'credential' | 'permanent';

/** The causes of failures, a closed list that is usable as a metric label. */
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
 * Why a call returned no value.
 *
 * `detail` is one line for people, at most about 400 characters, without credentials; programs must not parse it.
 * `retryAfterMs` is the delay that the destination requested; absent if it requested none.
 * `sent` is true if the request may have reached the destination: a create may then have created a page.
 */
export interface Failure {
  readonly kind: FailureKind;
  readonly cause: FailureCause;
  readonly status?: number;
  readonly detail: string;
  readonly retryAfterMs?: number;
  readonly sent: boolean;
}

/** The destination's rate limit for the called endpoint. `resetMs` is a duration from the time of the answer. */
export interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly periodMs: number;
  readonly resetMs: number;
  readonly name?: string;
}

/** A call that was sent: how long it took until the end of its answer, whose `status` is absent if none came. */
export interface MadeCall {
  readonly durationMs: number;
  readonly status?: number;
}

/** A value, or a failure, of a call. `rateLimit` is present if the answer had rate limit headers. */
export type Result<T> = (
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure }
) & {
  readonly rateLimit?: RateLimit;
  readonly call?: MadeCall;
};
