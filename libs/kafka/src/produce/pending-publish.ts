import { DeliveryTimeoutError, KafkaError, type RefusedRecord } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';

export interface PendingPublishOptions {
  /** Infinity: no timeout, only the `signal` gives it up. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Why its records are not written yet; called at the timeout. */
  readonly causeOf: (topics: readonly string[]) => unknown;
}

/** A publish, until each of its records is acknowledged or refused, or it is given up. */
export class PendingPublish {
  /** Resolves with the records that Kafka will never take; rejects if the publish is given up. */
  readonly refused: Promise<readonly RefusedRecord[]>;
  readonly records: number;
  readonly topics: readonly string[];
  /** When it began, by the steady clock, in ms. */
  readonly since = performance.now();
  private readonly resolvers = Promise.withResolvers<readonly RefusedRecord[]>();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly refusals: RefusedRecord[] = [];
  private remaining: number;
  private over = false;

  // It does not hold the records: timers and signals link finished publishes to younger ones, and would keep them alive.
  constructor(
    records: readonly OutgoingRecord[],
    private readonly options: PendingPublishOptions,
  ) {
    const { timeoutMs, signal } = options;
    this.records = records.length;
    this.topics = [...new Set(records.map(({ topic }) => topic))];
    this.remaining = records.length;
    this.refused = this.resolvers.promise;
    if (timeoutMs !== Number.POSITIVE_INFINITY) this.timer = setTimeout(this.expire, timeoutMs);
    if (signal?.aborted) this.abort();
    else signal?.addEventListener('abort', this.abort, { once: true });
  }

  /** Nothing of it is sent any more; a running request may still arrive. */
  get isOver(): boolean {
    return this.over;
  }

  acknowledge(): void {
    this.remaining -= 1;
    this.endIfDone();
  }

  /** Kafka will never take this one; the others go on. */
  refuse(record: OutgoingRecord, detail: string): void {
    this.refusals.push({ record, detail });
    this.remaining -= 1;
    this.endIfDone();
  }

  giveUp(error: unknown): void {
    if (this.over) return;
    this.end();
    this.resolvers.reject(error);
  }

  private readonly expire = (): void => {
    const { timeoutMs, causeOf } = this.options;
    this.giveUp(new DeliveryTimeoutError(this.topics, timeoutMs, causeOf(this.topics)));
  };

  private readonly abort = (): void => {
    this.giveUp(new KafkaError('KAFKA.ABORTED', true, 'The publish was aborted'));
  };

  private endIfDone(): void {
    if (this.remaining > 0 || this.over) return;
    this.end();
    this.resolvers.resolve(this.refusals);
  }

  private end(): void {
    this.over = true;
    clearTimeout(this.timer);
    this.options.signal?.removeEventListener('abort', this.abort);
  }
}
