import type { Label } from './letter.ts';

/** A filter of dead letters, as the options give it; an omitted field does not restrict. */
export interface Selection {
  readonly reason?: readonly string[];
  /** Milliseconds since the epoch: parked at or after `since`, before `until`. */
  readonly since?: number;
  readonly until?: number;
  /** The whole key, or a prefix followed by `*`. */
  readonly recordKey?: string;
  readonly partition?: number;
  readonly offset?: number;
  /** The names of single letters. */
  readonly names?: ReadonlySet<string>;
}

export const isSelected = (
  label: Label,
  { reason, since, until, recordKey, partition, offset, names }: Selection,
): boolean =>
  (reason === undefined || reason.includes(label.reason)) &&
  (since === undefined || label.failedAt >= since) &&
  (until === undefined || label.failedAt < until) &&
  isKey(label.key, recordKey) &&
  (partition === undefined || label.place.partition === partition) &&
  (offset === undefined || label.place.offset === offset) &&
  (names === undefined || names.has(label.name));

/** Returns whether `key` is the wanted key, or begins with the wanted prefix. */
export function isKey(key: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted.endsWith('*') ? key.startsWith(wanted.slice(0, -1)) : key === wanted;
}
