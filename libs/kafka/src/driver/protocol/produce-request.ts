import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import type { HeaderValue, OutgoingRecord } from '../../record.ts';
import { ByteWriter } from './byte-writer.ts';

/** The producer id and epoch by which a broker detects retries; each partition has its own sequence numbers. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/** Consecutive records of one partition that become one record batch in the log. */
export interface ProducePart {
  readonly topic: string;
  readonly partition: number;
  readonly identity: ProducerIdentity;
  readonly firstSequence: number;
  readonly records: readonly OutgoingRecord[];
}

export interface ProduceOptions {
  readonly compressed: boolean;
  /** How long the broker waits for its in-sync replicas before it answers REQUEST_TIMED_OUT for a partition. */
  readonly acknowledgeWithinMs: number;
}

const compress = promisify(zstdCompress);

const allReplicas = -1;
const zstd = 4;
const magic = 2;
const firstLength = 64 * 1024;

/**
 * Encodes the body of a produce request (versions 3 to 7) with `acks=all`: the same bytes as kafkajs, without a buffer
 * for every header, record and batch. Records are compressed outside of the main thread.
 */
export async function encodeProduce(parts: readonly ProducePart[], options: ProduceOptions): Promise<Buffer> {
  const compressed = options.compressed ? new Map(await Promise.all(parts.map(compressedRecords))) : undefined;
  const topics = Map.groupBy(parts, ({ topic }) => topic);
  const writer = new ByteWriter(firstLength);
  writer.string(null); // transactional id
  writer.int16(allReplicas);
  writer.int32(options.acknowledgeWithinMs);
  writer.int32(topics.size);
  for (const [topic, ofTopic] of topics) {
    writer.string(topic);
    writer.int32(ofTopic.length);
    for (const part of ofTopic) writePart(writer, part, compressed?.get(part));
  }
  return writer.written;
}

async function compressedRecords(part: ProducePart): Promise<[ProducePart, Buffer]> {
  const writer = new ByteWriter(firstLength);
  writeRecords(writer, part.records);
  return [part, await compress(writer.written)];
}

function writePart(
  writer: ByteWriter,
  { partition, identity, firstSequence, records }: ProducePart,
  compressed: Buffer | undefined,
): void {
  const now = BigInt(Date.now());
  writer.int32(partition);
  const size = writer.gap();
  const batch = writer.length;
  writer.int64(0n); // base offset: the broker assigns it
  const length = writer.gap();
  writer.int32(0); // leader epoch
  writer.int8(magic);
  const checksum = writer.gap();
  const checked = writer.length;
  writer.int16(compressed ? zstd : 0);
  writer.int32(records.length - 1);
  writer.int64(now);
  writer.int64(now);
  writer.int64(BigInt(identity.producerId));
  writer.int16(identity.producerEpoch);
  writer.int32(firstSequence);
  writer.int32(records.length);
  if (compressed) writer.bytes(compressed);
  else writeRecords(writer, records);
  writer.fill(size, writer.length - batch);
  writer.fill(length, writer.length - length - 4);
  writer.fill(checksum, crc32c(writer.written.subarray(checked)));
}

function writeRecords(writer: ByteWriter, records: readonly OutgoingRecord[]): void {
  for (let i = 0; i < records.length; i++) writeRecord(writer, i, records[i] as OutgoingRecord);
}

function writeRecord(writer: ByteWriter, offsetDelta: number, record: OutgoingRecord): void {
  const start = writer.open();
  writer.int8(0); // attributes
  writer.int8(0); // timestamp delta
  writer.varint(offsetDelta);
  writer.varintBytes(record.key);
  writer.varintBytes(record.value);
  writeHeaders(writer, record.headers);
  writer.close(start);
}

function writeHeaders(writer: ByteWriter, headers: OutgoingRecord['headers']): void {
  let count = 0;
  for (const name in headers) count += numberOf(headers[name]);
  writer.varint(count);
  for (const name in headers) {
    const values = headers[name];
    for (const value of Array.isArray(values) ? values : [values]) {
      writer.varintBytes(name);
      writer.varintBytes(value ?? '');
    }
  }
}

const numberOf = (value: HeaderValue): number => (Array.isArray(value) ? value.length : 1);
