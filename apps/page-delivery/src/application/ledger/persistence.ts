import type { Clock, Log, Permit } from '../ports.ts';
import { LedgerBusy, PartitionLost } from './partition-lost.ts';

const retryAfterMs = 250;
const leaseCheckMs = 250;
const patienceMs = 60_000;

/**
 * Writes what is given until it is written, for as long as the partition is this process's.
 *
 * Without the lease nothing is begun, and what is under way is not sent again: another may own the partition by then.
 */
export class Persistence {
  private readonly impatient = new Set<(error: Error) => void>();
  /** Aborted when the lease is found to be over; what is begun after that is under the next one. */
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

  /** Resolves with what came of it; rejects with PartitionLost, or not at all. `onFailure` is told of each try that failed. */
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
   * Waits for what is being written, but rejects with PartitionLost when nothing may be written for now, and with
   * LedgerBusy after a minute: a group is joined again only when its handlers are done.
   */
  async impatiently(written: Promise<unknown>): Promise<void> {
    const { promise, reject } = Promise.withResolvers<never>();
    this.impatient.add(reject);
    const cancel = this.clock.after(patienceMs, () => reject(new LedgerBusy(this.partition, patienceMs / 1000)));
    try {
      await Promise.race([promise, written]);
    } finally {
      cancel();
      this.impatient.delete(reject);
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
          // Any part of it may be written. Pages stay where they are in memory, and nobody acts on what is not durable.
          this.log.warn(
            { partition: this.partition, error: String(error) },
            'the ledger was not written, trying again',
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
    for (const reject of this.impatient) reject(new PartitionLost(this.partition));
  }
}
