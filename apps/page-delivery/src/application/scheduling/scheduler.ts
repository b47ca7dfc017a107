import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { type DueCall, due, type Policy } from '@pagebridge/page-lifecycle';
import { type CredentialReports, credentialOf } from '../credential-reports.ts';
import type { LedgerPartition } from '../ledger/ledger-partition.ts';
import type { WorkReceiver } from '../ledger/ledger-partition-parts.ts';
import type { OperatorLog } from '../operator-log.ts';
import type { PageCaller } from '../page-caller.ts';
import type { Clock } from '../ports.ts';
import { Agenda } from './agenda.ts';
import { DestinationQueue, uncalled } from './destination-queue.ts';
import { isDoubtful, isFailing } from './health.ts';
import { type Feedback, type Job, type Subject, subjectOf } from './job.ts';
import type { Lane } from './lane.ts';
import type { Lanes } from './lanes.ts';
import { RoundRobin } from './round-robin.ts';
import { maxAttemptedAgain, maxReleasedAtOnce, retryStalledMs, StalledJobs } from './stalled-jobs.ts';
import { putBack, type Times, toBeGivenUp } from './times.ts';

// A wrong clock must not delay an attempt longer than this.
const maxDelayMs = 60 * 60_000;
// A page that cannot be given up now, or whose backup cannot be paged now, is checked again after this time.
const checkAgainMs = 2000;
// Each may cost a ledger record, an outcome and a dead letter. The next check takes the others.
const maxOverdueAtOnce = 250;
// Each may parse a large alert, and nothing else runs meanwhile.
const maxOverdueMs = 50;
const overdueAgainMs = 250;
// An attempt without a call takes no turn of the event loop, and thousands of jobs may wait whose attempts end like this.
const maxUncalledAtOnce = 100;

export interface SchedulerDependencies {
  readonly lanes: Lanes;
  readonly caller: Pick<PageCaller, 'attempt' | 'record' | 'endWait'>;
  readonly connections: { get(id: string): Connection | undefined };
  readonly credentials: Pick<CredentialReports, 'served' | 'refused'>;
  readonly operatorLog: Pick<OperatorLog, 'destinationFails'>;
  readonly policy: Policy;
  readonly clock: Clock;
}

/**
 * Makes each call as soon as it may be made, and tells its lane and its destination what became of it. Lets the pages that
 * have waited too long fail over or be given up.
 *
 * `begin` only puts calls into their lanes, and `startCalls` makes them. It runs at the end of a batch, a sweep and an answer,
 * before a batch waits for a write, when a call becomes due, and when a partition is taken over or a connection changes.
 */
export class Scheduler implements WorkReceiver {
  /** The lanes with overdue jobs. Their source orgs take turns: hundreds of thousands of one delay none of another. */
  private readonly overdue = new RoundRobin<Lane>();
  /** When overdue jobs may be taken again. */
  private nextOverdueAt = 0;
  private readonly agenda = new Agenda<Lane | DestinationQueue>();
  private timer: { readonly at: number; readonly cancel: () => void } | undefined;
  private readonly stalled = new StalledJobs();
  /** The lanes and the queues in which calls may have become due. */
  private readonly changed = { lanes: new Set<Lane>(), queues: new Set<DestinationQueue>() };
  /** The attempts without a call since the timer fired. */
  private uncalled = 0;
  private stopped = false;

  constructor(private readonly deps: SchedulerDependencies) {}

  /** Puts a call that is due into its lane. */
  begin(ledgerPartition: LedgerPartition, key: string, alert: AlertState, { page, callKind, since }: DueCall): void {
    const now = this.nowMs;
    const { pageId, connectionId, teamId, urgency } = page;
    const isTried = (callKind === 'create' ? page.attempts : page.resolveAttempts) > 0;
    const its = { ledgerPartition, key, pageId, connectionId, teamId, callKind, urgency, isTried, since };
    const times = this.timesOf({ alert, page }, now, this.deps.clock.now());
    const lane = this.deps.lanes.of(connectionId);
    lane.put({ ...its, ...times, isWaiting: false, place: -1, agendaAt: 0 }, now);
    this.changed.lanes.add(lane);
  }

