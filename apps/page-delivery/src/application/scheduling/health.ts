import type { Feedback } from './job.ts';

/** Failures in a row after which the calls that are repeated go one at a time. */
const maxFailures = 5;

/**
 * What became of the calls of one kind over one connection since the last one that the destination served.
 *
 * A 429 is no failure: the destination is well, and its queue waits as long as it asks.
 */
export interface Health {
  readonly failures: number;
  /** The pages that were refused at their first call. */
  readonly refusedPages: number;
  /** While it fails, no call is repeated before this time. */
  readonly nextRepeatAt: number;
}

export const healthy: Health = { failures: 0, refusedPages: 0, nextRepeatAt: 0 };

export type Called = Extract<Feedback['kind'], 'served' | 'unhealthy' | 'credential' | 'forbidden'>;

/** Returns the health after a call. Any failure counts; only repeated calls delay the next repeated call, by `gapMs`. */
export function next(health: Health, called: Called, isRepeat: boolean, now: number, gapMs: number): Health {
  if (called === 'served') return healthy;
  return {
    failures: health.failures + 1,
    refusedPages: health.refusedPages + (called === 'forbidden' && !isRepeat ? 1 : 0),
    nextRepeatAt: isRepeat ? now + gapMs : health.nextRepeatAt,
  };
}

export const isFailing = ({ failures }: Health): boolean => failures >= maxFailures;

/** Returns whether so many pages in a row were refused that the credential must be at fault, whatever its user says. */
export const isDoubtful = ({ refusedPages }: Health): boolean => refusedPages >= maxFailures;
