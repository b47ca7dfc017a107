import { Fifo } from './fifo.ts';
import type { Job } from './job.ts';
import type { Clock } from './ports.ts';
import { byRank, type Rank, rankOf } from './rank.ts';
import type { Shard } from './shard.ts';

/** Jobs of one lane: by rank those that may go, first come, first served; beside them those whose time has not come. */
export class LaneQueue {
  private readonly ready = new Map<Rank, Fifo<Job>>(byRank.map((rank) => [rank, new Fifo()]));
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

  /** The next job of this rank; it leaves the queue. */
  take(rank: Rank): Job | undefined {
    const job = this.ready.get(rank)?.first();
    if (job) this.remove(job);
    return job;
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
