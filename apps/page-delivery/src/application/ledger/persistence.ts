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
  private readonly sending = new Set<AbortController>();
  private readonly impatient = new Set<(error: Error) => void>();
  private isLost = false;

  constructor(
    private readonly partition: number,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly mayWrite: Permit,
  ) {}

  /** Resolves with what came of it; rejects with PartitionLost, or not at all. `onFailure` is told of each try that failed. */
  async persist<R>(send: (signal: AbortSignal) => Promise<R>, onFailure?: () => void): Promise<R> {
    for (;;) {
      if (this.isLost) throw new PartitionLost(this.partition);
      if (this.mayWrite()) {
        try {
          return await this.underLease(send);
        } catch (error) {
          // Any part of it may be written. Pages stay where they are in memory, and nobody acts on what is not durable.
          this.log.warn(
            { partition: this.partition, error: String(error) },
            'the ledger was not written, trying again',
          );
          onFailure?.();
        }
      } else this.dismiss();
      await new Promise<void>((resolve) => void this.clock.after(retryAfterMs, resolve));
    }
  }

  /**
   * Waits for what is being written, but rejects with PartitionLost when nothing may be written for now, and with
   * LedgerBusy after a minute: a group is joined again only when its handlers are done.
   */
  async impatiently(written: Promise<void>): Promise<void> {
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
    this.dismiss();
    for (const abort of this.sending) abort.abort();
  }

  private dismiss(): void {
    for (const reject of this.impatient) reject(new PartitionLost(this.partition));
  }

  private async underLease<R>(send: (signal: AbortSignal) => Promise<R>): Promise<R> {
    const abort = new AbortController();
    const check = (): void => {
      if (this.mayWrite()) cancel = this.clock.after(leaseCheckMs, check);
      else abort.abort();
    };
    let cancel = this.clock.after(leaseCheckMs, check);
    this.sending.add(abort);
    try {
      return await send(abort.signal);
    } finally {
      cancel();
      this.sending.delete(abort);
    }
  }
}
