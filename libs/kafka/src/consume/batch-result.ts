import type { RecordBatch } from '../record.ts';

/** A record that goes to `<topic>.dead`, with its original key, bytes and headers. */
export interface Parked {
  readonly offset: number;
  /** A word from a closed list of the service, such as `not-json`. */
  readonly reason: string;
  readonly detail: string;
  /** The record is valid, and no producer can make many such: it is kept whole, beyond any rate. */
  readonly isSound?: boolean;
}

/** Delivers everything from `fromOffset` on again after `afterMs` (0: at once); what is below is committed. */
export interface Retry {
  readonly fromOffset: number;
  readonly afterMs: number;
  readonly cause: string;
}

/**
 * The result of a batch: first the parked records are written to the dead letters, then the offset is committed.
 *
 * A record at or above `retry.fromOffset` is not parked: it is delivered again.
 */
export interface BatchResult {
  readonly parked?: readonly Parked[];
  readonly retry?: Retry;
}

export const done: BatchResult = Object.freeze({});

/**
 * Handles one batch; the next one of that partition waits for it.
 *
 * A throw means a bug or an outage: the batch is delivered again with backoff, then in ever smaller parts until the record
 * that throws stands alone, and is parked as `handler-failed`. A retriable KafkaError parks nothing.
 */
export type BatchHandler = (batch: RecordBatch) => Promise<BatchResult>;
