import { createHash } from 'node:crypto';
import { headerText, type IncomingRecord, type StoredRecord as Stored } from '@pagebridge/contracts';
import { momentText } from '@pagebridge/vocabulary';

/** A record of a topic as it was read, in bytes. */
export interface StoredRecord extends Stored {
  readonly key: Buffer | null;
  readonly value: Buffer | null;
}

/** Returns the time as RFC 3339, or as the plain number if no Date can hold it: producers may write any timestamp. */
export const isoOf = (ms: number): string => momentText(ms) ?? String(ms);

/** Returns when a record was written, in milliseconds: its timestamp, or `now` if the timestamp is invalid or ahead. */
export const seenAt = ({ timestamp }: { readonly timestamp: number }, now: Date): number =>
  timestamp > 0 && timestamp <= now.getTime() ? timestamp : now.getTime();

/** Returns the number in a header; undefined if it is no valid offset or size. */
export function countIn(record: IncomingRecord, name: string): number | undefined {
  const text = headerText(record, name);
  return text !== undefined && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/** Returns a hash of the key and the value of a record; a null and an empty value differ. */
export function fingerprintOf({ key, value }: Pick<StoredRecord, 'key' | 'value'>): string {
  const hash = createHash('sha256');
  for (const bytes of [key, value]) hash.update(`${bytes?.length ?? 'null'}:`).update(bytes ?? '');
  return hash.digest('base64');
}
