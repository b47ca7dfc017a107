import type { Contract } from './contract.ts';
import type { IncomingRecord } from './event.ts';

/** Keys that begin so name nothing: tombstones are written under them, so that a quiet partition rolls its segments. */
export const reservedKeyPrefix = '~';

/** A record of a table, read. */
export type Entry<Data> =
  | { readonly kind: 'value'; readonly value: Data }
  | { readonly kind: 'deleted'; readonly value: null }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Reads a record of a compacted topic; never throws. A value under the key of another is unreadable too. */
export function entryOf<Data>(
  contract: Contract<Data>,
  record: IncomingRecord & { readonly key: Buffer | null },
  keyOf: (data: Data) => string,
): Entry<Data> {
  if (record.value === null) return { kind: 'deleted', value: null };
  const read = contract.dataOf(record);
  if (!read.ok) return { kind: 'unreadable', detail: `${read.reason}: ${read.detail}` };
  const { data } = read;
  return keyOf(data) === record.key?.toString('utf8')
    ? { kind: 'value', value: data }
    : { kind: 'unreadable', detail: 'its key does not fit its value' };
}
