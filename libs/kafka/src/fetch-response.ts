import { createRequire } from 'node:module';
import type { HeaderValue } from './record.ts';

const require = createRequire(import.meta.url);
const { lookupCodecByAttributes } = require('kafkajs/src/protocol/message/compression') as {
  lookupCodecByAttributes: (attributes: number) => { decompress(bytes: Buffer): Promise<Buffer> } | null;
};

const currentMagic = 2;
const batchOverheadBytes = 49;
const transactional = 0x10;
const control = 0x20;
const logAppendTime = 0x08;

interface BatchContext {
  readonly producerId: string;
  readonly inTransaction: boolean;
}

/**
 * A record as kafkajs hands it on, with numbers where kafkajs has texts of digits.
 *
 * Thousands of them wait for their turn, so each is no more than a place in the answer: key, value and headers are read
 * when they are asked for.
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
    return new Reader(this.bytes, this.keyAt).block();
  }

  get value(): Buffer | null {
    const reader = new Reader(this.bytes, this.keyAt);
    reader.skipBlock();
    return reader.block();
  }

  get headers(): Record<string, HeaderValue> {
    const reader = new Reader(this.bytes, this.keyAt);
    reader.skipBlock();
    reader.skipBlock();
    return reader.headers();
  }
}

export interface FetchedPartition {
  readonly partition: number;
  readonly errorCode: number;
  readonly highWatermark: string;
  readonly lastStableOffset: string;
  readonly lastStartOffset: string;
  readonly abortedTransactions: { readonly producerId: string; readonly firstOffset: string }[];
  readonly preferredReadReplica: number;
  readonly messages: FetchedRecord[];
}

/**
 * Reads an answer to a fetch (version 11) in one pass; undefined if it holds records of a format before Kafka 0.11.
 *
 * A record batch that is cut off by the answer's bound comes again with the next fetch.
 */
export async function readFetchResponse(bytes: Buffer) {
  const reader = new Reader(bytes, 0);
  const clientSideThrottleTime = reader.int32();
  const errorCode = reader.int16();
  const sessionId = reader.int32();
  const responses: { topicName: string; partitions: FetchedPartition[] }[] = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    const topicName = reader.text();
    const partitions: FetchedPartition[] = [];
    for (let count = reader.int32(); count > 0; count -= 1) {
      const partition = await readPartition(reader);
      if (!partition) return undefined;
      partitions.push(partition);
    }
    responses.push({ topicName, partitions });
  }
  // The broker has not throttled this request; it expects the client to do so.
  return { throttleTime: 0, clientSideThrottleTime, errorCode, sessionId, responses };
}

async function readPartition(reader: Reader): Promise<FetchedPartition | undefined> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = String(reader.int64());
  const lastStableOffset = String(reader.int64());
  const lastStartOffset = String(reader.int64());
  const abortedTransactions: FetchedPartition['abortedTransactions'] = [];
  for (let count = reader.int32(); count > 0; count -= 1) {
    abortedTransactions.push({ producerId: String(reader.int64()), firstOffset: String(reader.int64()) });
  }
  const preferredReadReplica = reader.int32();
  const end = reader.at + 4 + Math.max(0, reader.int32());
  const messages: FetchedRecord[] = [];
  while (end - reader.at >= batchOverheadBytes) {
    const next = reader.at + 12 + reader.bytes.readInt32BE(reader.at + 8);
    if (reader.bytes[reader.at + 16] !== currentMagic) return undefined;
    if (next > end) break;
    await readBatch(reader, next, messages);
    reader.at = next;
  }
  reader.at = end;
  return {
    partition,
    errorCode,
    highWatermark,
    lastStableOffset,
    lastStartOffset,
    abortedTransactions,
    preferredReadReplica,
    messages,
  };
}

async function readBatch(reader: Reader, end: number, into: FetchedRecord[]): Promise<void> {
  const baseOffset = reader.int64();
  reader.at += 13;
  const attributes = reader.int16();
  reader.at += 4;
  const firstTimestamp = reader.int64();
  const maxTimestamp = reader.int64();
  const context = { producerId: String(reader.int64()), inTransaction: (attributes & transactional) > 0 };
  reader.at += 6;
  const count = reader.int32();
  const codec = lookupCodecByAttributes(attributes);
  const records = codec ? new Reader(await codec.decompress(reader.bytes.subarray(reader.at, end)), 0) : reader;
  const isControl = (attributes & control) > 0;
  const appendTime = (attributes & logAppendTime) > 0 ? maxTimestamp : undefined;
  for (let i = 0; i < count; i += 1) {
    const length = records.varint();
    const recordEnd = records.at + length;
    records.at += 1;
    const timestamp = firstTimestamp + records.varint();
    const offset = baseOffset + records.varint();
    into.push(new FetchedRecord(offset, appendTime ?? timestamp, records.bytes, records.at, isControl, context));
    records.at = recordEnd;
  }
}

/** Header names are the same from record to record: the last ones, by their place. */
const names: { readonly bytes: Buffer; readonly text: string }[] = [];

class Reader {
  constructor(
    readonly bytes: Buffer,
    public at: number,
  ) {}

  int16(): number {
    this.at += 2;
    return this.bytes.readInt16BE(this.at - 2);
  }

  int32(): number {
    this.at += 4;
    return this.bytes.readInt32BE(this.at - 4);
  }

  /** Offsets, times and ids stay below 2^53. */
  int64(): number {
    const high = this.int32();
    return high * 2 ** 32 + (this.int32() >>> 0);
  }

  text(): string {
    const length = Math.max(0, this.int16());
    this.at += length;
    return this.bytes.toString('utf8', this.at - length, this.at);
  }

  varint(): number {
    const first = this.bytes[this.at++] ?? 0;
    if (first < 128) return (first >>> 1) ^ -(first & 1);
    let value = first & 127;
    let factor = 128;
    for (let byte = 128; byte >= 128; factor *= 128) {
      byte = this.bytes[this.at++] ?? 0;
      value += (byte & 127) * factor;
    }
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  block(): Buffer | null {
    const length = this.varint();
    if (length < 0) return null;
    this.at += length;
    return this.bytes.subarray(this.at - length, this.at);
  }

  skipBlock(): void {
    const length = this.varint();
    this.at += Math.max(0, length);
  }

  headers(): Record<string, HeaderValue> {
    const headers: Record<string, HeaderValue> = {};
    const count = this.varint();
    for (let i = 0; i < count; i += 1) {
      const name = this.headerName(i);
      const value = this.block() as Buffer;
      const former = Object.hasOwn(headers, name) ? headers[name] : undefined;
      if (former !== undefined) headers[name] = Array.isArray(former) ? [...former, value] : [former, value];
      // Names come from outside, and assigning this one would set no header.
      else if (name === '__proto__') Object.defineProperty(headers, name, { value, enumerable: true, writable: true });
      else headers[name] = value;
    }
    return headers;
  }

  private headerName(place: number): string {
    const length = this.varint();
    const start = this.at;
    this.at += length;
    const known = names[place];
    if (known && known.bytes.length === length && known.bytes.compare(this.bytes, start, this.at) === 0)
      return known.text;
    const text = this.bytes.toString('utf8', start, this.at);
    if (place < 32 && length < 64) names[place] = { text, bytes: Buffer.from(this.bytes.subarray(start, this.at)) };
    return text;
  }
}
