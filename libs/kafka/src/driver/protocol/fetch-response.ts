import { ByteReader } from './byte-reader.ts';
import { type FetchedMessage, type TopicPartition } from './fetched-record.ts';
import { batchEndAt, batchOverheadBytes, readBatch } from './record-batch.ts';

export interface FetchedPartition {
  readonly partition: number;
  errorCode: number;
  readonly highWatermark: string;
  readonly messages: FetchedMessage[];
}

/** The memory that is left for the batches of one answer, in bytes. */
interface BatchBudget {
  readonly maxBatchBytes: number;
  left: number;
}

export interface FetchAnswer {
  readonly responses: readonly { readonly topicName: string; readonly partitions: readonly FetchedPartition[] }[];
}

/** The isolation level: with read_committed, an open transaction would hide later records for up to 15 minutes. */
export const readUncommitted = 0;
/** The default limit for a decompressed record batch. */
export const defaultMaxDecompressedBytes = 64 * 1024 * 1024;

/**
 * Reads an answer to a fetch (version 11) in one pass. The contents of a record batch never make it reject.
 *
 * A record batch that is cut off at the end of the answer is left for the next fetch, and so are all batches after the
 * answer has taken `maxBatchBytes` of memory. The first batch is always read, and each fetch begins with another
 * partition.
 */
export async function readFetchResponse(bytes: Buffer, maxBatchBytes: number) {
  const reader = new ByteReader(bytes, 0);
  const budget = { maxBatchBytes, left: maxBatchBytes };
  const clientSideThrottleTime = reader.int32();
  // Skips the error and the id of a fetch session, which our fetches do not use.
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
  // The broker has not delayed its answer: it expects the client to throttle itself.
  return { clientSideThrottleTime, responses };
}

async function readPartition(reader: ByteReader, topic: string, budget: BatchBudget): Promise<FetchedPartition> {
  const partition = reader.int32();
  const errorCode = reader.int16();
  const highWatermark = String(reader.int64());
  // Skips the last stable offset and the log start offset.
  reader.at += 16;
  // Skips the aborted transactions, which a fetch of uncommitted records does not have, and the preferred replica.
  const aborted = Math.max(0, reader.int32());
  reader.at += 16 * aborted + 4;
  const size = Math.max(0, reader.int32());
  const { at, bytes } = reader;
  const messages = await readRecords(bytes, at, at + size, budget, { topic, partition });
  reader.at = at + size;
  return { partition, errorCode, highWatermark, messages };
}

async function readRecords(bytes: Buffer, start: number, end: number, budget: BatchBudget, source: TopicPartition) {
  const messages: FetchedMessage[] = [];
  for (let at = start; end - at >= batchOverheadBytes && budget.left > 0; ) {
    // A batch with an impossible length ends where the records of its partition end.
    const next = batchEndAt(bytes, at) ?? end;
    if (next > end) break;
    budget.left -= await readBatch(bytes, at, next, budget.maxBatchBytes, messages, source);
    at = next;
  }
  return messages;
}
