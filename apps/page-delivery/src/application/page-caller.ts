import type { Connection } from '@pagebridge/contracts';
import { type Answer, type Backoff, callOf, due, retryOf, type Terms } from '@pagebridge/page-lifecycle';
import type { Lease } from './lease.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { OperatorLog } from './operator-log.ts';
import type { CallResult, Clock, DestinationClient, Metrics, PageTexts } from './ports.ts';
import { type AttemptResult, type Feedback, type Job, type Subject, subjectOf } from './scheduling/job.ts';

export interface PageCallerDependencies {
  readonly destination: DestinationClient;
  readonly texts: PageTexts;
  readonly lease: Pick<Lease, 'mayCall'>;
  readonly terms: Terms;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly operatorLog: Pick<OperatorLog, 'failed'>;
  readonly metrics: Metrics;
  readonly random: () => number;
}

/**
 * Calls the destination for one page, to create or to resolve it, and tells the alert what became of its job.
 *
 * Before a create is sent, the ledger holds that the page is `attempting`; a page to resolve is `resolving` in it already.
 * libs/page-lifecycle/src/page.ts says what the next owner does with each if the process dies.
 */
export class PageCaller {
  constructor(private readonly deps: PageCallerDependencies) {}

  /** Never rejects: a failure is a result. If the partition is lost, the next owner attempts the page. */
  async attempt(job: Job): Promise<AttemptResult> {
    try {
      return await this.tryCall(job);
    } catch (error) {
      if (error instanceof PartitionLost) return notCalled;
      // A bug. The ledger holds the page, at worst as `attempting`, so the page is attempted again.
      this.deps.operatorLog.failed(job, error, 'delivery attempt failed: internal error');
      return this.afterBug(job);
    }
  }

  /**
   * Records the answer, and the outcome `retried` if the call will be repeated. Never rejects: if the partition is
   * lost, the next owner attempts the page.
   */
  async record(job: Job, answer: Answer): Promise<void> {
    const { ledgerPartition, key, pageId, callKind } = job;
    try {
      // A cancelled attempt may be repeated only once its `begin` is written.
      if (answer.kind === 'not-called') await ledgerPartition.writes.written();
      ledgerPartition.step(key, { kind: 'answered', pageId, callKind, answer });
    } catch (error) {
      if (error instanceof PartitionLost) return;
      this.deps.operatorLog.failed(job, error, 'destination response not recorded');
      // A bug. The page is `attempting` in the ledger: without this, only the next owner would attempt it again.
      if (answer.kind !== 'failed' || answer.cause !== 'answer-lost') await this.record(job, this.answerLost());
    }
  }

  /** Lets the page fail over, or gives it up, if that is due. Never throws: after a bug, the page waits on. */
  endWait(job: Job): void {
    const { ledgerPartition, key, pageId } = job;
    try {
      if (subjectOf(job)) ledgerPartition.step(key, { kind: 'overdue', pageId, keepsUp: ledgerPartition.keepsUp });
    } catch (error) {
      this.deps.operatorLog.failed(job, error, 'delayed page check failed: internal error');
    }
  }

  private async tryCall(job: Job): Promise<AttemptResult> {
    const subject = subjectOf(job);
    if (!subject) return notCalled;
    // A page whose alert cannot be written now must not hold a slot that other pages need.
    if (job.ledgerPartition.writes.isHeldUp) return stalled;
    const { clock, lease, terms } = this.deps;
    const connection = terms.connectionOf(job.connectionId);
    // Its connection, or the time, may have changed since it was queued.
    if (due(subject.alert, subject.page, connection, clock.now(), terms).kind === 'give-up') return overdue;
    if (!connection || !lease.mayCall()) return blocked;
    return job.callKind === 'create' ? this.create(job, connection, subject) : this.resolve(job, connection);
  }

  private async create(job: Job, connection: Connection, its: Subject): Promise<AttemptResult> {
    const { clock, lease, destination, texts } = this.deps;
    const { partition } = job.ledgerPartition;
    // Without an await if the text is in memory, so that `begin` is in the write of the command.
    const text = texts.kept(partition, its.alert, its.page) ?? (await texts.read(partition, its.alert, its.page));
    if (!text) return stalled;
    const before = job.ledgerPartition.get(job.key);
    const { alert } = job.ledgerPartition.step(job.key, { kind: 'begun', pageId: job.pageId });
    // Another call for the page has begun while its text was read.
    if (alert === before) return notCalled;
    // If the write is slow, cancel the attempt to free the slot; the page is attempted again once the write is done.
    if (!(await job.ledgerPartition.durableInTime(job.key))) return begunNotCalled;
    const state = job.ledgerPartition.get(job.key);
    const call = callOf(state, job.pageId, clock.now());
    // Meanwhile the alert may have recovered, or a rebalance may have begun.
    if (!state || call?.kind !== 'create' || !lease.mayCall()) return begunNotCalled;
    const called = await destination.create(connection, state, call.page, text);
    if (called.kind !== 'failed') texts.forget(partition, call.page);
    return this.answered(job, called);
  }

  private async resolve(job: Job, connection: Connection): Promise<AttemptResult> {
    if (!(await job.ledgerPartition.durableInTime(job.key))) return stalled;
    // Meanwhile a rebalance may have begun.
    if (!this.deps.lease.mayCall()) return blocked;
    const call = callOf(job.ledgerPartition.get(job.key), job.pageId, this.deps.clock.now());
    if (call?.kind !== 'resolve') return notCalled;
    const called = await this.deps.destination.resolve(connection, call.destinationPageId, call.mayBeGone);
    return this.answered(job, called);
  }

  private answered(job: Job, called: CallResult): AttemptResult {
    this.deps.metrics.attempt(job.callKind, called.kind === 'failed' ? called.cause : called.kind);
    const answer = this.answerOf(job, called);
    return { feedback: feedbackOf(called, answer), answer };
  }

  private answerOf(job: Job, called: CallResult): Answer {
    if (called.kind !== 'failed') return called;
    const { backoff, random } = this.deps;
    return retryOf(job.ledgerPartition.get(job.key), job.pageId, called, backoff, random);
  }

  private afterBug(job: Job): AttemptResult {
    if (job.callKind === 'create' && subjectOf(job)) return stalled;
    return { ...notCalled, answer: this.answerLost() };
  }

  private answerLost(): Answer {
    const detail = 'The attempt failed because of an internal error. See the log of page-delivery.';
    const waitMs = this.deps.backoff.capMs;
    return { kind: 'failed', cause: 'answer-lost', detail, mayHaveCreated: true, waitMs };
  }
}

const notCalled: AttemptResult = { feedback: { kind: 'not-called' } };
const begunNotCalled: AttemptResult = { ...notCalled, answer: { kind: 'not-called' } };
const stalled: AttemptResult = { feedback: { kind: 'stalled' } };
const overdue: AttemptResult = { feedback: { kind: 'overdue' } };
const blocked: AttemptResult = { feedback: { kind: 'blocked' } };

function feedbackOf(called: CallResult, answer: Answer): Feedback {
  const rateLimit = called.rateLimit ? { rateLimit: called.rateLimit } : {};
  if (called.kind !== 'failed' || answer.kind !== 'failed' || called.cause === 'not-found')
    return { kind: 'served', ...rateLimit };
  const { cause, detail } = called;
  if (cause === 'credential' || cause === 'forbidden') return { kind: cause, detail, ...rateLimit };
  return cause === 'rate-limited'
    ? { kind: 'limited', pauseMs: called.retryAfterMs ?? answer.waitMs, ...rateLimit }
    : { kind: 'unhealthy', cause, detail, ...rateLimit };
}
