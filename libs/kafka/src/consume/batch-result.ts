import type { RecordBatch } from '../record.ts';

/** A record to write to `<topic>.dead`, with its original key, value and headers. */
export interface Parked {
  readonly offset: number;
  /** A reason code from a closed list of the service, such as `not-json`. */
  readonly reason: string;
  readonly detail: string;
  /** The record is valid, and no producer can cause many of its kind: it is stored whole, without a rate limit. */
  readonly isSound?: boolean;
  /**
   * The record is valid, and one of a flood: the beginning of the keys of the flood. Floods have a rate of their own;
   * beyond it, the records of a flood in a batch share a stub that has this beginning as its key.
   */
  readonly floodOf?: string;
}

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
