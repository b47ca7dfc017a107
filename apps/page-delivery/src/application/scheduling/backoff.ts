export interface Backoff {
  readonly baseMs: number;
  readonly capMs: number;
}

/**
 * How long to wait after the n-th failure (from 1): anything up to the base doubled n-1 times, at most the cap.
 *
 * Full jitter, so that many pages that failed together do not come back together.
 */
export function backoffMs(failures: number, { baseMs, capMs }: Backoff, random: () => number): number {
  const ceiling = Math.min(capMs, baseMs * 2 ** Math.min(failures - 1, 30));
  return Math.round(random() * ceiling);
}
