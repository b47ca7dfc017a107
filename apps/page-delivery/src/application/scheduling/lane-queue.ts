import type { LedgerPartition } from '../ledger/ledger-partition.ts';
import type { Clock } from '../ports.ts';
import type { Deadlines } from './deadlines.ts';
import { Fifo } from './fifo.ts';
import { type Job, type Rank, rankOf, ranks } from './job.ts';

const mostPassedOver = 9;

class RankQueue {
  private readonly untried = new Fifo<Job>();
  private readonly tried = new Fifo<Job>();
  private passedOver = 0;

  get size(): number {
    return this.untried.size + this.tried.size;
  }

  add(job: Job): void {
    this.fifoOf(job).add(job);
  }

  delete(job: Job): boolean {
    return this.fifoOf(job).delete(job);
  }

  next(): Job | undefined {
    const untried = this.untried.first();
    const tried = this.tried.first();
    if (!untried || !tried) return untried ?? tried;
    const isTurnOfTried = this.passedOver >= mostPassedOver;
    this.passedOver = isTurnOfTried ? 0 : this.passedOver + 1;
    return isTurnOfTried ? tried : untried;
  }

  *[Symbol.iterator](): Generator<Job> {
    yield* this.untried;
    yield* this.tried;
  }

  private fifoOf(job: Job): Fifo<Job> {
    return job.isTried ? this.tried : this.untried;
  }
}

/**
 * The jobs of one lane: ready jobs by rank, first in, first out, and delayed jobs.
 *
 * Within a rank, untried jobs go first, so that no page waits behind pages that keep failing. After `mostPassedOver`
 * turns of untried jobs, a tried job gets a turn.
 */
export class LaneQueue {
  private readonly ready = new Map<Rank, RankQueue>(ranks.map((rank) => [rank, new RankQueue()]));
  private readonly delayed = new Map<Job, () => void>();
  private readonly byPage = new Map<string, Job>();

  constructor(
    private readonly clock: Clock,
    private readonly deadlines: Pick<Deadlines, 'add' | 'delete'>,
    private readonly onReady: () => void,
  ) {}

  add(job: Job, delayMs: number): void {
    job.isWaiting = true;
    this.byPage.set(job.pageId, job);
    this.deadlines.add(job);
    if (delayMs <= 0) {
      this.ready.get(rankOf(job))?.add(job);
      return;
    }
    const cancel = this.clock.after(delayMs, () => {
      this.delayed.delete(job);
      this.add(job, 0);
      this.onReady();
    });
    this.delayed.set(job, cancel);
  }

  has(rank: Rank): boolean {
    return (this.ready.get(rank)?.size ?? 0) > 0;
  }

  get hasReady(): boolean {
    return ranks.some((rank) => this.has(rank));
  }

  jobOf(key: string, pageId: string): Job | undefined {
    const job = this.byPage.get(pageId);
    // A producer may write one page id for two alerts.
    return job?.key === key ? job : undefined;
  }

  take(rank: Rank): Job | undefined {
    const job = this.ready.get(rank)?.next();
    if (job) this.remove(job);
    return job;
  }

  hurry(): void {
    for (const [job, cancel] of this.delayed) {
      cancel();
      this.add(job, 0);
    }
    this.delayed.clear();
  }

  /** Removes a job. Returns whether the queue held it. */
  remove(job: Job): boolean {
    const wasWaiting = job.isWaiting;
    job.isWaiting = false;
    if (this.byPage.get(job.pageId) === job) this.byPage.delete(job.pageId);
    this.deadlines.delete(job);
    this.ready.get(rankOf(job))?.delete(job);
    this.delayed.get(job)?.();
    this.delayed.delete(job);
    return wasWaiting;
  }

  /** Removes the jobs of a lost partition: the next owner finds them in the ledger. */
  drop(ledgerPartition: LedgerPartition): void {
    for (const job of this.all()) if (job.ledgerPartition === ledgerPartition) this.remove(job);
  }

  clear(): void {
    for (const job of this.all()) this.remove(job);
  }

  *all(): Generator<Job> {
    for (const jobs of this.ready.values()) yield* jobs;
    yield* this.delayed.keys();
  }

  get depth(): { readonly ready: number; readonly delayed: number } {
    let ready = 0;
    for (const jobs of this.ready.values()) ready += jobs.size;
    return { ready, delayed: this.delayed.size };
  }
}
