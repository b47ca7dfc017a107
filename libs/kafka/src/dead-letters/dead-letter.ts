import { deadLetterTopicOf, isDeadLetterHeader, deadLetterHeaders as names } from '@pagebridge/vocabulary';
import type { UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import type { ConsumedHeaders, ConsumedRecord, HeaderValue, OutgoingRecord } from '../record.ts';

/** A record to write to `<topic>.dead`, with its original key, value and headers. */
export interface Parked {
  readonly offset: number;
  /** A reason code from a closed list of the service, such as `not-json`. */
  readonly reason: string;
  readonly detail: string;
  /** The record is valid, and no producer can cause many of its kind: it is stored whole, without a rate limit. */
  readonly isSound?: boolean;
  /**
   * The record is valid, and one of a flood: the beginning of the keys of the flood. Floods have a rate of their own;
   * beyond it, the records of a flood in a batch share a stub that has this beginning as its key.
   */
  readonly floodOf?: string;
}

export interface DeadLetter extends Omit<Parked, 'offset'> {
  readonly record: ConsumedRecord;
  readonly attempts: number;
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

export interface Failure {
  readonly topic: string;
  readonly partition: number;
  readonly offset: number;
  readonly timestamp?: number;
  readonly reason: string;
  readonly detail: string;
  readonly attempts: number;
  readonly group: string;
  readonly service: string;
  /** RFC 3339. */
  readonly failedAt: string;
}

/** Who parks a record, and when. */
export type Parker = Pick<Failure, 'group' | 'service' | 'failedAt'>;

export const failureHeaders = ({ timestamp, ...failure }: Failure): Record<string, string> => ({
  [names.reason]: readable(failure.reason),
  [names.detail]: readable(failure.detail),
  [names.topic]: failure.topic,
  [names.partition]: String(failure.partition),
  [names.offset]: String(failure.offset),
  ...(timestamp === undefined ? {} : { [names.timestamp]: timeOf(timestamp) }),
  [names.group]: failure.group,
  [names.service]: readable(failure.service),
  [names.failedAt]: failure.failedAt,
  [names.attempts]: String(failure.attempts),
});

export function deadLetterOf(letter: DeadLetter, by: Parker, partitions: number): OutgoingRecord {
  const { key, value, headers } = letter.record;
  const empty = emptyLetterOf(letter, by, partitions);
  return { ...empty, key, value, headers: { ...writable(headers), ...empty.headers } };
}

export function emptyLetterOf(letter: DeadLetter, by: Parker, partitions: number): OutgoingRecord {
  const { record, reason, detail, attempts, extraHeaders } = letter;
  const { topic, partition, offset, timestamp } = record;
  return {
    topic: deadLetterTopicOf(topic),
    ...(partition < partitions ? { partition } : {}),
    key: null,
    value: null,
    headers: {
      ...failureHeaders({ topic, partition, offset, timestamp, reason, detail, attempts, ...by }),
      ...extraHeaders,
    },
  };
}

/** Returns the dead letter of a batch that cannot be decoded; its value is the batch as it is in the log. */
export function letterOfBatch(topic: string, partition: number, batch: UndecodableBatch): DeadLetter {
  const { raw, codec, detail, firstOffset, timestamp } = batch;
  return {
    record: { topic, partition, offset: firstOffset, timestamp, key: null, value: raw, headers: {} },
    reason: 'undecodable-batch',
    detail: `the batch from offset ${firstOffset} to ${batch.offset} cannot be read: ${detail}; \`pagebridge dead-letters replay --max-batch-mib\` opens it`,
    attempts: 1,
    extraHeaders: {
      [names.codec]: codec,
      [names.firstOffset]: String(firstOffset),
      [names.lastOffset]: String(batch.offset),
    },
  };
}

const maxDetailLength = 1024;

/** Truncates text for a header, and escapes all but printable ASCII, because people read it on consoles. */
export const readable = (text: string): string =>
  text
    .slice(0, maxDetailLength)
    .replace(/[^\x20-\x7e]/g, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);

// Producers may write any number as a timestamp.
const timeOf = (ms: number): string => (Math.abs(ms) <= 8.64e15 ? new Date(ms).toISOString() : BigInt(ms).toString());

// A header without a value cannot be written, so it becomes empty. Dead-letter headers of the producer are dropped,
// because they would look like ours.
const writable = (headers: ConsumedHeaders): Record<string, HeaderValue> =>
  Object.fromEntries(
    Object.entries(headers)
      .filter(([name]) => !isDeadLetterHeader(name))
      .map(([name, value]) => {
        const values = [value].flat().map((each) => each ?? Buffer.alloc(0));
        return [name, Array.isArray(value) ? values : values[0]];
      }),
  );
