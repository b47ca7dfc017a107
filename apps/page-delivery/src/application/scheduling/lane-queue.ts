import type { Shard } from '../ledger/shard.ts';
import type { Clock } from '../ports.ts';
import { Fifo } from './fifo.ts';
import type { Job } from './job.ts';
import { byRank, type Rank, rankOf } from './rank.ts';

const mostPassedOver = 9;

/** The jobs of one rank that may go. */
class Line {
  private readonly untried = new Fifo<Job>();
  private readonly tried = new Fifo<Job>();
  private passedOver = 0;

  get size(): number {
    return this.untried.size + this.tried.size;
  }

  add(job: Job): void {
    this.fifoOf(job).add(job);
  }

  delete(job: Job): void {
    this.fifoOf(job).delete(job);
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
 * Jobs of one lane: by rank those that may go, first come, first served; beside them those whose time has not come.
 *
 * Of one rank, those that were never called for go first, so that no page waits behind others that fail again and again;
 * what was passed over so often has a turn.
 */
export class LaneQueue {
  private readonly ready = new Map<Rank, Line>(byRank.map((rank) => [rank, new Line()]));
  private readonly delayed = new Map<Job, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly onReady: () => void,
  ) {}

  add(job: Job, delayMs: number): void {
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
    return byRank.some((rank) => this.has(rank));
  }

  /** The next job of this rank; it leaves the queue. */
  take(rank: Rank): Job | undefined {
    const job = this.ready.get(rank)?.next();
    if (job) this.remove(job);
    return job;
  }

  /** What waits for its time need not wait any longer. */
  hurry(): void {
    for (const [job, cancel] of this.delayed) {
      cancel();
      this.add(job, 0);
    }
    this.delayed.clear();
  }

  remove(job: Job): void {
    this.ready.get(rankOf(job))?.delete(job);
    this.delayed.get(job)?.();
    this.delayed.delete(job);
  }

  /** Jobs of a lost partition: the next owner finds them in the ledger. */
  drop(shard: Shard): void {
    for (const job of this.all()) if (job.shard === shard) this.remove(job);
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
