import type { RecordBatch } from '../record.ts';

/** A record nobody can deal with: it goes to `<topic>.dead` with its original key, bytes and headers. */
export interface Parked {
  readonly offset: number;
  /** A word from a closed list of the service, such as `not-json`. */
  readonly reason: string;
  /** One sentence for a human. */
  readonly detail: string;
  /** Nothing is wrong with the record, and no producer can make many such: it is kept whole, beyond any rate. */
  readonly isSound?: boolean;
}

/** Everything from `fromOffset` on is delivered again after `afterMs`, 0: at once; what is below is committed. */
export interface Retry {
  readonly fromOffset: number;
  readonly afterMs: number;
  readonly cause: string;
}

/**
 * What became of a batch: parked records are written to the dead letters first, then the offset is committed.
 *
 * A record at or above `retry.fromOffset` is not parked now: it comes again.
 */
export interface BatchResult {
  readonly parked?: readonly Parked[];
  readonly retry?: Retry;
}

/** Everything in the batch is dealt with. */
export const done: BatchResult = Object.freeze({});

/**
 * Deals with one batch; the next one of that partition waits for it.
 *
 * A throw means a bug or an outage: the batch is delivered again with backoff, and after some attempts in ever
 * smaller parts until the one record that throws stands alone, which is parked as `handler-failed`. An error of this
 * library (KafkaError) never parks anything.
 */
export type BatchHandler = (batch: RecordBatch) => Promise<BatchResult>;
