// A source whose clock is further ahead than this is not believed.
const toleratedAheadMs = 5 * 60_000;

/**
 * The time of an event: what its source says, unless that lies in the future.
 *
 * A recovery dated years ahead would silence its alert for good. So a time far in the future, or one that cannot be
 * read, counts as the time of arrival, and never as older than what was seen before. `seen` covers a clock that was set
 * back.
 */
export function eventTime(occurredAt: string, now: Date, seen?: { lastEventAt: string; updatedAt: string }): Date {
  const said = instant(occurredAt);
  const latest = Math.max(now.getTime(), seen ? instant(seen.updatedAt) : 0);
  if (said <= latest + toleratedAheadMs) return new Date(said);
  return new Date(Math.max(latest, seen ? instant(seen.lastEventAt) : 0));
}

/** An RFC 3339 time in milliseconds; one that cannot be read is infinitely late. */
export function instant(time: string): number {
  if (time === lastTime) return lastInstant;
  const parsed = Date.parse(time);
  lastTime = time;
  lastInstant = Number.isNaN(parsed) ? Number.POSITIVE_INFINITY : parsed;
  return lastInstant;
}

// The last result is kept: a new page holds the same time in several fields.
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

// The last result is kept: hundreds of pages change in the same millisecond.
let lastMoment = Number.NaN;
let lastText = '';
