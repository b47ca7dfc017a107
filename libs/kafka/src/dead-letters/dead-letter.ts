import {
  type DeadLetterReason,
  deadLetterTopicOf,
  isDeadLetterHeader,
  deadLetterHeaders as names,
} from '@pagebridge/vocabulary';
import type { RawBatch, UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import type { ConsumedHeaders, ConsumedRecord, HeaderValue, OutgoingRecord } from '../record.ts';

/** A record to write to `<topic>.dead`, with its original key, value and headers. */
export interface Parked {
  readonly offset: number;
  readonly reason: DeadLetterReason;
  readonly detail: string;
  /** The record is valid, and a replay sends it: it is a letter of its own, however many there are. */
  readonly isSound?: boolean;
}

export interface DeadLetter extends Omit<Parked, 'offset' | 'reason'> {
  /** A DeadLetterReason; the state of a page may have that of a newer version. */
  readonly reason: string;
  readonly record: ConsumedRecord;
  readonly attempts: number;
  readonly extraHeaders?: Readonly<Record<string, string>>;
}

/** Who parks a record, and when. */
export interface Parker {
  readonly group: string;
  readonly service: string;
  /** RFC 3339. */
  readonly failedAt: string;
}

export function deadLetterOf(letter: DeadLetter, by: Parker, partitions: number): OutgoingRecord {
  const { record, reason, detail, attempts, extraHeaders } = letter;
  const { topic, partition, offset, timestamp, key, value, headers } = record;
  return {
    topic: deadLetterTopicOf(topic),
    ...(partition < partitions ? { partition } : {}),
    key,
    value,
    headers: {
      ...writable(headers),
      [names.reason]: readable(reason),
      [names.detail]: readable(detail),
      [names.topic]: topic,
      [names.partition]: String(partition),
      [names.offset]: String(offset),
      [names.timestamp]: timeOf(timestamp),
      [names.group]: by.group,
      [names.service]: readable(by.service),
      [names.failedAt]: by.failedAt,
      [names.attempts]: String(attempts),
      ...extraHeaders,
    },
  };
}

/** Returns the dead letter of a batch that cannot be decoded; its value is the batch as it is in the log. */
export function letterOfBatch(topic: string, partition: number, batch: UndecodableBatch): DeadLetter {
  const { raw, codec, detail, firstOffset, timestamp } = batch;
  return {
    record: { topic, partition, offset: firstOffset, timestamp, key: null, value: raw, headers: {} },
    reason: 'undecodable-batch' satisfies DeadLetterReason,
    detail: `the batch from offset ${firstOffset} to ${batch.offset} cannot be decoded: ${detail}; to replay it, run \`pagebridge dead-letters replay --kafka --max-batch-mib\``,
    attempts: 1,
    extraHeaders: extentOf(codec, firstOffset, batch.offset),
  };
}

/** Returns one dead letter for those of a batch, in their order; its value is the batch as it is in the log. */
export function letterOfMany({ raw, codec }: RawBatch, letters: readonly DeadLetter[]): DeadLetter[] {
  const [first, last] = [letters[0], letters.at(-1)];
  if (!first || !last) return [];
  const { offset } = first.record;
  const detail = `${letters.length} records of this batch are dead letters, from offset ${offset} to ${last.record.offset}; the first: ${first.detail}`;
  return [
    {
      ...first,
      record: { ...placeOf(first.record), key: null, value: raw, headers: {} },
      detail,
      extraHeaders: { ...extentOf(codec, offset, last.record.offset), [names.letters]: String(letters.length) },
    },
  ];
}

const placeOf = ({ topic, partition, offset, timestamp }: ConsumedRecord) => ({ topic, partition, offset, timestamp });

const extentOf = (codec: string, first: number, last: number): Record<string, string> => ({
  [names.codec]: codec,
  [names.firstOffset]: String(first),
  [names.lastOffset]: String(last),
});

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
