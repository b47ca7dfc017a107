import { PartitionLost } from './partition-lost.ts';
import { Waiters } from './waiters.ts';

/**
 * Publishes the outcomes of the writes of one partition, in their order, after the ledger holds them.
 *
 * One publish runs at a time and takes everything that was added meanwhile. The ledger does not wait for it: its states
 * list what was not published when the process dies, and the next owner publishes it.
 */
export class OutcomePublisher<T> {
  private waiting: T[] = [];
  private underWay = 0;
  private addedUpTo = 0;
  private readonly published = new Waiters();
  private running: Promise<void> | undefined;

  constructor(
    /** Rejects with PartitionLost only. */
    private readonly publish: (items: readonly T[]) => Promise<void>,
    /** `write`: the last one whose outcomes are all published. */
    private readonly onPublished: (items: readonly T[], write: number) => void,
  ) {}

  /** The last write whose outcomes are all published; 0: none. */
  get upTo(): number {
    return this.published.upTo;
  }

  get backlog(): number {
    return this.waiting.length + this.underWay;
  }

  /** To be called for each write, also for one without outcomes. */
  add(write: number, items: readonly T[]): void {
    for (const item of items) this.waiting.push(item);
    this.addedUpTo = write;
    this.running ??= this.publishAll();
  }

  /** Resolves once all outcomes of this write are published; rejects with PartitionLost. */
  publishedUpTo(write: number): Promise<unknown> {
    return this.published.reached(write);
  }

  async idle(): Promise<void> {
    await this.running;
  }

  lose(error: PartitionLost): void {
    this.published.lose(error);
  }

  private async publishAll(): Promise<void> {
    // `running` must be set before a publish that waits for nothing clears it.
    await null;
    try {
      while (this.published.upTo < this.addedUpTo) await this.publishWaiting();
    } catch (error) {
      // The ledger lists them for the next owner. Anything else is a bug and ends the process.
      if (!(error instanceof PartitionLost)) throw error;
    } finally {
      this.running = undefined;
    }
  }

  private async publishWaiting(): Promise<void> {
    const [items, upTo] = [this.waiting, this.addedUpTo];
    this.waiting = [];
    this.underWay = items.length;
    if (items.length > 0) await this.publish(items);
    this.underWay = 0;
    this.onPublished(items, upTo);
    this.published.reach(upTo);
  }
}
