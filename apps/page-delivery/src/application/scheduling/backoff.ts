export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * Returns the wait after the n-th failure (from 1): a random time up to the base doubled n-1 times, at most the cap.
 *
 * Full jitter spreads the retries of pages that failed at the same time.
 */
export function backoffMs(failures: number, { baseMs, capMs }: Backoff, random: () => number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(random() * ceiling);
}
