import type { Delivery } from './accumulator.ts';
import { DeliveryTimeoutError, type KafkaError } from './errors.ts';
import type { OutgoingRecord } from './record.ts';

/** One publish() call on its way: settles when the last record is acknowledged, the first is refused, or time is up. */
export class PendingDelivery implements Delivery {
  readonly deadline: number;
  readonly settles: Promise<void>;
  private readonly resolvers = Promise.withResolvers<void>();
  private readonly timer: NodeJS.Timeout;
  private remaining: number;
  private isSettled = false;

  constructor(records: readonly OutgoingRecord[], timeoutMs: number, lastFailure: () => unknown) {
    this.remaining = records.length;
    this.deadline = Date.now() + timeoutMs;
    this.settles = this.resolvers.promise;
    this.timer = setTimeout(() => {
      const topics = [...new Set(records.map(({ topic }) => topic))];
      this.reject(new DeliveryTimeoutError(topics, timeoutMs, lastFailure()));
    }, timeoutMs);
  }

  get settled(): boolean {
    return this.isSettled;
  }

  acknowledged(): void {
    this.remaining -= 1;
    if (this.remaining > 0 || this.isSettled) return;
    this.settle();
    this.resolvers.resolve();
  }

  reject(error: KafkaError): void {
    if (this.isSettled) return;
    this.settle();
    this.resolvers.reject(error);
  }

  private settle(): void {
    this.isSettled = true;
    clearTimeout(this.timer);
  }
}
