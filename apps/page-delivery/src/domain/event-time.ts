// A source whose clock is further ahead than this has no clock worth believing.
const toleratedAheadMs = 5 * 60_000;

/**
 * When an event counts as having happened: what its source says, unless that cannot be.
 *
 * A recovery dated years ahead would silence its alert for good, so a time far in the future counts as the moment of
 * arrival, but never as older than what was seen before: then arrival decides. So does a time that cannot be read.
 * `seen` makes a clock that was set back as good as it was before.
 */
export function eventTime(occurredAt: string, now: Date, seen?: { lastEventAt: string; updatedAt: string }): Date {
  const said = instant(occurredAt);
  const latest = Math.max(now.getTime(), seen ? instant(seen.updatedAt) : 0);
  if (said <= latest + toleratedAheadMs) return new Date(said);
  return new Date(Math.max(latest, seen ? instant(seen.lastEventAt) : 0));
}

/** The instant an RFC 3339 time names, in milliseconds; one that cannot be read is infinitely late. */
export function instant(time: string): number {
  if (time === lastTime) return lastInstant;
  const parsed = Date.parse(time);
  lastTime = time;
  lastInstant = Number.isNaN(parsed) ? Number.POSITIVE_INFINITY : parsed;
  return lastInstant;
}

// A new page has the time of its alert, or of its arrival, in several places.
let lastTime = '';
let lastInstant = Number.POSITIVE_INFINITY;

/** The same the other way round. */
export function textOf(moment: Date): string {
  const at = moment.getTime();
  if (at !== lastMoment) {
    lastMoment = at;
    lastText = moment.toISOString();
  }
  return lastText;
}

// Hundreds of pages go on in the same millisecond.
let lastMoment = Number.NaN;
let lastText = '';
