import type { Step } from '../domain/page.ts';
import { type Backoff, backoffMs } from './backoff.ts';
import type { Caller, DestinationGate } from './destination-gate.ts';
import type { Job, Verdict } from './job.ts';
import { LaneQueue } from './lane-queue.ts';
import type { Clock } from './ports.ts';
import { type Rank, stepOf } from './rank.ts';
import type { Shard } from './shard.ts';

export interface LaneSettings {
  /** Calls under way at once. */
  readonly concurrency: number;
  readonly backoff: Backoff;
  /** After so many failures in a row the lane asks with one call at a time, with backoff between. */
  readonly troublesToBreak: number;
  /** How often a refused credential is tried again: soon after the first refusal, then seldom. */
  readonly credentialProbe: Backoff;
}

export interface LaneEvents {
  /** Performs a job; never rejects. `learned` is told the verdict at most once, before what follows from it can happen. */
  run(job: Job, learned: (verdict: Verdict) => void): Promise<void>;
  /** The credential was refused for a step that it was good for. */
  onRefused(step: Step, detail: string): void;
  /** Every step that was refused has been served again. */
  onRepaired(): void;
}

/** Where a connection leads, and for whom. */
export interface Route {
  readonly gate: DestinationGate;
  readonly sourceOrg: string;
}

/** A step that the credential is not good for. `nextProbeAt` is infinite while a probe is under way. */
interface Hold {
  probes: number;
  nextProbeAt: number;
}

const askAgainMs = 250;

/**
 * The traffic over one connection: how many calls at once, when, and in which order. It knows no page.
 *
 * Each lane has its own queue, slots and breaker, so that a dead or slow destination delays no other; when it may call is
 * for the gate of its destination to say. Everything in it can be lost: jobs are rebuilt from the ledger.
 */
export class Lane implements Caller {
  private readonly queue: LaneQueue;
  private readonly holds = new Map<Step, Hold>();
  private running = 0;
  private troubles = 0;
  private closedUntil = 0;
  private cancelTimer: (() => void) | undefined;
  private stopped = false;

  constructor(
    private readonly settings: LaneSettings,
    private readonly events: LaneEvents,
    private readonly clock: Clock,
    private readonly random: () => number,
    /** Undefined while the connection is not known. */
    private readonly route: () => Route | undefined,
  ) {
    this.queue = new LaneQueue(clock, () => this.enlist());
  }

  add(job: Job, delayMs = 0): void {
    this.queue.add(job, delayMs);
    this.enlist();
  }

  /** What waits; not what is under way. */
  waiting(): Iterable<Job> {
    return this.queue.all();
  }

  remove(job: Job): void {
    this.queue.remove(job);
  }

  drop(shard: Shard): void {
    this.queue.drop(shard);
  }

  /** The connection changed: whatever was refused or broken may be well now. */
  renew(): void {
    for (const hold of this.holds.values()) hold.nextProbeAt = 0;
    this.closedUntil = 0;
    this.troubles = 0;
    this.enlist();
  }

  /** Starts nothing more; what is under way goes on. */
  stop(): void {
    this.stopped = true;
    this.cancelTimer?.();
    this.queue.clear();
  }

  get depth(): { readonly ready: number; readonly delayed: number; readonly running: number } {
    return { ...this.queue.depth, running: this.running };
  }

  get condition(): 'open' | 'broken' | 'refused' {
    if (this.holds.size > 0) return 'refused';
    return this.isBroken ? 'broken' : 'open';
  }

  get isIdle(): boolean {
    const { ready, delayed, running } = this.depth;
    return ready + delayed + running === 0;
  }

  private get isBroken(): boolean {
    return this.troubles >= this.settings.troublesToBreak;
  }

  private get nowMs(): number {
    return this.clock.elapsedMs();
  }

  offers(rank: Rank): boolean {
    if (this.stopped || !this.queue.has(rank) || !this.hasSlot() || this.nowMs < this.closedUntil) return false;
    return this.admits(stepOf(rank)) && this.route() !== undefined;
  }

