// What a Date can hold, on either side of 1970.
const mostMs = 8.64e15;

/** RFC 3339, or the bare number where it is no moment: a producer may write any number as the time of a record. */
export const isoOf = (ms: number): string => (Math.abs(ms) <= mostMs ? new Date(ms).toISOString() : String(ms));

/** When a record can have been written at the latest, in milliseconds: its time says it, unless that cannot be. */
export const seenAt = ({ timestamp }: { readonly timestamp: number }, now: Date): number =>
  timestamp > 0 && timestamp <= now.getTime() ? timestamp : now.getTime();
