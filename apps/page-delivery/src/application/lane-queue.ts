import type { Step } from '../domain/page.ts';
import type { Job } from './job.ts';
import type { Clock } from './ports.ts';
import type { Shard } from './shard.ts';

const classOf = (job: Pick<Job, 'step' | 'urgency'>) => `${job.urgency}/${job.step}` as const;
const byRank = ['high/create', 'high/resolve', 'low/create', 'low/resolve'] as const;

/** Jobs of one lane: high urgency before low, a page before a resolve, then first come, first served. */
export class LaneQueue {
  private readonly ready = new Map<string, Set<Job>>(byRank.map((rank) => [rank, new Set()]));
  private readonly delayed = new Map<Job, () => void>();

  constructor(
    private readonly clock: Clock,
    private readonly onReady: () => void,
  ) {}

  add(job: Job, delayMs: number): void {
    if (delayMs <= 0) {
      this.ready.get(classOf(job))?.add(job);
      return;
    }
    const cancel = this.clock.after(delayMs, () => {
      this.delayed.delete(job);
      this.add(job, 0);
      this.onReady();
    });
    this.delayed.set(job, cancel);
  }

  /** The next job whose step is admitted; it leaves the queue. A step is asked for only when a job would take it. */
  next(admit: (step: Step) => boolean): Job | undefined {
    for (const rank of byRank) {
      const [job] = this.ready.get(rank) ?? [];
      if (!job || !admit(job.step)) continue;
      this.remove(job);
      return job;
    }
    return undefined;
  }

  remove(job: Job): void {
    this.ready.get(classOf(job))?.delete(job);
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

  all(): Job[] {
    return [...[...this.ready.values()].flatMap((jobs) => [...jobs]), ...this.delayed.keys()];
  }

  get depth(): { readonly ready: number; readonly delayed: number } {
    const ready = [...this.ready.values()].reduce((sum, jobs) => sum + jobs.size, 0);
    return { ready, delayed: this.delayed.size };
  }
}
