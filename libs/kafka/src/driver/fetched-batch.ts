import type { EachBatchPayload } from 'kafkajs';
import type { FetchedMessage } from './protocol/fetched-record.ts';

export interface Offsets {
  readonly topics: { readonly topic: string; readonly partitions: { partition: number; offset: string }[] }[];
}

/** Returns the offsets one by one. */
export const eachOf = ({ topics }: Offsets): { topic: string; partition: number; offset: string }[] =>
  topics.flatMap(({ topic, partitions }) => partitions.map((its) => ({ topic, ...its })));

/** A fetched batch of one partition. Records that are not resolved are fetched again. */
export interface FetchedBatch {
  readonly topic: string;
  readonly partition: number;
  /** Never empty. */
  readonly messages: readonly FetchedMessage[];
  /** The offset of the last record, also if it is a control record after the messages. */
  readonly lastOffset: number;
  readonly highWatermark: number;
  /** Returns whether the position has changed since the fetch, or the partition is no longer owned. */
  isStale(): boolean;
  heartbeat(): Promise<void>;
  /** Makes the next fetch start after this offset. */
  resolve(offset: number): void;
  commit(offsets: Offsets): Promise<void>;
}

/** The end of a fetched batch: `records` are without control records, `lag` is what the partition has after it. */
export interface BatchEnd {
  readonly topic: string;
  readonly partition: number;
  readonly lastOffset: number;
  readonly records: number;
  readonly lag: number;
}

export const fetchedBatch = (payload: EachBatchPayload): FetchedBatch => ({
  topic: payload.batch.topic,
  partition: payload.batch.partition,
  // These are the messages of our decoder, not of kafkajs.
  messages: payload.batch.messages as readonly object[] as readonly FetchedMessage[],
  lastOffset: Number(payload.batch.lastOffset()),
  highWatermark: Number(payload.batch.highWatermark),
  isStale: payload.isStale,
  heartbeat: payload.heartbeat,
  resolve: (offset) => payload.resolveOffset(String(offset)),
  commit: payload.commitOffsetsIfNecessary,
});
