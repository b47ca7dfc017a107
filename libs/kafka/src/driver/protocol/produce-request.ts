import { promisify } from 'node:util';
import { zstdCompress } from 'node:zlib';
import { crc32c } from '@node-rs/crc32';
import type { Message } from 'kafkajs';
import { ByteWriter } from './byte-writer.ts';
import { HeaderWriter } from './header-writer.ts';

/** What kafkajs gives the encoder of a produce request, as far as this one uses it. */
export interface ProduceRequest {
  readonly transactionalId?: string | null | undefined;
  readonly acks: number;
  readonly timeout: number;
  readonly producerId?: { toString(): string } | undefined;
  readonly producerEpoch?: number | undefined;
  readonly compression?: number | undefined;
  readonly topicData: readonly TopicData[];
}

interface TopicData {
  readonly topic: string;
  readonly partitions: readonly PartitionData[];
}

interface PartitionData {
  readonly partition: number | string;
  readonly firstSequence?: number | undefined;
  /** Of this partition alone; kafkajs knows only that of the whole request. */
  readonly producerId?: { toString(): string } | undefined;
  readonly producerEpoch?: number | undefined;
  readonly messages: readonly Message[];
  readonly compressedRecords?: Buffer;
}

const compress = promisify(zstdCompress);

/** The number of zstd in a batch. */
const zstd = 4;
const magic = 2;
const transactionalMask = 16;
let usualLength = 64 * 1024;

/** How many bytes stand before the body in what `encodeProduce` answers: room for the header of the request. */
export const headroom = 256;

/**
 * The body of a produce request from version 3 on, byte for byte as kafkajs writes it, without a buffer for every
 * header, record and batch.
 *
 * Takes records uncompressed, or as `compressed` gives them.
 */
export function encodeProduce(request: ProduceRequest): Buffer {
  const to = new ByteWriter(usualLength);
  to.skip(headroom);
  to.string(request.transactionalId ?? null);
  to.int16(request.acks);
  to.int32(request.timeout);
  to.int32(request.topicData.length);
  for (const { topic, partitions } of request.topicData) {
    to.string(topic);
    to.int32(partitions.length);
    for (const part of partitions) writePartition(to, request, part);
  }
  usualLength = Math.max(64 * 1024, Math.ceil(to.length * 1.1));
  return to.written;
}

/** The request with the records of each partition compressed beside the main thread, where it asks for that. */
export async function compressed(request: ProduceRequest): Promise<ProduceRequest> {
  if (!request.compression) return request;
  const ofPartition = async (part: PartitionData) => {
    const to = new ByteWriter(usualLength);
    writeRecords(to, part.messages);
    return { ...part, compressedRecords: await compress(to.written) };
  };
  const ofTopic = async ({ topic, partitions }: TopicData) => ({
    topic,
    partitions: await Promise.all(partitions.map(ofPartition)),
  });
  return { ...request, topicData: await Promise.all(request.topicData.map(ofTopic)) };
}

/** Whether they can write it: without compression or with zstd, and dated now. */
export const isPlain = ({ compression = 0, topicData }: ProduceRequest): boolean =>
  (compression === 0 || compression === zstd) &&
  topicData.every(({ partitions }) =>
    partitions.every(({ messages }) => messages.every(({ timestamp }) => timestamp === undefined)),
  );

function writePartition(
  to: ByteWriter,
  request: ProduceRequest,
  { partition, messages, firstSequence, compressedRecords, ...own }: PartitionData,
) {
  const now = BigInt(Date.now());
  to.int32(Number(partition));
  const size = to.gap();
  const batch = to.length;
  to.int64(0n); // first offset: the broker gives it
  const length = to.gap();
  to.int32(0); // leader epoch
  to.int8(magic);
  const checksum = to.gap();
  const checked = to.length;
  to.int16((request.compression ?? 0) | (request.transactionalId ? transactionalMask : 0));
  to.int32(messages.length - 1);
  to.int64(now);
  to.int64(now);
  to.int64(BigInt((own.producerId ?? request.producerId ?? -1).toString()));
  to.int16(own.producerEpoch ?? request.producerEpoch ?? 0);
  to.int32(firstSequence ?? 0);
  to.int32(messages.length);
  if (compressedRecords) to.bytes(compressedRecords);
  else writeRecords(to, messages);
  to.fill(size, to.length - batch);
  to.fill(length, to.length - length - 4);
  to.fill(checksum, crc32c(to.written.subarray(checked)));
}

function writeRecords(to: ByteWriter, messages: readonly Message[]): void {
  const headers = new HeaderWriter(to);
  for (let i = 0; i < messages.length; i++) writeRecord(to, headers, i, messages[i] as Message);
}

function writeRecord(to: ByteWriter, headerWriter: HeaderWriter, offsetDelta: number, message: Message): void {
  const { key = null, value, headers = {} } = message;
  const start = to.open();
  to.int8(0); // attributes
  to.int8(0); // timestamp delta
  to.varint(offsetDelta);
  to.varintBytes(key);
  to.varintBytes(value);
  headerWriter.write(headers);
  to.close(start);
  headerWriter.settled();
}
