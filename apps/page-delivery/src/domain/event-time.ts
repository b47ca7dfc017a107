// The event time of a source whose clock is further ahead is not used.
const toleratedAheadMs = 5 * 60_000;

/**
 * Returns the time of an event: the time that its source gives, unless that is in the future.
 *
 * A recovery dated years ahead would silence its alert permanently. A time that is far in the future or cannot be
 * parsed is therefore replaced by the time of arrival, but never by an earlier time than that of the last event. `seen`
 * handles a clock that was set back.
 */
export function eventTime(occurredAt: string, now: Date, seen?: { lastEventAt: string; updatedAt: string }): Date {
  const claimed = instant(occurredAt);
  const latest = Math.max(now.getTime(), seen ? instant(seen.updatedAt) : 0);
  if (claimed <= latest + toleratedAheadMs) return new Date(claimed);
  return new Date(Math.max(latest, seen ? instant(seen.lastEventAt) : 0));
}

/** Parses an RFC 3339 time to milliseconds; infinite if it cannot be parsed. */
export function instant(time: string): number {
  if (time === lastTime) return lastInstant;
  const parsed = Date.parse(time);
  lastTime = time;
  lastInstant = Number.isNaN(parsed) ? Number.POSITIVE_INFINITY : parsed;
  return lastInstant;
}

// The last result is cached: a new page holds the same time in several fields.
let lastTime = '';
let lastInstant = Number.POSITIVE_INFINITY;

/** The inverse of `instant`. */
export function textOf(moment: Date): string {
  const at = moment.getTime();
  if (at !== lastMoment) {
    lastMoment = at;
    lastText = moment.toISOString();
  }
  return lastText;
}

// The last result is cached: hundreds of pages change in the same millisecond.
let lastMoment = Number.NaN;
let lastText = '';
