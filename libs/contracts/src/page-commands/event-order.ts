/** When an event of an alert happened, in milliseconds, and its alert record as `alertRecord` of its command. */
export interface Occurrence {
  readonly at: number;
  readonly record?: string | undefined;
}

/** The clocks of an alert's sources may differ by less than this. */
export const clockToleranceMs = 5 * 60_000;

/**
 * Returns whether one event of an alert is later than another.
 *
 * If their times differ by less than five minutes, and both have a record in the same partition, the later record is later; else
 * the later time.
 */
export function isLater(one: Occurrence, other: Occurrence): boolean {
  const apartMs = one.at - other.at;
  const records = Math.abs(apartMs) < clockToleranceMs ? offsetBetween(one.record, other.record) : undefined;
  return (records ?? apartMs) > 0;
}

/** Returns the later of two records in one partition; undefined if they are in different partitions, or one is not given. */
export function laterRecord(one: string | undefined, other: string | undefined): string | undefined {
  const between = offsetBetween(one, other);
  if (between === undefined) return undefined;
  return between > 0 ? one : other;
}

function offsetBetween(one: string | undefined, other: string | undefined): number | undefined {
  if (one === undefined || other === undefined) return undefined;
  const [end, otherEnd] = [one.lastIndexOf('/'), other.lastIndexOf('/')];
  if (one.slice(0, end) !== other.slice(0, otherEnd)) return undefined;
  return Number(one.slice(end + 1)) - Number(other.slice(otherEnd + 1));
}

/**
 * Returns the time of an event in milliseconds: the time that its source gives, unless that is ahead of its arrival by more than
 * clocks may differ. Without this limit, a recovery dated years ahead would silence its alert for good.
 */
export function timeOfEvent(occurredAt: string, arrivedAt: number): number {
  const claimed = Date.parse(occurredAt);
  return claimed <= arrivedAt + clockToleranceMs ? claimed : arrivedAt;
}
