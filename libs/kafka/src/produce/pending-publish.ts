import { DeliveryTimeoutError, KafkaError, RecordsRefusedError, type RefusedRecord } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';

export interface DeliveryOptions {
  /** Infinity: it waits for as long as it takes, or until `signal` is aborted. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Why its records are not written yet; asked when its time is up. */
  readonly causeOf: (topics: readonly string[]) => unknown;
}

/**
 * One publish() call on its way: settles when each of its records is acknowledged or refused, or when it is given up.
 */
export class Delivery {
  readonly settles: Promise<void>;
  /** How many records it is of. */
  readonly records: number;
  readonly topics: readonly string[];
  private readonly resolvers = Promise.withResolvers<void>();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly refused: RefusedRecord[] = [];
  private remaining: number;
  private isSettled = false;

  // It does not keep the records: timers and signals link deliveries that are over to younger ones, and what one of them
  // keeps outlives many collections.
  constructor(
    records: readonly OutgoingRecord[],
    private readonly options: DeliveryOptions,
  ) {
    const { timeoutMs, signal } = options;
    this.records = records.length;
    this.topics = [...new Set(records.map(({ topic }) => topic))];
    this.remaining = records.length;
    this.settles = this.resolvers.promise;
    if (timeoutMs !== Number.POSITIVE_INFINITY) this.timer = setTimeout(this.expire, timeoutMs);
    if (signal?.aborted) this.abort();
    else signal?.addEventListener('abort', this.abort, { once: true });
  }

  /** Nothing of it is sent any more, except what is on its way. */
  get settled(): boolean {
    return this.isSettled;
  }

  acknowledged(): void {
    this.remaining -= 1;
    this.settleIfDone();
  }

  /** Kafka will never take this one; the others go on. */
  refuse(record: OutgoingRecord, detail: string): void {
    this.refused.push({ record, detail });
    this.remaining -= 1;
    this.settleIfDone();
  }

  reject(error: unknown): void {
    if (this.isSettled) return;
    this.settle();
    this.resolvers.reject(error);
  }

  private readonly expire = (): void => {
    const { timeoutMs, causeOf } = this.options;
    this.reject(new DeliveryTimeoutError(this.topics, timeoutMs, causeOf(this.topics)));
  };

  private readonly abort = (): void => {
    this.reject(new KafkaError('KAFKA.ABORTED', true, 'The publish was aborted'));
  };

  private settleIfDone(): void {
    if (this.remaining > 0 || this.isSettled) return;
    this.settle();
    if (this.refused.length > 0) this.resolvers.reject(new RecordsRefusedError(this.refused));
    else this.resolvers.resolve();
  }

  private settle(): void {
    this.isSettled = true;
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener('abort', this.abort);
  }
}
