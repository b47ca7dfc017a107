import { ByteReader } from './byte-reader.ts';
import { type FetchedMessage, type TopicPartition } from './fetched-record.ts';
import { batchEndAt, batchOverheadBytes, readBatch } from './record-batch.ts';

export interface FetchedPartition {
  readonly partition: number;
  errorCode: number;
  readonly highWatermark: string;
  readonly messages: FetchedMessage[];
}

/** The bytes that are left for the batches of one answer. */
interface BatchBudget {
  readonly maxBatchBytes: number;
  left: number;
}

export interface FetchAnswer {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

/** An open transaction would hide all records behind it, for up to 15 minutes. */
export const readUncommitted = 0;
/** What a record batch may take when it is decompressed. */
export const defaultMaxDecompressedBytes = 64 * 1024 * 1024;

/**
 * Reads an answer to a fetch (version 11) in one pass. No content of a record batch makes it reject.
 *
 * The next fetch brings a record batch again that is cut off by the bound of the answer, and those that follow once the
 * answer takes more than `maxBatchBytes` in memory. The first batch is always read, and each fetch begins with another
 * partition.
 */
export async function readFetchResponse(bytes: Buffer, maxBatchBytes: number) {
  const reader = new ByteReader(bytes, 0);
  const budget = { maxBatchBytes, left: maxBatchBytes };
  const clientSideThrottleTime = reader.int32();
  // The error and the id of a session, which no fetch here has.
  reader.at += 6;
  const responses: { topicName: string; partitions: FetchedPartition[] }[] = [];
  for (let topics = reader.int32(); topics > 0; topics -= 1) {
    const topicName = reader.text();
    const partitions: FetchedPartition[] = [];
    for (let count = reader.int32(); count > 0; count -= 1) {
      partitions.push(await readPartition(reader, topicName, budget));
    }
    responses.push({ topicName, partitions });
  }
  // The broker has not throttled this request: it expects the client to do so.
  return { clientSideThrottleTime, responses };
}

async function readPartition(reader: ByteReader, topic: string, budget: BatchBudget): Promise<FetchedPartition> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = String(reader.int64());
  // The last stable and the first offset.
  reader.at += 16;
  // A reader of uncommitted records is told of no aborted transactions. What follows them is the preferred replica.
  const aborted = Math.max(0, reader.int32());
  reader.at += 16 * aborted + 4;
  const size = Math.max(0, reader.int32());
  const { at, bytes } = reader;
  const messages = await readRecords(bytes, at, at + size, budget, { topic, partition });
  reader.at = at + size;
  return { partition, errorCode, highWatermark, messages };
}

async function readRecords(bytes: Buffer, start: number, end: number, budget: BatchBudget, from: TopicPartition) {
  const messages: FetchedMessage[] = [];
  for (let at = start; end - at >= batchOverheadBytes && budget.left > 0; ) {
    // A batch with an impossible length ends with the answer.
    const next = batchEndAt(bytes, at) ?? end;
    if (next > end) break;
    budget.left -= await readBatch(bytes, at, next, budget.maxBatchBytes, messages, from);
    at = next;
  }
  return messages;
}