  start(rank: Rank, gate: DestinationGate): void {
    const job = this.queue.take(rank);
    if (!job) throw new Error(`${rank} was offered, and there is none`);
    this.running += 1;
    // A refused step is tried with one call, then closed until that has been answered.
    const hold = this.holds.get(job.step);
    if (hold) hold.nextProbeAt = Number.POSITIVE_INFINITY;
    let hasLearned = false;
    const learned = (verdict: Verdict) => {
      if (hasLearned) return;
      hasLearned = true;
      this.learn(job, verdict, gate);
      // The slot is that of the call: the next one need not wait until the answer is written, only until it is being.
      queueMicrotask(() => this.leave(gate));
    };
    void this.events.run(job, learned).then(() => {
      if (hasLearned) return;
      // Its partition was lost on the way.
      this.unprobed(job.step);
      this.leave(gate);
    });
  }

  private leave(gate: DestinationGate): void {
    this.running -= 1;
    const linedUpAt = this.lineUp();
    gate.release();
    // The connection may lead elsewhere by now.
    if (linedUpAt !== gate) linedUpAt?.pump();
  }

  private enlist(): void {
    this.lineUp()?.pump();
  }

  /** Lines up at the destination for what may be called now, and looks again when more may. Answers where. */
  private lineUp(): DestinationGate | undefined {
    // Full: whatever could be offered is offered when a call ends.
    if (this.stopped || !this.hasSlot()) return undefined;
    const route = this.route();
    if (!route) return undefined;
    const now = this.nowMs;
    route.gate.enlist(this, route.sourceOrg);
    this.wakeAfter(now);
    return route.gate;
  }

  private hasSlot(): boolean {
    return this.running < (this.isBroken ? 1 : this.settings.concurrency);
  }

  private admits(step: Step): boolean {
    return this.nowMs >= (this.holds.get(step)?.nextProbeAt ?? 0);
  }

  private learn(job: Job, verdict: Verdict, gate: DestinationGate): void {
    if (verdict.rateLimit) gate.learn(job.step, verdict.rateLimit);
    switch (verdict.kind) {
      case 'served':
        this.troubles = 0;
        if (this.holds.delete(job.step) && this.holds.size === 0) this.events.onRepaired();
        break;
      case 'limited':
        gate.pause(job.step, verdict.pauseMs);
        this.unprobed(job.step);
        break;
      case 'troubled':
        this.troubles += 1;
        if (this.isBroken) this.closedUntil = Math.max(this.closedUntil, this.nowMs + this.brokenForMs());
        this.unprobed(job.step);
        break;
      case 'credential':
        this.hold(job.step, verdict.detail);
        break;
      case 'idle':
        gate.giveBack(job.step);
        if (verdict.again) this.putBack(job, askAgainMs);
        this.unprobed(job.step);
        break;
      case 'barred':
        gate.giveBack(job.step);
        // One that asks is enough: thousands may be waiting behind it, and none of them would hear another answer.
        this.closedUntil = Math.max(this.closedUntil, this.nowMs + askAgainMs);
        this.putBack(job, 0);
        this.unprobed(job.step);
        break;
    }
  }

  private putBack(job: Job, delayMs: number): void {
    if (!job.shard.lost && !this.stopped) this.queue.add(job, delayMs);
  }

  private brokenForMs(): number {
    const failures = this.troubles - this.settings.troublesToBreak + 1;
    return backoffMs(failures, this.settings.backoff, this.random);
  }

  private hold(step: Step, detail: string): void {
    const known = this.holds.get(step);
    // Calls that were under way when the first was refused teach nothing new.
    if (known && known.nextProbeAt !== Number.POSITIVE_INFINITY) return;
    const probes = (known?.probes ?? -1) + 1;
    const { baseMs, capMs } = this.settings.credentialProbe;
    this.holds.set(step, { probes, nextProbeAt: this.nowMs + Math.min(capMs, baseMs * 2 ** Math.min(probes, 20)) });
    if (!known) this.events.onRefused(step, detail);
  }

  // A probe that was not answered has shown nothing: the next job is one.
  private unprobed(step: Step): void {
    const hold = this.holds.get(step);
    if (hold?.nextProbeAt === Number.POSITIVE_INFINITY) hold.nextProbeAt = this.nowMs;
  }

  // What was closed when it was looked at; by now it may be open.
  private wakeAfter(now: number): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    let next = this.closedUntil > now ? this.closedUntil : Number.POSITIVE_INFINITY;
    for (const { nextProbeAt } of this.holds.values()) if (nextProbeAt > now) next = Math.min(next, nextProbeAt);
    if (!Number.isFinite(next) || this.queue.depth.ready === 0) return;
    this.cancelTimer = this.clock.after(next - now, () => this.enlist());
  }
}
