import type { Label } from './letter.ts';

/** A filter of dead letters; an omitted field does not restrict. */
export interface Selection {
  readonly reasons?: readonly string[];
  /** Milliseconds since the epoch: parked at or after `since`, before `until`. */
  readonly since?: number;
  readonly until?: number;
  /** The whole key, or a prefix followed by `*`. */
  readonly key?: string;
  readonly partition?: number;
  readonly offset?: number;
}

export function isSelected(label: Label, { reasons, since, until, key, partition, offset }: Selection): boolean {
  return (
    (reasons === undefined || reasons.includes(label.reason)) &&
    (since === undefined || label.failedAt >= since) &&
    (until === undefined || label.failedAt < until) &&
    isKey(label.key, key) &&
    (partition === undefined || label.place.partition === partition) &&
    (offset === undefined || label.place.offset === offset)
  );
}

/** Returns whether `key` is the wanted key, or begins with the wanted prefix. */
export function isKey(key: string, wanted: string | undefined): boolean {
  if (wanted === undefined) return true;
  return wanted.endsWith('*') ? key.startsWith(wanted.slice(0, -1)) : key === wanted;
}
