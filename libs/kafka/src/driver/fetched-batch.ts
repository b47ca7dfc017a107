import type { EachBatchPayload } from 'kafkajs';
import type { FetchedMessage } from './protocol/fetched-record.ts';

export interface Offsets {
  readonly topics: { readonly topic: string; readonly partitions: { partition: number; offset: string }[] }[];
}

/** A fetched batch of one partition; it is fetched again until it is resolved. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  /** Never empty. */
  readonly messages: readonly FetchedMessage[];
  /** Control records may follow the messages: the offset of the last one. */
  readonly lastOffset: number;
  readonly highWatermark: number;
  /** The position was moved meanwhile, or the partition is not owned any more. */
  isStale(): boolean;
  heartbeat(): Promise<void>;
  /** The next fetch goes on behind this offset. */
  resolve(offset: number): void;
  commit(offsets: Offsets): Promise<void>;
}

export const fetchedBatch = (payload: EachBatchPayload): FetchedBatch => ({
  topic: payload.batch.topic,
  partition: payload.batch.partition,
  // What our decoder has made, not kafkajs'.
  messages: payload.batch.messages as readonly object[] as readonly FetchedMessage[],
  lastOffset: Number(payload.batch.lastOffset()),
  highWatermark: Number(payload.batch.highWatermark),
  isStale: payload.isStale,
  heartbeat: payload.heartbeat,
  resolve: (offset) => payload.resolveOffset(String(offset)),
  commit: payload.commitOffsetsIfNecessary,
});
