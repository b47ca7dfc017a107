import { backoffMs } from '../driver/client.ts';

export interface SearchBounds {
  /** The number of attempts for a batch before it is halved, and for a single record before it is parked. */
  readonly attempts: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
}

export type NextStep = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'park' };

/**
 * Finds the poison record of a partition: the batch is retried, then halved until that record is alone.
 *
 * The state is only in memory: after a restart the search starts again, since no offset past the record was committed.
 */
export class PoisonRecordSearch {
  /** The maximum number of records to deliver at once. */
  width = Number.POSITIVE_INFINITY;
  /** The last offset of the batches that failed. */
  private lastFailed = -1;
  private attempts = 0;

  constructor(private readonly bounds: SearchBounds) {}

  /** Records that the handler threw at these offsets. Not to be called for outages of Kafka. */
  failed(first: number, last: number, records: number): NextStep {
    const { attempts, firstBackoffMs, maxBackoffMs } = this.bounds;
    this.lastFailed = Math.max(this.lastFailed, last);
    this.attempts += 1;
    if (this.attempts < attempts) {
      this.width = records;
      return { kind: 'retry', afterMs: backoffMs(this.attempts, firstBackoffMs, maxBackoffMs) };
    }
    if (records === 1) {
      this.advance(first, Number.POSITIVE_INFINITY);
      return { kind: 'park' };
    }
    // Each halved batch gets one attempt; the single record at the end gets all attempts again.
    this.width = Math.ceil(records / 2);
    this.attempts = this.width === 1 ? 0 : attempts - 1;
    return { kind: 'retry', afterMs: backoffMs(1, firstBackoffMs, maxBackoffMs) };
  }

  /** Records that all records up to this offset, inclusive, are handled. */
  succeeded(last: number): void {
    this.advance(last, this.width * 2);
  }

  // Past the failed range the search is over. Within it the poison record is still ahead, and the width may grow again.
  private advance(last: number, width: number): void {
    const isOver = last >= this.lastFailed;
    this.width = isOver ? Number.POSITIVE_INFINITY : width;
    this.attempts = isOver ? 0 : this.bounds.attempts - 1;
    if (isOver) this.lastFailed = -1;
  }
}
