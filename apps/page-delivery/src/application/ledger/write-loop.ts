import type { Lease } from '../lease.ts';
import { type Clock, type Log, NotWritten } from '../ports.ts';
import { LedgerBusy, PartitionLost } from './partition-lost.ts';

const checkMs = 250;
// A page whose write takes longer frees the slot of its lane.
const slowAfterMs = 1000;
const timeoutMs = 60_000;

// For so long a write that nobody waits for may wait for others to share it.
const shareMs = 100;

/** A write, and whether it is over in time for who does not wait for a slow one. All who wait for it share both. */
interface Write {
  readonly write: () => Promise<void>;
  readonly over: PromiseWithResolvers<void>;
  inTime: PromiseWithResolvers<boolean>;
  isUrgent: boolean;
}

/**
 * The writes of one kind for a partition: one at a time, each with all that was added since the last one.
 *
 * Sends nothing without the lease, since another process may own the partition. The publisher retries a write without
 * end. When the lease ends the write is aborted, and it is made again once this process has the lease again.
 */
export class WriteLoop {
  private running: Promise<void> | undefined;
  private writing: Write | undefined;
  private next: Write | undefined;
  private begunAt = 0;
  /** The running handlers that wait, each with the time since when. */
  private readonly handlers = new Map<(error: Error) => void, number>();
  private sending = new AbortController();
  private isWatched = false;
  lost = false;

  constructor(
    private readonly partition: number,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly lease: Pick<Lease, 'mayWrite'>,
  ) {}

  /** Begins the write that waits for others. Resolves once no write is left; returns undefined if there is none. */
  flush(): Promise<void> | undefined {
    if (this.next && !this.lost) this.begin(this.next);
    return this.running;
  }

  /** Whether the present write is slow. */
  get isHeldUp(): boolean {
    return this.writing !== undefined && this.clock.elapsedMs() - this.begunAt >= slowAfterMs;
  }

  /**
   * Requests a write after the present one: `write` takes all that was added before it begins, and sends it. A write that
   * is not urgent may wait for others to share it.
   */
  request(write: () => Promise<void>, isUrgent: boolean): void {
    if (!this.next) {
      const next = { write, over: Promise.withResolvers<void>(), inTime: Promise.withResolvers<boolean>(), isUrgent };
      this.next = next;
      if (!isUrgent) this.clock.after(shareMs, () => this.next === next && this.begin(next));
    }
    if (isUrgent) this.begin(this.next);
  }

  /** Resolves once all is written that was added; rejects with PartitionLost. */
  async written(): Promise<void> {
    if (this.lost) throw new PartitionLost(this.partition);
    if (this.next) this.begin(this.next);
    await (this.next ?? this.writing)?.over.promise;
  }

  /** Like `written`, but resolves with false while a write is slow. */
  async writtenInTime(): Promise<boolean> {
    if (this.isHeldUp) return false;
    if (this.lost) throw new PartitionLost(this.partition);
    if (this.next) this.begin(this.next);
    return (this.next ?? this.writing)?.inTime.promise ?? true;
  }

  /**
   * Waits for a running handler, since a rebalance waits for it: rejects with PartitionLost when the lease ends, and with
   * LedgerBusy after a minute.
   */
  async withTimeout(written: Promise<void>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.handlers.set(reject, this.clock.elapsedMs());
    this.watch();
    await Promise.race([promise, written]).finally(() => this.handlers.delete(reject));
  }

  /** Resolves with the result of the write; rejects with PartitionLost, and with an unexpected error: a bug. */
  async send<R>(write: (signal: AbortSignal) => Promise<R>): Promise<R> {
    this.watch();
    for (; !this.lost; await new Promise<void>((resolve) => void this.clock.after(checkMs, resolve))) {
      if (!this.lease.mayWrite()) continue;
      try {
        const result = await write(this.sending.signal);
        if (!this.lost) return result;
      } catch (error) {
        if (!(error instanceof NotWritten)) throw error;
        // Any part may be written. No caller acts on a partial write: all wait until everything is durable.
        this.log.warn({ partition: this.partition, error: String(error) }, 'ledger write abandoned');
      }
    }
    throw new PartitionLost(this.partition);
  }

  lose(): void {
    this.lost = true;
    const lost = new PartitionLost(this.partition);
    for (const write of [this.writing, this.next]) {
      for (const waited of write ? [write.over, write.inTime] : []) {
        // Whoever waits for it gets the rejection; nobody may.
        waited.promise.catch(() => undefined);
        waited.reject(lost);
      }
    }
    this.endLease();
  }

  private begin(next: Write): void {
    next.isUrgent = true;
    // An unexpected rejection (a bug) ends the process; the next owner continues from the written states.
    this.running ??= this.run();
  }

  private async run(): Promise<void> {
    // What is added in one tick shares a write.
    for (await null; this.next?.isUrgent && !this.lost; await null) {
      this.writing = this.next;
      this.next = undefined;
      this.begunAt = this.clock.elapsedMs();
      await this.writing.write().catch((error) => {
        if (!(error instanceof PartitionLost)) throw error;
      });
      this.writing.over.resolve();
      this.writing.inTime.resolve(true);
      this.writing = undefined;
    }
    // In the same tick as the last check, so that the next request starts a new run.
    this.running = undefined;
  }

  /** Looks after the lease, slow writes and handlers, as long as there are any. */
  private watch(): void {
    if (this.isWatched) return;
    this.isWatched = true;
    this.clock.after(checkMs, () => {
      this.isWatched = false;
      if (!this.lease.mayWrite()) this.endLease();
      if (this.isHeldUp) this.tellSlow();
      // Those whose minute is over before the next check.
      const before = this.clock.elapsedMs() - timeoutMs + checkMs;
      for (const [reject, since] of this.handlers)
        if (since < before) reject(new LedgerBusy(this.partition, `could not be written for ${timeoutMs / 1000} s`));
      if (!this.lost && (this.running || this.handlers.size > 0)) this.watch();
    });
  }

  private tellSlow(): void {
    for (const write of [this.writing, this.next]) {
      write?.inTime.resolve(false);
      if (write) write.inTime = Promise.withResolvers();
    }
  }

  private endLease(): void {
    this.sending.abort();
    this.sending = new AbortController();
    for (const reject of this.handlers.keys()) reject(new PartitionLost(this.partition));
  }
}
