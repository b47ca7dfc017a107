import { Fifo } from './fifo.ts';
import type { Job } from './job.ts';

// A deadline is noticed this much late, at most.
const slotMs = 250;
const slotOf = (ms: number): number => Math.ceil(ms / slotMs);

/** The deadlines of the waiting jobs. Source orgs take turns: hundreds of thousands of late pages of one delay no other. */
export class Deadlines {
  private readonly slots = new Map<number, Set<Job>>();
  private readonly late = new Map<string, Fifo<Job>>();
  private passed: number;

  constructor(now: number) {
    this.passed = slotOf(now);
  }

  add(job: Job): void {
    const slot = slotOf(job.deadline);
    if (slot <= this.passed) {
      this.pass(job);
      return;
    }
    const jobs = this.slots.get(slot);
    if (jobs) jobs.add(job);
    else this.slots.set(slot, new Set([job]));
  }

  move(job: Job, deadline: number): void {
    this.delete(job);
    job.deadline = deadline;
    this.add(job);
  }

  delete(job: Job): void {
    const slot = slotOf(job.deadline);
    const jobs = this.slots.get(slot);
    if (jobs?.delete(job) && jobs.size === 0) this.slots.delete(slot);
  }

  /** Makes a job late now. */
  pass(job: Job): void {
    this.delete(job);
    const sourceOrg = job.key.slice(0, job.key.indexOf('/'));
    const jobs = this.late.get(sourceOrg);
    if (jobs) jobs.add(job);
    else this.late.set(sourceOrg, new Fifo([job]));
  }

  /** Removes and yields late jobs that still wait, at most `most`: the caller ends them, or gives them a new deadline. */
  *take(now: number, most: number): Generator<Job> {
    // The clock may have been set back.
    this.passed = Math.min(this.passed, slotOf(now));
    for (; (this.passed + 1) * slotMs <= now; this.passed += 1) {
      for (const job of this.slots.get(this.passed + 1) ?? []) this.pass(job);
      this.slots.delete(this.passed + 1);
    }
    for (let taken = 0; taken < most && this.late.size > 0; ) {
      for (const [sourceOrg, jobs] of this.late) {
        const job = jobs.first();
        if (!job) {
          this.late.delete(sourceOrg);
          continue;
        }
        jobs.delete(job);
        if (!job.isWaiting) continue;
        taken += 1;
        yield job;
        if (taken === most) return;
      }
    }
  }
}
