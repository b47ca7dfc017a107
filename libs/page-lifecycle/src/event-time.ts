import { clockToleranceMs } from '@pagebridge/contracts';

/**
 * Returns the time of an event: the time that its source gives, unless that is in the future by more than clocks may differ.
 *
 * A recovery dated years ahead would silence its alert permanently. A time that is far in the future or cannot be
 * parsed is therefore replaced by the time of arrival, but never by an earlier time than that of the last event. `seen`
 * handles a clock that was set back.
 */
export function eventTime(occurredAt: string, now: Date, seen?: { lastEventAt: string; updatedAt: string }): Date {
  const claimed = instant(occurredAt);
  const latest = Math.max(now.getTime(), seen ? instant(seen.updatedAt) : 0);
  if (claimed <= latest + clockToleranceMs) return new Date(claimed);
  return new Date(Math.max(latest, seen ? instant(seen.lastEventAt) : 0));
}

/** Parses an RFC 3339 time to milliseconds; infinite if it cannot be parsed. */
export function instant(time: string): number {
  const parsed = Date.parse(time);
  return Number.isNaN(parsed) ? Number.POSITIVE_INFINITY : parsed;
}

/** The inverse of `instant`. */
export const textOf = (moment: Date): string => moment.toISOString();
