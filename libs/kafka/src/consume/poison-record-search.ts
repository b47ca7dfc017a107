import { backoffMs } from '../driver/client.ts';

export interface SearchBounds {
  /** Tries of a batch before it is narrowed, and of a single record before it is parked. */
  readonly attempts: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
}

export type NextStep =
  | { readonly kind: 'retry'; readonly afterMs: number; readonly attempts: number }
  | { readonly kind: 'park'; readonly attempts: number };

interface Search {
  /** The last offset of a batch that threw. */
  readonly until: number;
  readonly width: number;
  readonly attempts: number;
}

/**
 * Finds the one record at which a handler throws: the batch is tried again, then halved until that record stands alone.
 *
 * It is kept in memory: after a restart the search begins anew, since nothing past the record was committed.
 */
export class PoisonRecordSearch {
  private readonly searches = new Map<string, Search>();

  constructor(private readonly bounds: SearchBounds) {}

  widthOf(partition: string): number {
    return this.searches.get(partition)?.width ?? Number.POSITIVE_INFINITY;
  }

  /** The handler has thrown at these offsets. Outages of Kafka do not count. */
  thrown(partition: string, first: number, last: number, records: number): NextStep {
    const before = this.searches.get(partition);
    const until = Math.max(last, before?.until ?? -1);
    const attempts = (before?.attempts ?? 0) + 1;
    const exhausted = attempts >= this.bounds.attempts;
    if (exhausted && records === 1) {
      this.goOn(partition, until, first, Number.POSITIVE_INFINITY);
      return { kind: 'park', attempts };
    }
    // While the search narrows, each width is tried once; the single record gets all its attempts again.
    const width = exhausted ? Math.ceil(records / 2) : records;
    const next = !exhausted ? attempts : width === 1 ? 0 : this.bounds.attempts - 1;
    this.searches.set(partition, { until, width, attempts: next });
    const afterMs = backoffMs(exhausted ? 1 : attempts, this.bounds.firstBackoffMs, this.bounds.maxBackoffMs);
    return { kind: 'retry', afterMs, attempts };
  }

  /** Everything up to this offset, inclusive, is handled. */
  passed(partition: string, last: number): void {
    const search = this.searches.get(partition);
    if (search) this.goOn(partition, search.until, last, search.width * 2);
  }

  forget(partition: string): void {
    this.searches.delete(partition);
  }

  // Past the failed range the search is over; within it the record is still ahead, and the steps may grow again.
  private goOn(partition: string, until: number, last: number, width: number): void {
    if (last >= until) this.searches.delete(partition);
    else this.searches.set(partition, { until, width, attempts: this.bounds.attempts - 1 });
  }
}
