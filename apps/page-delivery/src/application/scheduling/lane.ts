import { type Step } from '@pagebridge/page-ledger';
import type { LedgerPartition } from '../ledger/ledger-partition.ts';
import { CircuitBreaker } from './circuit-breaker.ts';
import type { Caller, DestinationGate } from './destination-gate.ts';
import { type Feedback, type Job, type Rank, stepOf } from './job.ts';
import type { LaneParts, Route } from './lane-parts.ts';
import { LaneQueue } from './lane-queue.ts';
import { Refusals } from './refusals.ts';

const retryBlockedMs = 250;
// Longer, since thousands of jobs may wait for one slow ledger partition, and each retries on its own.
const retrySlowLedgerMs = 2000;

/**
 * The calls over one connection: their concurrency and their order.
 *
 * Each lane has its own queue, slots and breaker, so that a dead or slow destination delays no other. The gate of the
 * destination decides when a lane may call. A lane has no durable state: its jobs are rebuilt from the ledger.
 */
export class Lane implements Caller {
  private readonly queue: LaneQueue;
  private readonly refusals: Refusals;
  private readonly breaker: CircuitBreaker;
  private running = 0;
  private cancelTimer: (() => void) | undefined;
  private stopped = false;

  constructor(
    readonly connectionId: string,
    private readonly its: LaneParts,
    private readonly route: () => Route | undefined,
  ) {
    const { settings, clock, deadlines, random } = its;
    this.queue = new LaneQueue(clock, deadlines, () => this.enlistAndPump());
    this.refusals = new Refusals(settings.credentialProbe, () => this.credential);
    this.breaker = new CircuitBreaker(settings, clock, random);
  }

  add(job: Job, delayMs = 0): void {
    this.queue.add(job, delayMs);
    this.enlistAndPump();
  }

  waiting(): Iterable<Job> {
    return this.queue.all();
  }

  /** Returns the job that has waited longest. */
  get oldest(): Job | undefined {
    let oldest: Job | undefined;
    for (const job of this.queue.all()) if (!oldest || job.since < oldest.since) oldest = job;
    return oldest;
  }

  remove(job: Job): boolean {
    return this.queue.remove(job);
  }

  /** Removes the job of a page whose work has ended. */
  end(key: string, pageId: string): void {
    const job = this.queue.jobOf(key, pageId);
    if (job) this.queue.remove(job);
  }

  drop(ledgerPartition: LedgerPartition): void {
    this.queue.drop(ledgerPartition);
  }

  takenOver(): void {
    this.refusals.proveAgain();
  }

  /** Must be called when the connection has changed: forgets failures, and the refusals of another credential. */
  renew(): void {
    if (this.refusals.renew()) this.queue.hurry();
    this.breaker.reset();
    this.enlistAndPump();
  }

  stop(): void {
    this.stopped = true;
    this.cancelTimer?.();
    this.queue.clear();
  }

  get depth(): { readonly ready: number; readonly delayed: number; readonly running: number } {
    return { ...this.queue.depth, running: this.running };
  }

  get condition(): 'open' | 'broken' | 'refused' {
    // While no page waits, no call shows whether the fault has ended.
    if (this.isIdle) return 'open';
    if (this.refusals.isAtFault) return 'refused';
    return this.breaker.isBroken ? 'broken' : 'open';
  }

  get isIdle(): boolean {
    const { ready, delayed, running } = this.depth;
    return ready + delayed + running === 0;
  }

  private get nowMs(): number {
    return this.its.clock.elapsedMs();
  }

  private get credential(): string | undefined {
    return this.route()?.credential;
  }

  offers(rank: Rank): boolean {
    if (this.stopped || !this.queue.has(rank) || !this.hasSlot() || this.nowMs < this.breaker.nextCallAt) return false;
    return this.refusals.admits(stepOf(rank), this.nowMs) && this.route() !== undefined;
  }

  start(rank: Rank, gate: DestinationGate): void {
    const job = this.queue.take(rank);
    if (!job) throw new Error(`the lane offered a job of rank ${rank}, but has none`);
    this.running += 1;
    this.refusals.start(job.step);
    const { credential } = this;
    void this.its.worker.attempt(job).then(({ feedback, answer }) => {
      // The feedback is applied first, because recording the answer may add the job again.
      this.apply(job, feedback, gate, credential);
      if (answer) void this.its.worker.record(job, answer, this.opensInMs(job.step));
      // The slot is for the call only: it is free while the answer is being written.
      this.releaseSlot(gate);
    });
  }

