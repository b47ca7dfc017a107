import { momentText } from '@pagebridge/vocabulary';

/** Returns the time as RFC 3339, or as the plain number if no Date can hold it: producers may write any timestamp. */
export const isoOf = (ms: number): string => momentText(ms) ?? String(ms);

/** Returns when a record was written, in milliseconds: its timestamp, or `now` if the timestamp is invalid or ahead. */
export const seenAt = ({ timestamp }: { readonly timestamp: number }, now: Date): number =>
  timestamp > 0 && timestamp <= now.getTime() ? timestamp : now.getTime();
