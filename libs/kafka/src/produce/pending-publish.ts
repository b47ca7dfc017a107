import { DeliveryTimeoutError, KafkaError, type RefusedRecord } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';

export interface PendingPublishOptions {
  /** Infinity: no timeout, only `signal` can end the publish. */
  readonly timeoutMs: number;
  readonly signal?: AbortSignal | undefined;
  /** Returns why the records are not written yet; called at the timeout. */
  readonly causeOf: (topics: readonly string[]) => unknown;
}

/** A publish that is over when each of its records is acknowledged or refused, or when it is given up. */
export class PendingPublish {
  /** Resolves with the records that Kafka will never accept; rejects if the publish is given up. */
  readonly refused: Promise<readonly RefusedRecord[]>;
  readonly records: number;
  readonly topics: readonly string[];
  /** The time of the call, in ms of the steady clock. */
  readonly since = performance.now();
  private readonly resolvers = Promise.withResolvers<readonly RefusedRecord[]>();
  private readonly timer: NodeJS.Timeout | undefined;
  private readonly refusals: RefusedRecord[] = [];
  private remaining: number;
  private over = false;

  // A publish holds no reference to its records. Timers and signals link finished publishes to later ones: as long as
  // one of them is not collected, the records of the later ones would stay in memory.
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

  /** Whether its records are no longer sent; a request in flight may still reach the broker. */
  get isOver(): boolean {
    return this.over;
  }

  acknowledge(): void {
    this.remaining -= 1;
    this.endIfDone();
  }

  /** Records that Kafka will never accept this record; the other records stay pending. */
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

  private readonly abort = (): void => this.giveUp(new KafkaError('KAFKA.ABORTED', true, 'The publish was aborted'));

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