  end(key: string, page: PageState): void {
    this.deps.lanes.end(key, page);
  }

  /** Must be called when a connection has changed: its pages may be sent now, or given up. */
  renew(connectionId: string): void {
    const lane = this.deps.lanes.renew(connectionId);
    if (lane) this.startRenewed(lane);
  }

  /** Makes the calls that a change of the connection permits. The event loop serves others before the next jobs are told. */
  private startRenewed(lane: Lane): void {
    this.changed.lanes.add(lane);
    this.startCalls();
    if (!lane.isRenewing) return;
    this.deps.clock.after(0, () => {
      lane.renewNext(this.nowMs);
      this.startRenewed(lane);
    });
  }

  /** Makes the calls that may be made now, and notes when others may be. */
  startCalls(): void {
    const now = this.nowMs;
    const { lanes, queues } = this.changed;
    for (const lane of lanes) {
      if (lane.overdue.size > 0) this.overdue.add(lane.sourceOrg, lane);
      lane.queue?.register(lane, now);
      if (lane.queue) queues.add(lane.queue);
      this.agenda.set(lane, lane.wakesAt(now));
    }
    lanes.clear();
    for (const queue of queues) this.startCallsOf(queue, now);
    queues.clear();
    this.setTimer(now);
  }

  stop(): void {
    this.stopped = true;
    this.timer?.cancel();
  }

  private get nowMs(): number {
    return this.deps.clock.elapsedMs();
  }

  /** Returns when a page may be called, and when it is to be asked again what is due, by the steady clock. */
  private timesOf({ alert, page }: Subject, now: number, wall: Date): Times {
    const { connections, policy } = this.deps;
    // Without regard to gaps in the table of connections: a gap may close before a deadline that it would put off.
    const what = due(alert, page, connections.get(page.connectionId), wall, policy);
    if (what.kind === 'give-up') return toBeGivenUp(now);
    const delayMs = Math.min(what.from - wall.getTime(), maxDelayMs);
    return { readyAt: now + delayMs, deadline: what.kind === 'call' ? now + what.until - wall.getTime() : now };
  }

  private startCallsOf(queue: DestinationQueue, since: number): void {
    if (this.stopped) return;
    let now = since;
    const mayStart = this.uncalled < maxUncalledAtOnce;
    for (let job = mayStart ? queue.next(now) : undefined; job; job = queue.next(now)) {
      this.start(queue, job);
      now = this.nowMs;
    }
    this.agenda.set(queue, mayStart ? queue.opensAt(now) : now);
  }

  private start(queue: DestinationQueue, job: Job): void {
    const { caller, lanes } = this.deps;
    const lane = lanes.of(job.connectionId);
    const { connection } = lane;
    void caller.attempt(job).then(async ({ feedback, answer }) => {
      const now = this.nowMs;
      // The slots are for the call only: they are free while the answer is being written.
      queue.end(job.callKind, feedback, now);
      lane.release(job);
      // The feedback is applied first, because recording the answer may add the job again.
      this.apply(lane, job, feedback, connection, now);
      // Before the next calls are made: one of them may be that of this job, if it was put back.
      const isOver = !job.isWaiting;
      const recorded = answer && caller.record(job, answer);
      // The connection may lead to another destination by now.
      this.changed.lanes.add(lane);
      this.changed.queues.add(queue);
      this.startCalls();
      await recorded;
      this.startCalls();
      if (isOver) lane.settle(job);
    });
  }