  private opensInMs(step: Step): number {
    return Math.max(0, this.breaker.nextCallAt - this.nowMs, this.refusals.nextProbeAt(step) - this.nowMs);
  }

  private releaseSlot(gate: DestinationGate): void {
    this.running -= 1;
    const presentGate = this.enlist();
    gate.release();
    // The connection may lead to another destination by now.
    if (presentGate !== gate) presentGate?.pump();
  }

  private enlistAndPump(): void {
    this.enlist()?.pump();
  }

  /** Queues the lane at the gate for its ready jobs, and sets a timer for the rest. Returns the gate. */
  private enlist(): DestinationGate | undefined {
    // A full lane queues again when a call ends.
    if (this.stopped || !this.hasSlot()) return undefined;
    const route = this.route();
    if (!route || !this.queue.hasReady) return route?.gate;
    const now = this.nowMs;
    route.gate.enlist(this, route.connection.sourceOrg);
    this.wakeAfter(now);
    return route.gate;
  }

  private hasSlot(): boolean {
    return this.running < (this.breaker.isBroken ? 1 : this.its.settings.concurrency);
  }

  private apply(job: Job, feedback: Feedback, gate: DestinationGate, credential: string | undefined): void {
    const { step } = job;
    // The answer to a former credential does not count for the present one.
    const isOfThisCredential = credential === this.credential;
    if (feedback.rateLimit) gate.onRateLimit(step, feedback.rateLimit);
    switch (feedback.kind) {
      case 'served':
        this.breaker.succeeded();
        if (isOfThisCredential) this.served(step);
        return;
      case 'credential':
        if (isOfThisCredential) this.refused(job, feedback.detail);
        return;
      case 'forbidden':
        this.breaker.succeeded();
        if (isOfThisCredential) void this.forbidden(job, feedback.detail);
        return;
      case 'limited':
        gate.pause(step, feedback.pauseMs);
        break;
      case 'unhealthy':
        this.breaker.failed();
        if (this.breaker.isBroken) this.unhealthy(job, feedback.detail);
        break;
      case 'not-called':
        gate.giveBack(step);
        if (feedback.again) this.putBack(job, retrySlowLedgerMs);
        break;
      case 'blocked':
        gate.giveBack(step);
        // The whole lane waits: thousands of jobs may wait behind this one, and would get the same result.
        this.breaker.waitFor(retryBlockedMs);
        this.putBack(job, 0);
        break;
    }
    this.refusals.ended(step, this.nowMs);
  }

  private served(step: Step): void {
    const found = this.refusals.served(step);
    if (found === 'repaired') this.its.credentials.repaired(this.connectionId);
    else if (found === 'proven') this.its.credentials.proven(this.connectionId, () => this.refusals.proveAgain());
  }

  /** Handles a refused page. The credential is at fault if a diagnosis, or several refused pages in a row, show it. */
  private async forbidden(job: Job, detail: string): Promise<void> {
    const { step, isTried } = job;
    const { credential } = this;
    if (this.refusals.refusedPage(step, !isTried, this.nowMs)) this.its.credentials.refused(job, detail);
    const isGood = await this.its.credentials.isGood(this.connectionId, step);
    if (credential !== this.credential || isGood === undefined) return;
    if (isGood && this.refusals.foundGood(step, this.nowMs)) this.its.credentials.repaired(this.connectionId);
    if (!isGood) this.refused(job, detail);
    this.enlistAndPump();
  }

  private refused(job: Job, detail: string): void {
    if (this.refusals.refused(job.step, this.nowMs)) this.its.credentials.refused(job, detail);
  }

  private unhealthy(job: Job, detail: string): void {
    const connection = this.route()?.connection;
    if (connection) this.its.notices.destinationFails(job, connection, detail);
  }

  private putBack(job: Job, delayMs: number): void {
    if (!job.ledgerPartition.lost && !this.stopped) this.queue.add(job, delayMs);
  }

  // Sets a timer for the breaker and the refusals that were closed at `now`.
  private wakeAfter(now: number): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
    const { nextCallAt } = this.breaker;
    const next = Math.min(nextCallAt > now ? nextCallAt : Number.POSITIVE_INFINITY, this.refusals.opensAt(now));
    if (!Number.isFinite(next)) return;
    this.cancelTimer = this.its.clock.after(next - now, () => this.enlistAndPump());
  }
}
