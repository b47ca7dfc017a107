// The bounds of a Date, on either side of 1970.
const mostMs = 8.64e15;

/** RFC 3339, or the number where no Date can hold it: producers may write any number as the time of a record. */
export const isoOf = (ms: number): string => (Math.abs(ms) <= mostMs ? new Date(ms).toISOString() : String(ms));

/** The latest time at which a record can have been written, in milliseconds: its time, unless that is in the future. */
export const seenAt = ({ timestamp }: { readonly timestamp: number }, now: Date): number =>
  timestamp > 0 && timestamp <= now.getTime() ? timestamp : now.getTime();