  private apply(lane: Lane, job: Job, feedback: Feedback, connection: Connection | undefined, now: number): void {
    if (uncalled.has(feedback.kind)) this.uncalled += 1;
    switch (feedback.kind) {
      case 'limited':
        return;
      case 'overdue':
        putBack(lane, job, toBeGivenUp(now), now);
        return;
      case 'blocked':
        putBack(lane, job, { readyAt: now }, now);
        return;
      case 'stalled':
        if (!job.ledgerPartition.lost) this.stall(lane, job, now);
        return;
      case 'not-called':
        return;
    }
    this.release(job.ledgerPartition, maxReleasedAtOnce, now);
    // The answer to a former credential does not count for the present one.
    if (!connection || credentialOf(connection) !== credentialOf(lane.connection)) return;
    const { credentials, operatorLog } = this.deps;
    const health = lane.learn(job, feedback.kind, now);
    if (feedback.kind === 'served') credentials.served(connection, job.callKind);
    else if (feedback.kind === 'unhealthy') {
      if (isFailing(health)) operatorLog.destinationFails(job, connection, feedback.cause, feedback.detail);
    } else {
      const isCertain = feedback.kind === 'credential' || isDoubtful(health);
      credentials.refused(connection, job, feedback.detail, isCertain);
    }
  }

  /** Keeps back a job whose ledger partition or text is slow. Thousands may wait for the same; a few are attempted again from time to time. */
  private stall(lane: Lane, job: Job, now: number): void {
    const { ledgerPartition } = job;
    putBack(lane, job, { readyAt: Number.POSITIVE_INFINITY }, now);
    if (!this.stalled.has(ledgerPartition)) this.attemptLater(ledgerPartition);
    this.stalled.add(job);
  }

  private attemptLater(ledgerPartition: LedgerPartition): void {
    this.deps.clock.after(retryStalledMs, () => {
      this.release(ledgerPartition, maxAttemptedAgain, this.nowMs);
      this.startCalls();
      if (!this.stopped && this.stalled.has(ledgerPartition)) this.attemptLater(ledgerPartition);
    });
  }

  /** Lets the first stalled jobs of a partition be attempted. */
  private release(ledgerPartition: LedgerPartition, most: number, now: number): void {
    for (const job of this.stalled.take(ledgerPartition, most)) {
      const lane = this.deps.lanes.of(job.connectionId);
      putBack(lane, job, { readyAt: now }, now);
      this.changed.lanes.add(lane);
    }
  }

  /** Sets the timer to the earliest time. A timer that is too early finds nothing due, and is set again. */
  private setTimer(now: number): void {
    const at = Math.min(this.agenda.nextAt, this.overdue.size > 0 ? this.nextOverdueAt : Number.POSITIVE_INFINITY);
    if (this.stopped || at >= (this.timer?.at ?? Number.POSITIVE_INFINITY)) return;
    this.timer?.cancel();
    const cancel = this.deps.clock.after(Math.min(Math.max(0, at - now), maxDelayMs), () => {
      this.timer = undefined;
      this.wake();
    });
    this.timer = { at, cancel };
  }

  private wake(): void {
    this.uncalled = 0;
    const now = this.nowMs;
    for (let next = this.agenda.dequeue(now); next; next = this.agenda.dequeue(now)) {
      if (next instanceof DestinationQueue) this.changed.queues.add(next);
      else {
        next.wake(now);
        this.changed.lanes.add(next);
      }
    }
    if (this.nextOverdueAt <= now) this.endWaits(now);
    this.startCalls();
  }

  /** Lets overdue pages fail over, or gives them up, not too many at once. */
  private endWaits(now: number): void {
    for (let taken = 0; taken < maxOverdueAtOnce && this.nowMs - now < maxOverdueMs; taken += 1) {
      const lane = this.overdue.first(({ overdue }) => overdue.size > 0);
      const job = lane?.overdue.first();
      if (!job) return;
      lane?.overdue.delete(job);
      this.overdue.rotate();
      this.deps.caller.endWait(job);
      this.putBackOverdue(job, now);
    }
    this.nextOverdueAt = this.nowMs + overdueAgainMs;
  }

  /** Puts an overdue job back, unless its page waits no longer. */
  private putBackOverdue(job: Job, now: number): void {
    const lane = this.deps.lanes.of(job.connectionId);
    const subject = subjectOf(job);
    if (!subject) {
      lane.remove(job);
      return;
    }
    const { readyAt, deadline } = this.timesOf(subject, now, this.deps.clock.now());
    putBack(lane, job, { readyAt, deadline: Math.max(deadline, now + checkAgainMs) }, now);
    this.changed.lanes.add(lane);
  }
}
