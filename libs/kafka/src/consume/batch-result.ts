import type { Parked } from '../dead-letters/dead-letter.ts';
import type { RecordBatch } from '../record.ts';

/** Redelivers the records from `fromOffset` on after `afterMs` (0: at once); the records below it are committed. */
export interface Retry {
  readonly fromOffset: number;
  readonly afterMs: number;
  readonly cause: string;
}

/**
 * The result of a batch. The consumer writes the parked records to the dead letters before it commits the offset.
 *
 * A record at or above `retry.fromOffset` is not parked, because it is delivered again.
 */
export interface BatchResult {
  readonly parked?: readonly Parked[];
  readonly retry?: Retry;
}

export const done: BatchResult = Object.freeze({});

/**
 * Handles one batch. The next batch of the partition is delivered after this one.
 *
 * If the handler throws, the batch is delivered again with backoff, then record by record; the poison record is parked
 * as `handler-failed`. A retriable KafkaError means an outage of Kafka and parks nothing.
 */
export type BatchHandler = (batch: RecordBatch) => Promise<BatchResult>;
