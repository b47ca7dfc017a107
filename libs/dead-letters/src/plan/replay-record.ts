import { forceNewPageHeader, type IncomingRecord, replayedAtHeader, replayedFromHeader } from '@pagebridge/contracts';
import { isDeadLetterHeader } from '@pagebridge/vocabulary';
import type { RecordInBatch } from '../letters/batch.ts';
import type { Label } from '../letters/letter.ts';

export type HeaderValue = Buffer | string | (Buffer | string)[];

export interface ReplayRecord {
  readonly topic: string;
  readonly key: Buffer | null;
  readonly value: Buffer | null;
  readonly headers: Readonly<Record<string, HeaderValue>>;
  readonly partition?: number;
}

/** Returns the original key, bytes, headers and partition, with the headers that mark a replay. */
export function replayOf(
  { topic, name, origin }: Label,
  record: Pick<RecordInBatch, 'key' | 'value' | 'headers'>,
  { now, forceNewPage }: { readonly now: Date; readonly forceNewPage: boolean },
): ReplayRecord {
  // A replay that was parked again has dead-letter headers and the mark of the former replay. kafkajs cannot write null headers.
  const headers = Object.entries(record.headers)
    .filter(([header]) => !isDeadLetterHeader(header) && header !== forceNewPageHeader)
    .map(([header, value]) => [header, withoutNulls(value)] as const);
  return {
    topic,
    key: record.key,
    value: record.value,
    headers: {
      ...Object.fromEntries(headers),
      [replayedFromHeader]: name,
      [replayedAtHeader]: now.toISOString(),
      ...(forceNewPage ? { [forceNewPageHeader]: 'true' } : {}),
    },
    // The partition of the original keeps the order of its alert, whatever partitioner the producer uses.
    ...(origin.partition === undefined ? {} : { partition: origin.partition }),
  };
}

function withoutNulls(value: IncomingRecord['headers'][string] | null): HeaderValue {
  const values = [value].flat().map((each) => each ?? Buffer.alloc(0));
  return Array.isArray(value) ? values : (values[0] ?? Buffer.alloc(0));
}
