const toleratedAheadMs = 5 * 60_000;

/**
 * The time of an event in milliseconds, as in page-delivery: what its source says, but not later than it was seen. A
 * recovery dated years ahead would otherwise silence its alert for good.
 */
export function eventTime(occurredAt: string, seenAt: number): number {
  const said = Date.parse(occurredAt);
  return said <= seenAt + toleratedAheadMs ? said : seenAt;
}
