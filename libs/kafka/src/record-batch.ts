import { ByteReader } from './byte-reader.ts';
import { codecNameOf, decompress, tooLarge } from './codecs.ts';
import type { ConsumedHeaders, ConsumedRecord } from './record.ts';

const currentMagic = 2;
/** From the base offset to the length of what follows. */
const prefixBytes = 12;
const magicAt = 16;
/** A batch without records has these bytes after its length. */
export const batchOverheadBytes = 49;
const codecBits = 0x07;
const transactional = 0x10;
const control = 0x20;
const logAppendTime = 0x08;
// What a record costs beside its bytes, in memory and in work; so does each header beyond the first ones.
const recordCostBytes = 256;
const freeHeaders = 32;

interface BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
}

/**
 * A record as kafkajs hands it on, with numbers where kafkajs has texts of digits.
 *
 * Thousands of them wait for their turn, so each is no more than a place in the answer: key, value and headers are read
 * when they are asked for. That they lie within the record has been looked at before.
 */
export class FetchedRecord {
  constructor(
    readonly offset: number,
    readonly timestamp: number,
    private readonly bytes: Buffer,
    private readonly keyAt: number,
    readonly isControlRecord: boolean,
    readonly batchContext: BatchContext,
  ) {}

  get key(): Buffer | null {
    return new ByteReader(this.bytes, this.keyAt).block();
  }

  get value(): Buffer | null {
    const reader = new ByteReader(this.bytes, this.keyAt);
    reader.skipBlock();
    return reader.block();
  }

  get headers(): ConsumedHeaders {
    const reader = new ByteReader(this.bytes, this.keyAt);
    reader.skipBlock();
    reader.skipBlock();
    return reader.headers();
  }
}

/** Stands, at the batch's last offset, for the records of a batch that cannot be read. */
export class UndecodableBatch {
  readonly key = null;
  readonly value = null;
  readonly headers = {};
  readonly isControlRecord = false;
  readonly batchContext: BatchContext = { producerId: '-1', inTransaction: false };

  constructor(
    /** The last one of the batch. */
    readonly offset: number,
    readonly timestamp: number,
    /** The first one that cannot be read. */
    readonly firstOffset: number,
    /** The whole batch, as it stands in the log. */
    readonly raw: Buffer,
    readonly codec: string,
    /** Why, as one sentence without a subject. */
    readonly detail: string,
  ) {}
}

export const isUndecodable = (message: object): message is UndecodableBatch => message instanceof UndecodableBatch;

export type FetchedMessage = FetchedRecord | UndecodableBatch;

/** Where the batch at `start` ends, which may be after the bytes; undefined if its length is none that a batch can have. */
export function batchEndAt(bytes: Buffer, start: number): number | undefined {
  const length = bytes.readInt32BE(start + prefixBytes - 4);
  return length < batchOverheadBytes ? undefined : start + prefixBytes + length;
}

/**
 * Reads the record batch between `start` and `end`, and says what it took in memory beyond these bytes. Never rejects.
 *
 * For what cannot be read, by damage or because it takes more than `maxBytes`, there comes an UndecodableBatch. The last
 * offset is always that of the batch, also where the log cleaner has left nothing there, since readers go on from it.
 */
export async function readBatch(
  bytes: Buffer,
  start: number,
  end: number,
  maxBytes: number,
  into: FetchedMessage[],
): Promise<number> {
  const reader = new ByteReader(bytes, start);
  const baseOffset = reader.int64();
  if (bytes[start + magicAt] !== currentMagic || batchEndAt(bytes, start) !== end) {
    const detail = 'it is no record batch of Kafka 0.11 or later';
    into.push(new UndecodableBatch(baseOffset, 0, baseOffset, bytes.subarray(start, end), 'unknown', detail));
    return 0;
  }
  reader.at = start + magicAt + 5;
  const attributes = reader.int16();
  const lastOffset = baseOffset + Math.max(0, reader.int32());
  const firstTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  const context = { producerId: String(reader.int64()), inTransaction: (attributes & transactional) > 0 };
  reader.at += 6;
  const count = reader.int32();
  const codec = attributes & codecBits;
  const opened = codec === 0 ? undefined : await decompress(codec, bytes.subarray(reader.at, end), maxBytes);
  const records = opened ? new ByteReader(opened.bytes, 0) : reader;
  const limit = opened ? opened.bytes.length : end;
  const isControl = (attributes & control) > 0;
  const appendTime = (attributes & logAppendTime) > 0 ? maxTimestamp : undefined;
  let cost = opened ? opened.bytes.length : 0;
  let room = maxBytes;
  let nextOffset = baseOffset;
  let detail: string | undefined;
  for (let i = 0; i < count; i += 1) {
    const recordStart = records.at;
    const length = records.varint();
    const recordEnd = records.at + length;
    if (!(recordEnd <= limit)) {
      detail = opened?.fault ?? 'a record ends after the batch';
      break;
    }
    records.at += 1;
    const timestamp = firstTimestamp + records.varint();
    const offset = baseOffset + records.varint();
    const keyAt = records.at;
    const headers = records.skipContent(recordEnd);
    if (headers < 0 || !(offset >= nextOffset && offset <= lastOffset)) {
      detail = 'a record in it is malformed';
      break;
    }
    const extra = recordCostBytes * (1 + Math.max(0, headers - freeHeaders));
    room -= extra + (opened ? recordEnd - recordStart : 0);
    if (room < 0) {
      detail = tooLarge(maxBytes);
      break;
    }
    cost += extra;
    into.push(new FetchedRecord(offset, appendTime ?? timestamp, records.bytes, keyAt, isControl, context));
    nextOffset = offset + 1;
  }
  if (detail !== undefined) {
    const firstOffset = Math.min(nextOffset, lastOffset);
    const raw = bytes.subarray(start, end);
    into.push(new UndecodableBatch(lastOffset, maxTimestamp, firstOffset, raw, codecNameOf(codec), detail));
  } else if (nextOffset <= lastOffset) {
    into.push(new FetchedRecord(lastOffset, maxTimestamp, emptyRecord, 0, true, context));
  }
  return cost;
}

/** A key and a value of null, and no headers. */
const emptyRecord = Buffer.from([1, 1, 0]);

export type BatchRecord = Omit<ConsumedRecord, 'topic' | 'partition'>;

export interface BatchContents {
  readonly records: readonly BatchRecord[];
  /** The first offset that cannot be read, and why; undefined if all can. */
  readonly unread?: { readonly firstOffset: number; readonly lastOffset: number; readonly detail: string };
}

/** Opens a record batch as it stands in the log, such as one in the dead letters, up to `maxBytes`. Never rejects. */
export async function readRecordBatch(bytes: Buffer, maxBytes: number): Promise<BatchContents> {
  if (bytes.length <= magicAt) {
    return { records: [], unread: { firstOffset: 0, lastOffset: 0, detail: 'it is no record batch' } };
  }
  const messages: FetchedMessage[] = [];
  await readBatch(bytes, 0, bytes.length, maxBytes, messages);
  const last = messages.at(-1);
  const records = messages.filter((each) => each instanceof FetchedRecord && !each.isControlRecord);
  if (!(last instanceof UndecodableBatch)) return { records };
  return { records, unread: { firstOffset: last.firstOffset, lastOffset: last.offset, detail: last.detail } };
}
