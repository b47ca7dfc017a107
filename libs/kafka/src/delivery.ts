import type { Delivery } from './accumulator.ts';
import { DeliveryTimeoutError } from './errors.ts';
import type { OutgoingRecord } from './record.ts';

/** One publish() call on its way: settles when the last record is acknowledged, the first is refused, or time is up. */
export class PendingDelivery implements Delivery {
  readonly deadline: number;
  readonly settles: Promise<void>;
  private readonly resolvers = Promise.withResolvers<void>();
  private readonly timer: NodeJS.Timeout;
  private readonly names = new Set<string>();
  private count = 0;
  private remaining = 0;
  private isWhole = false;
  private isSettled = false;

  constructor(timeoutMs: number, lastFailure: () => unknown) {
    this.deadline = Date.now() + timeoutMs;
    this.settles = this.resolvers.promise;
    this.timer = setTimeout(
      () => this.reject(new DeliveryTimeoutError(this.topics, timeoutMs, lastFailure())),
      timeoutMs,
    );
  }

  get settled(): boolean {
    return this.isSettled;
  }

  get topics(): readonly string[] {
    return [...this.names];
  }

  /** How many records it is of, as far as they are known. */
  get records(): number {
    return this.count;
  }

  /** These belong to it too. */
  add(records: readonly OutgoingRecord[]): void {
    for (const { topic } of records) this.names.add(topic);
    this.count += records.length;
    this.remaining += records.length;
  }

  /** No more records come. */
  whole(): void {
    this.isWhole = true;
    this.resolveIfDone();
  }

  acknowledged(): void {
    this.remaining -= 1;
    this.resolveIfDone();
  }

  /** Nothing of it is sent any more, except what is on its way. */
  reject(error: unknown): void {
    if (this.isSettled) return;
    this.settle();
    this.resolvers.reject(error);
  }

  private resolveIfDone(): void {
    if (!this.isWhole || this.remaining > 0 || this.isSettled) return;
    this.settle();
    this.resolvers.resolve();
  }

  private settle(): void {
    this.isSettled = true;
    clearTimeout(this.timer);
  }
}
