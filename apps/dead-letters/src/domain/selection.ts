import type { Letter } from './letter.ts';

/** Which dead letters are meant; what is left out restricts nothing. */
export interface Selection {
  readonly reasons?: readonly string[];
  /** Milliseconds since the epoch: parked at or after `since`, before `until`. */
  readonly since?: number;
  readonly until?: number;
  /** The whole key, or its beginning followed by `*`. */
  readonly key?: string;
  readonly partition?: number;
  readonly offset?: number;
}

export function isSelected(letter: Letter, { reasons, since, until, key, partition, offset }: Selection): boolean {
  return (
    (reasons === undefined || reasons.includes(letter.reason)) &&
    (since === undefined || letter.failedAt >= since) &&
    (until === undefined || letter.failedAt < until) &&
    (key === undefined || matches(letter.key, key)) &&
    (partition === undefined || letter.record.partition === partition) &&
    (offset === undefined || letter.record.offset === offset)
  );
}

const matches = (key: string, wanted: string): boolean =>
  wanted.endsWith('*') ? key.startsWith(wanted.slice(0, -1)) : key === wanted;
