const toleratedAheadMs = 5 * 60_000;

/**
 * Returns the time of an event in milliseconds, as page-delivery computes it: the time that the source gives, capped by
 * the time at which the event was seen. Without the cap, a recovery dated years ahead would silence its alert for good.
 */
export function eventTime(occurredAt: string, seenAt: number): number {
  const claimed = Date.parse(occurredAt);
  return claimed <= seenAt + toleratedAheadMs ? claimed : seenAt;
}
