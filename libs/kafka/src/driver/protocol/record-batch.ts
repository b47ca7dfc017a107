import type { ConsumedRecord } from '../../record.ts';
import { ByteReader } from './byte-reader.ts';
import { codecNameOf, decompress, tooLarge } from './codecs.ts';
import {
  type FetchedMessage,
  FetchedRecord,
  type RawBatch,
  type TopicPartition,
  UndecodableBatch,
} from './fetched-record.ts';

const currentMagic = 2;
/** The base offset and the length. */
const prefixBytes = 12;
const magicAt = 16;
/** The bytes of an empty batch after its length field. */
export const batchOverheadBytes = 49;
const codecBits = 0x07;
const control = 0x20;
const logAppendTime = 0x08;
// The cost of a record beside its bytes, in memory and work. Each header beyond the free ones costs the same.
const recordCostBytes = 256;
const freeHeaders = 32;

/** Returns the end of the batch at `start`, which may be beyond the bytes; undefined if its length is impossible. */
export function batchEndAt(bytes: Buffer, start: number): number | undefined {
  const length = bytes.readInt32BE(start + prefixBytes - 4);
  return length < batchOverheadBytes ? undefined : start + prefixBytes + length;
}

interface BatchHeader {
  readonly baseOffset: number;
  readonly lastOffset: number;
  readonly firstTimestamp: number;
  readonly maxTimestamp: number;
  /** The timestamp of all records, if the broker sets it. */
  readonly appendTime: number | undefined;
  readonly isControl: boolean;
  readonly codec: number;
  readonly count: number;
}

function readBatchHeader(reader: ByteReader): BatchHeader {
  const baseOffset = reader.int64();
  // Skips the length, the leader epoch, the magic and the checksum.
  reader.at += 13;
  const attributes = reader.int16();
  const lastOffset = baseOffset + Math.max(0, reader.int32());
  const firstTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  // Skips the id, epoch and sequence of the producer.
  reader.at += 14;
  return {
    baseOffset,
    lastOffset,
    firstTimestamp,
    maxTimestamp,
    appendTime: (attributes & logAppendTime) > 0 ? maxTimestamp : undefined,
    isControl: (attributes & control) > 0,
    codec: attributes & codecBits,
    count: reader.int32(),
  };
}

/**
 * Reads the record batch between `start` and `end`; returns the memory that it took beyond them. Never rejects.
 *
 * An UndecodableBatch replaces the records from the first one that is malformed or beyond the limit `maxBytes`; all of them
 * if the batch cannot be decompressed within it. The last message always has the last offset of the batch, even if
 * compaction removed that record: readers continue after it.
 */
export async function readBatch(
  bytes: Buffer,
  start: number,
  end: number,
  maxBytes: number,
  into: FetchedMessage[],
  source: TopicPartition = noTopic,
): Promise<number> {
  const reader = new ByteReader(bytes, start);
  const raw = bytes.subarray(start, end);
  if (bytes[start + magicAt] !== currentMagic || batchEndAt(bytes, start) !== end) {
    const baseOffset = reader.int64();
    const detail = 'it is not a record batch of Kafka 0.11 or later';
    into.push(new UndecodableBatch(baseOffset, 0, baseOffset, raw, 'unknown', detail));
    return 0;
  }
  const header = readBatchHeader(reader);
  const { baseOffset, codec, lastOffset, maxTimestamp } = header;
  const batch = { ...source, raw, codec: codecNameOf(codec) };
  const content = codec === 0 ? undefined : await decompress(codec, bytes.subarray(reader.at, end), maxBytes);
  const { nextOffset, takenBytes, detail } =
    typeof content === 'string'
      ? { nextOffset: baseOffset, takenBytes: 0, detail: content }
      : readRecords(
          header,
          content ? new ByteReader(content, 0) : reader,
          content?.length ?? end,
          maxBytes,
          into,
          batch,
        );
  if (detail !== undefined) {
    const first = Math.min(nextOffset, lastOffset);
    into.push(new UndecodableBatch(lastOffset, maxTimestamp, first, raw, batch.codec, detail));
  } else if (nextOffset <= lastOffset) {
    into.push(new FetchedRecord(lastOffset, maxTimestamp, emptyRecord, 0, true, batch));
  }
  return takenBytes;
}

interface Progress {
  readonly nextOffset: number;
  /** The memory of the records; of an uncompressed batch without their bytes, which are already in memory. */
  readonly takenBytes: number;
  readonly detail?: string;
}

function readRecords(
  header: BatchHeader,
  reader: ByteReader,
  limit: number,
  maxBytes: number,
  into: FetchedMessage[],
  batch: RawBatch,
): Progress {
  const { baseOffset, lastOffset, firstTimestamp, appendTime, isControl, count, codec } = header;
  let nextOffset = baseOffset;
  let takenBytes = codec === 0 ? 0 : limit;
  for (let i = 0; i < count; i += 1) {
    const length = reader.varint();
    const end = reader.at + length;
    if (!(end <= limit)) return { nextOffset, takenBytes, detail: 'a record ends after the batch' };
    // Skips the attributes, which are unused.
    reader.at += 1;
    const timestamp = firstTimestamp + reader.varint();
    const offset = baseOffset + reader.varint();
    const keyAt = reader.at;
    const headers = reader.skipContent(end);
    if (headers < 0 || !(offset >= nextOffset && offset <= lastOffset)) {
      return { nextOffset, takenBytes, detail: 'a record in it is malformed' };
    }
    const more = headers > freeHeaders ? recordCostBytes * (headers - freeHeaders + 1) : recordCostBytes;
    if (takenBytes + more > maxBytes) return { nextOffset, takenBytes, detail: tooLarge(maxBytes) };
    takenBytes += more;
    into.push(new FetchedRecord(offset, appendTime ?? timestamp, reader.bytes, keyAt, isControl, batch));
    nextOffset = offset + 1;
  }
  return { nextOffset, takenBytes };
}

/** The source of a batch that is not read from a topic. */
const noTopic: TopicPartition = { topic: '', partition: -1 };

/** A key and a value of null, and no headers. */
const emptyRecord = Buffer.from([1, 1, 0]);

export type BatchRecord = Omit<ConsumedRecord, 'topic' | 'partition'>;

export interface BatchContents {
  readonly records: readonly BatchRecord[];
  /** The offsets that cannot be read, and the cause; undefined if all records can be read. */
  readonly unread?: { readonly firstOffset: number; readonly lastOffset: number; readonly detail: string };
}

/** Reads a record batch, for example a parked one, up to `maxBytes`. Never rejects. */
export async function readRecordBatch(bytes: Buffer, maxBytes: number): Promise<BatchContents> {
  if (bytes.length <= magicAt) {
    return { records: [], unread: { firstOffset: 0, lastOffset: 0, detail: 'it is not a record batch' } };
  }
  const messages: FetchedMessage[] = [];
  await readBatch(bytes, 0, bytes.length, maxBytes, messages);
  const last = messages.at(-1);
  const records = messages.filter((each) => each instanceof FetchedRecord && !each.isControlRecord);
  if (!(last instanceof UndecodableBatch)) return { records };
  return { records, unread: { firstOffset: last.firstOffset, lastOffset: last.offset, detail: last.detail } };
}
