import type { LedgerPartition } from '../ledger/ledger-partition.ts';
import type { Job } from './job.ts';

// While a ledger partition or its texts are slow, so many of its stalled jobs are attempted again after each such time.
export const retryStalledMs = 2000;
export const maxAttemptedAgain = 10;
// Each call that is made lets more of them go, so that the event loop is not blocked.
export const maxReleasedAtOnce = 100;

/** The jobs whose ledger partition or text is slow, by partition. */
export class StalledJobs {
  private readonly stalled = new Map<LedgerPartition, Set<Job>>();

  has(ledgerPartition: LedgerPartition): boolean {
    return this.stalled.has(ledgerPartition);
  }

  add(job: Job): void {
    const jobs = this.stalled.get(job.ledgerPartition) ?? new Set();
    this.stalled.set(job.ledgerPartition, jobs.add(job));
  }

  /** Removes the first stalled jobs of a partition, and returns those that still wait for their call, in their order. */
  take(ledgerPartition: LedgerPartition, most: number): readonly Job[] {
    const jobs = this.stalled.get(ledgerPartition);
    const first = jobs?.values().take(most).toArray() ?? [];
    for (const job of first) jobs?.delete(job);
    if (jobs?.size === 0 || ledgerPartition.lost) this.stalled.delete(ledgerPartition);
    return ledgerPartition.lost ? [] : first.filter(({ isWaiting }) => isWaiting);
  }
}
