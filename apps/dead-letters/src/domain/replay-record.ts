import { replayedAtHeader, replayedFromHeader } from '@pagebridge/contracts';
import type { Letter } from './letter.ts';

export type HeaderValue = Buffer | string | (Buffer | string)[];

export interface ReplayRecord {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly partition?: number;
}

// A header without a value cannot be written; an empty one can.
const writable = (value: Buffer | string | null | undefined): Buffer | string => value ?? Buffer.alloc(0);

/** The record as it was before it was parked: key, bytes, headers and partition, with the marks of a replay. */
export function replayOf({ record, topic, name, origin }: Letter, now: Date): ReplayRecord {
  const headers: Record<string, HeaderValue> = {};
  for (const [header, value] of Object.entries(record.headers)) {
    if (header.startsWith('x-dlq-')) continue;
    headers[header] = Array.isArray(value) ? value.map(writable) : writable(value);
  }
  return {
    topic,
    key: record.key,
    value: record.value,
    headers: { ...headers, [replayedFromHeader]: name, [replayedAtHeader]: now.toISOString() },
    // Where its alert's other records stand, whatever partitioner their producer uses.
    ...(origin.partition === undefined ? {} : { partition: origin.partition }),
  };
}
