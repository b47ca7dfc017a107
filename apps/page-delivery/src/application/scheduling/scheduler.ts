import type { Connection } from '@pagebridge/contracts';
import type { Attempts } from '../attempts.ts';
import { type CredentialReports, credentialOf } from '../credential-reports.ts';
import type { Notices } from '../notices.ts';
import type { Clock } from '../ports.ts';
import { Agenda } from './agenda.ts';
import { DestinationQueue } from './destination-queue.ts';
import { isDoubtful, isFailing } from './health.ts';
import type { Feedback, Job } from './job.ts';
import type { Lane } from './lane.ts';
import { RoundRobin } from './round-robin.ts';

// Thousands of jobs may wait for one slow ledger partition, and each retries on its own.
const retrySlowLedgerMs = 2000;

/** Makes each call as soon as it may be made, and tells its lane and its destination what became of it. */
export class Scheduler {
  private readonly agenda = new Agenda<Lane | DestinationQueue>();
  private readonly late = new RoundRobin<Lane>();
  private timer: { readonly at: number; readonly cancel: () => void } | undefined;
  private stopped = false;

  /** `lanes`: by connection id. */
  constructor(
    private readonly lanes: ReadonlyMap<string, Lane>,
    private readonly attempts: Pick<Attempts, 'attempt' | 'record'>,
    private readonly credentials: Pick<CredentialReports, 'served' | 'refused'>,
    private readonly notices: Pick<Notices, 'destinationFails'>,
    private readonly clock: Clock,
  ) {}

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  /** Yields late jobs, at most `most`. Source orgs take turns: hundreds of thousands of one delay no other's. */
  *takeLate(most: number): Generator<Job> {
    for (let taken = 0; taken < most; taken += 1) {
      const lane = this.late.first(({ late }) => late.size > 0);
      const job = lane?.late.first();
      if (!lane || !job) return;
      lane.late.delete(job);
      this.late.rotate();
      yield job;
    }
  }

  /** Makes the calls that a change of a lane permits, and notes when it changes by itself. */
  dispatch(lane: Lane, now: number): void {
    if (lane.late.size > 0) this.late.add(lane.sourceOrg, lane);
    lane.queue?.enlist(lane, now);
    if (lane.queue) this.pump(lane.queue, now);
    this.agenda.set(lane, lane.wakesAt(now));
    this.setTimer(now);
  }

  /** Makes the calls of a queue that may be made now. */
  private pump(queue: DestinationQueue, since: number): void {
    if (this.stopped) return;
    let now = since;
    for (let job = queue.next(now); job; job = queue.next(now)) {
      this.start(queue, job);
      now = this.clock.elapsedMs();
    }
    this.agenda.set(queue, queue.opensAt(now));
    this.setTimer(now);
  }

  private start(queue: DestinationQueue, job: Job): void {
    const lane = this.lanes.get(job.connectionId) as Lane;
    const { connection } = lane;
    void this.attempts.attempt(job).then(({ feedback, answer }) => {
      const now = this.clock.elapsedMs();
      // The slots are for the call only: they are free while the answer is being written.
      queue.end(job.step, feedback, now);
      lane.release(job);
      // The feedback is applied first, because recording the answer may add the job again.
      this.apply(lane, job, feedback, connection, now);
      if (answer) void this.attempts.record(job, answer);
      this.dispatch(lane, now);
      // The connection may lead to another destination by now.
      if (queue !== lane.queue) this.pump(queue, now);
    });
  }

  private apply(lane: Lane, job: Job, feedback: Feedback, connection: Connection | undefined, now: number): void {
    if (feedback.kind === 'limited') return;
    if (feedback.kind === 'blocked' || feedback.kind === 'not-called') {
      if (feedback.kind === 'not-called' && !feedback.again) return;
      job.readyAt = feedback.kind === 'blocked' ? now : now + retrySlowLedgerMs;
      lane.put(job, now);
      return;
    }
    // The answer to a former credential does not count for the present one.
    if (!connection || credentialOf(connection) !== credentialOf(lane.connection)) return;
    const health = lane.learn(job, feedback.kind, now);
    if (feedback.kind === 'served') this.credentials.served(connection, job.step);
    else if (feedback.kind === 'unhealthy') {
      if (isFailing(health)) this.notices.destinationFails(job, connection, feedback.detail);
    } else {
      const isCertain = feedback.kind === 'credential' || isDoubtful(health);
      this.credentials.refused(connection, job, feedback.detail, isCertain);
    }
  }

  /** Sets the timer to the earliest time. A timer that is too early finds nothing due, and is set again. */
  private setTimer(now: number): void {
    const at = this.agenda.nextAt;
    if (this.stopped || at >= (this.timer?.at ?? Number.POSITIVE_INFINITY)) return;
    this.timer?.cancel();
    const cancel = this.clock.after(Math.max(0, at - now), () => {
      this.timer = undefined;
      this.wake();
    });
    this.timer = { at, cancel };
  }

  private wake(): void {
    const now = this.clock.elapsedMs();
    for (let due = this.agenda.take(now); due; due = this.agenda.take(now)) {
      if (due instanceof DestinationQueue) this.pump(due, now);
      else {
        due.wake(now);
        this.dispatch(due, now);
      }
    }
    this.setTimer(now);
  }
}
