import { backoffMs } from '../driver/client.ts';

export interface SearchBounds {
  /** Tries of a batch before it is narrowed, and of a single record before it is parked. */
  readonly attempts: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
}

export type NextStep = { readonly kind: 'retry'; readonly afterMs: number } | { readonly kind: 'park' };

/**
 * Finds the one record of a partition at which a handler throws: the batch is tried again, then halved until that record
 * stands alone.
 *
 * It is kept in memory: after a restart the search begins anew, since nothing past the record was committed.
 */
export class PoisonRecordSearch {
  /** How many records to hand over at once. */
  width = Number.POSITIVE_INFINITY;
  /** The last offset of a batch that threw. */
  private until = -1;
  private attempts = 0;

  constructor(private readonly bounds: SearchBounds) {}

  /** The handler has thrown at these offsets. Outages of Kafka do not count. */
  thrown(first: number, last: number, records: number): NextStep {
    const { attempts, firstBackoffMs, maxBackoffMs } = this.bounds;
    this.until = Math.max(this.until, last);
    this.attempts += 1;
    if (this.attempts < attempts) {
      this.width = records;
      return { kind: 'retry', afterMs: backoffMs(this.attempts, firstBackoffMs, maxBackoffMs) };
    }
    if (records === 1) {
      this.goOn(first, Number.POSITIVE_INFINITY);
      return { kind: 'park' };
    }
    // While the search narrows, each width is tried once; the single record gets all its attempts again.
    this.width = Math.ceil(records / 2);
    this.attempts = this.width === 1 ? 0 : attempts - 1;
    return { kind: 'retry', afterMs: backoffMs(1, firstBackoffMs, maxBackoffMs) };
  }

  /** Everything up to this offset, inclusive, is handled. */
  passed(last: number): void {
    this.goOn(last, this.width * 2);
  }

  // Past the failed range the search is over; within it the record is still ahead, and the steps may grow again.
  private goOn(last: number, width: number): void {
    const isOver = last >= this.until;
    this.width = isOver ? Number.POSITIVE_INFINITY : width;
    this.attempts = isOver ? 0 : this.bounds.attempts - 1;
    if (isOver) this.until = -1;
  }
}
