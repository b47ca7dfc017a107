import type { AlertState } from '@pagebridge/contracts';
import { pageOf } from '../page.ts';
import type { Answer, Call, Failure } from './apply-answer.ts';

/** The wait after a first failure at most, doubled after each further one, and the longest. In ms. */
export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/** A failure as it comes from the destination. `retryAfterMs`: the time for which the destination asks. */
export type Failed = Failure & Call & { readonly retryAfterMs?: number };

/** Returns when a failed call is repeated, with its failure. `random` is at least 0 and less than 1. */
export function retryOf(
  alert: AlertState | undefined,
  pageId: string,
  { retryAfterMs = 0, ...failed }: Failed,
  backoff: Backoff,
  random: () => number,
): Extract<Answer, { kind: 'failed' }> {
  const page = pageOf(alert, pageId);
  // A create is counted when it begins, a resolve when it has ended.
  const failures = page?.status === 'resolving' ? page.resolveAttempts + 1 : (page?.attempts ?? 1);
  const jittered = backoffMs(failures, backoff, random());
  if (retryAfterMs <= 0) return { ...failed, waitMs: jittered };
  const asked = retryAfterMs + backoffMs(1, backoff, random());
  // Any answer but a 429 may come from an edge, and says nothing about other pages: it may delay only this one.
  const waitMs = failed.cause === 'rate-limited' ? asked : Math.min(Math.max(asked, jittered), backoff.capMs);
  return { ...failed, waitMs };
}

/**
 * Returns the wait after the n-th failure (from 1): a random time up to the base doubled n-1 times, at most the cap.
 *
 * Full jitter spreads the retries of pages that failed at the same time.
 */
export function backoffMs(failures: number, { baseMs, capMs }: Backoff, random: number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(random * ceiling);
}
