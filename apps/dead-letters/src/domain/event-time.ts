const toleratedAheadMs = 5 * 60_000;

/**
 * When an event counts as having happened, in milliseconds: what its source says, but not later than it was seen.
 *
 * As delivery has it: a recovery dated years ahead would else silence its alert for good.
 */
export function eventTime(occurredAt: string, seenAt: number): number {
  const said = Date.parse(occurredAt);
  return said <= seenAt + toleratedAheadMs ? said : seenAt;
}
