import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import type { OutgoingRecord } from '../../record.ts';
import { ByteWriter } from './byte-writer.ts';
import { HeaderWriter } from './header-writer.ts';

/** The producer id and epoch by which a broker recognises a repetition; each partition counts its own sequence numbers. */
export interface ProducerIdentity {
  readonly producerId: string;
  readonly producerEpoch: number;
}

/** Consecutive records of one partition: one record batch in the log. */
export interface ProducePart {
  readonly topic: string;
  readonly partition: number;
  readonly identity: ProducerIdentity;
  readonly firstSequence: number;
  readonly records: readonly OutgoingRecord[];
}

export interface ProduceOptions {
  readonly compressed: boolean;
  /** How long the broker waits for its replicas before it answers REQUEST_TIMED_OUT for a partition. */
  readonly acknowledgeWithinMs: number;
}

const compress = promisify(zstdCompress);

const allReplicas = -1;
const zstd = 4;
const magic = 2;
let usualLength = 64 * 1024;

/** The room before the body that `encodeProduce` returns, for the header of the request. */
export const headroom = 256;

/**
 * The body of a produce request (version 3 to 7) with `acks=all`: the same bytes as kafkajs', without a buffer for every
 * header, record and batch. Records are compressed outside of the main thread.
 */
export async function encodeProduce(parts: readonly ProducePart[], options: ProduceOptions): Promise<Buffer> {
  const compressed = options.compressed ? new Map(await Promise.all(parts.map(compressedRecords))) : undefined;
  const topics = Map.groupBy(parts, ({ topic }) => topic);
  const to = new ByteWriter(usualLength);
  to.skip(headroom);
  to.string(null); // transactional id
  to.int16(allReplicas);
  to.int32(options.acknowledgeWithinMs);
  to.int32(topics.size);
  for (const [topic, ofTopic] of topics) {
    to.string(topic);
    to.int32(ofTopic.length);
    for (const part of ofTopic) writePart(to, part, compressed?.get(part));
  }
  usualLength = Math.max(64 * 1024, Math.ceil(to.length * 1.1));
  return to.written;
}

async function compressedRecords(part: ProducePart): Promise<[ProducePart, Buffer]> {
  const to = new ByteWriter(usualLength);
  writeRecords(to, part.records);
  return [part, await compress(to.written)];
}

function writePart(
  to: ByteWriter,
  { partition, identity, firstSequence, records }: ProducePart,
  compressed: Buffer | undefined,
): void {
  const now = BigInt(Date.now());
  to.int32(partition);
  const size = to.gap();
  const batch = to.length;
  to.int64(0n); // first offset: the broker gives it
  const length = to.gap();
  to.int32(0); // leader epoch
  to.int8(magic);
  const checksum = to.gap();
  const checked = to.length;
  to.int16(compressed ? zstd : 0);
  to.int32(records.length - 1);
  to.int64(now);
  to.int64(now);
  to.int64(BigInt(identity.producerId));
  to.int16(identity.producerEpoch);
  to.int32(firstSequence);
  to.int32(records.length);
  if (compressed) to.bytes(compressed);
  else writeRecords(to, records);
  to.fill(size, to.length - batch);
  to.fill(length, to.length - length - 4);
  to.fill(checksum, crc32c(to.written.subarray(checked)));
}

function writeRecords(to: ByteWriter, records: readonly OutgoingRecord[]): void {
  const headers = new HeaderWriter(to);
  for (let i = 0; i < records.length; i++) writeRecord(to, headers, i, records[i] as OutgoingRecord);
}

function writeRecord(to: ByteWriter, headerWriter: HeaderWriter, offsetDelta: number, record: OutgoingRecord): void {
  const start = to.open();
  to.int8(0); // attributes
  to.int8(0); // timestamp delta
  to.varint(offsetDelta);
  to.varintBytes(record.key);
  to.varintBytes(record.value);
  headerWriter.write(record.headers);
  to.close(start);
  headerWriter.written();
}
