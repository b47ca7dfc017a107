import type { Contract } from './contract.ts';
import type { IncomingRecord } from './event.ts';

/** The prefix of reserved keys: tombstones with such keys only make a quiet partition roll its segments. */
export const reservedKeyPrefix = '~';

export type Entry<Data> =
  | { readonly kind: 'value'; readonly value: Data }
  | { readonly kind: 'deleted'; readonly value: null }
  | { readonly kind: 'unreadable'; readonly detail: string };

/** Decodes a record of a compacted topic; never throws. A value whose key does not match is also unreadable. */
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
    : { kind: 'unreadable', detail: 'its key does not match its value' };
}
