import type { Clock, Log, Permit } from '../ports.ts';
import { LedgerBusy, PartitionLost } from './partition-lost.ts';

const retryAfterMs = 250;
const leaseCheckMs = 250;
const timeoutMs = 60_000;

/**
 * Retries a write until it succeeds or the partition is lost.
 *
 * Sends nothing without the lease, since another process may own the partition.
 */
export class Persistence {
  private readonly timed = new Set<(error: Error) => void>();
  /** Aborted when the lease ends. Later writes use the controller of the next lease. */
  private lease = new AbortController();
  private underWay = 0;
  private isChecking = false;
  private isLost = false;

  constructor(
    private readonly partition: number,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly mayWrite: Permit,
  ) {}

  /** Resolves with the result; rejects with PartitionLost only. Calls `onFailure` after each failed try. */
  async persist<R>(send: (signal: AbortSignal) => Promise<R>, onFailure?: () => void): Promise<R> {
    this.underWay += 1;
    if (!this.isChecking) this.checkLease();
    try {
      return await this.tryUntilSent(send, onFailure);
    } finally {
      this.underWay -= 1;
    }
  }

  /**
   * Waits for a write, but rejects with PartitionLost when the lease ends, and with LedgerBusy after a minute, because
   * a rebalance waits for running handlers.
   */
  async withTimeout(written: Promise<unknown>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.timed.add(reject);
    const cancel = this.clock.after(timeoutMs, () =>
      reject(new LedgerBusy(this.partition, `could not be written for ${timeoutMs / 1000} s`)),
    );
    try {
      await Promise.race([promise, written]);
    } finally {
      cancel();
      this.timed.delete(reject);
    }
  }

  lose(): void {
    this.isLost = true;
    this.endLease();
  }

  private async tryUntilSent<R>(
    send: (signal: AbortSignal) => Promise<R>,
    onFailure: (() => void) | undefined,
  ): Promise<R> {
    for (;;) {
      if (this.isLost) throw new PartitionLost(this.partition);
      if (this.mayWrite()) {
        try {
          return await send(this.lease.signal);
        } catch (error) {
          // Any part may be written. No caller acts on a partial write: all wait until everything is durable.
          this.log.warn(
            { partition: this.partition, error: String(error) },
            'the ledger was not written; the write will be retried',
          );
          onFailure?.();
        }
      }
      await new Promise<void>((resolve) => void this.clock.after(retryAfterMs, resolve));
    }
  }

  private checkLease(): void {
    this.isChecking = this.underWay > 0 && !this.isLost;
    if (!this.isChecking) return;
    this.clock.after(leaseCheckMs, () => {
      if (!this.mayWrite()) this.endLease();
      this.checkLease();
    });
  }

  private endLease(): void {
    this.lease.abort();
    this.lease = new AbortController();
    for (const reject of this.timed) reject(new PartitionLost(this.partition));
  }
}
