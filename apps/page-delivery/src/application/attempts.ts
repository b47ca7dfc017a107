import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { begin, isStillWanted } from '../domain/attempts/attempt.ts';
import { hopeless } from '../domain/attempts/hopeless.ts';
import type { Policy } from '../domain/attempts/policy.ts';
import { type Answer, giveUp, settle } from '../domain/attempts/settle.ts';
import { backupsRaised, type ConnectionOf, failOver } from '../domain/failover/failover.ts';
import { pageOf, workOf } from '../domain/page.ts';
import { type Fact, retried } from '../domain/report.ts';
import { PartitionLost } from './ledger/partition-lost.ts';
import type { Notices } from './notices.ts';
import type { Called, Clock, Destination, Log, Permit, Telemetry } from './ports.ts';
import { type Backoff, backoffMs } from './scheduling/backoff.ts';
import type { Attempted, Feedback, Job } from './scheduling/job.ts';

export interface AttemptDependencies {
  readonly destination: Destination;
  readonly connections: { get(id: string): Connection | undefined };
  readonly mayCall: Permit;
  readonly policy: Policy;
  readonly backoff: Backoff;
  readonly clock: Clock;
  readonly log: Log;
  readonly notices: Notices;
  readonly telemetry: Telemetry;
  readonly random: () => number;
}

interface Subject {
  readonly state: AlertState;
  readonly page: PageState;
}

/**
 * Takes one step of one page: a create or a resolve.
 *
 * Where the page is if the process dies, step by step:
 * 1. before `begin` is written: `pending` in the ledger, or still a command that is not committed; nothing was sent, and
 *    the next owner attempts it untagged.
 * 2. `begin` written, not yet called, or called without an answer: `attempting`; done again, tagged as possible duplicate.
 * 3. answered, `settle` not yet written: still `attempting`; done again, tagged. Here a page can exist twice.
 * 4. `settle` written: as it says. If its outcome was not written, the state owes it and the next owner writes it.
 * A resolve has no step 2: `resolving` is in the ledger already, and resolving twice is harmless.
 */
export class Attempts {
  constructor(private readonly its: AttemptDependencies) {}

  /** Never rejects: what goes wrong is an answer, or the partition is lost and its page is for the next owner. */
  async attempt(job: Job): Promise<Attempted> {
    try {
      return await this.take(job);
    } catch (error) {
      if (error instanceof PartitionLost) return { feedback: { kind: 'lost' } };
      // A bug: the ledger says where the page stands, at worst `attempting`; it is taken up again, not forgotten.
      this.its.log.error({ error, pageId: job.pageId }, 'an attempt failed unexpectedly');
      return this.afterBug(job);
    }
  }

  /** Writes down what came of an attempt; if the partition is lost meanwhile, the page is for the next owner. */
  async record(job: Job, answer: Answer): Promise<void> {
    try {
      // What was called off may not be announced yet.
      if (answer.kind === 'called-off') await job.shard.durability.durable(job.key);
      this.write(job, answer);
      await job.shard.durability.durable(job.key);
    } catch (error) {
      // What cannot be recorded is `attempting` in the ledger, and the next owner takes it up.
      if (!(error instanceof PartitionLost)) this.its.log.error({ error, pageId: job.pageId }, 'not recorded');
    }
  }

  /** False when its page has ended meanwhile, or its partition has another owner. */
  isStillToDo(job: Job): boolean {
    return this.subject(job) !== undefined;
  }

  /** Gives a job up for which there is no hope; undefined if there is. */
  hopeless(job: Job): ReturnType<typeof hopeless> {
    const subject = this.subject(job);
    return subject && this.lossOf(subject, this.its.connections.get(job.connectionId));
  }

  async giveUp(job: Job, lost: NonNullable<ReturnType<typeof hopeless>>): Promise<void> {
    const now = this.its.clock.now();
    const { reason, detail } = lost;
    this.change(job, (state) => giveUp(state, job.pageId, reason, detail, now, this.connectionOf));
    await job.shard.durability.durable(job.key);
  }

  /** Lets a page that has waited or failed long enough fail over; it goes on waiting in its own lane as well. */
  failOver(job: Job): void {
    if (job.step !== 'create' || !this.subject(job)?.page.failover) return;
    const now = this.its.clock.now();
    this.change(job, (state) => failOver(state, job.pageId, this.connectionOf, now));
  }

  private async take(job: Job): Promise<Attempted> {
    const subject = this.subject(job);
    if (!subject) return notCalled;
    // What its partition cannot write must not take the slots of others.
    if (job.shard.isHeldUp) return putOff;
    const connection = this.its.connections.get(job.connectionId);
    const lost = this.lossOf(subject, connection);
    if (lost) {
      // Not before it is written: thousands may be as hopeless, and no call slows them down.
      await this.giveUp(job, lost);
      return notCalled;
    }
    if (!connection || !this.its.mayCall()) return { feedback: { kind: 'barred' } };
    return job.step === 'create' ? this.create(job, connection) : this.resolve(job, connection);
  }

  private async create(job: Job, connection: Connection): Promise<Attempted> {
    const { clock, mayCall, destination } = this.its;
    this.change(job, (state) => begin(state, job.pageId, clock.now()));
    // If it takes long, its slot goes to others; once it is announced, it is called off and comes again.
    if (!(await job.shard.durability.durableSoon(job.key))) return calledOff;
    const state = job.shard.get(job.key);
    const page = pageOf(state, job.pageId);
    // Between the write and here the alert may have recovered, or the partition may be on its way to another owner.
    if (!state || !page || !isStillWanted(state, job.pageId) || !mayCall()) return calledOff;
    return this.answered(job, await destination.create(connection, state, page));
  }

  private async resolve(job: Job, connection: Connection): Promise<Attempted> {
    const page = pageOf(job.shard.get(job.key), job.pageId);
    return this.answered(job, await this.its.destination.resolve(connection, page?.destinationPageId ?? ''));
  }

  private answered(job: Job, called: Called): Attempted {
    this.its.telemetry.attempt(job.step, called.kind === 'failed' ? called.cause : called.kind);
    const answer = this.answerOf(job, called);
    return { feedback: feedbackOf(called, answer), answer };
  }

  /** The answer, with the fact that the call will be made again where it will. */
  private write(job: Job, answer: Answer): void {
    const settled = (state: AlertState) => settle(state, job.pageId, answer, this.its.clock.now(), this.connectionOf);
    this.change(job, settled, (after) => {
      if (answer.kind !== 'failed') return [];
      const page = pageOf(after, job.pageId);
      return page && workOf(page) === job.step ? [retried(after, page, answer.cause)] : [];
    });
  }

  /** Changes the alert of a job, and tells of pages that failed over or were given up by it. */
  private change(
    job: Job,
    change: (state: AlertState) => AlertState,
    factsOf: (after: AlertState) => readonly Fact[] = () => [],
  ): void {
    const before = job.shard.get(job.key);
    if (!before) return;
    const after = change(before);
    job.shard.set(job.key, after, factsOf(after));
    if (after === before) return;
    for (const _ of backupsRaised(before, after)) this.its.telemetry.failedOver();
    this.its.notices.changed(before, after, this.its.clock.now());
  }

  private readonly connectionOf: ConnectionOf = (id) => this.its.connections.get(id);

  private answerOf(job: Job, called: Called): Answer {
    if (called.kind !== 'failed') return called;
    const { retryAfterMs = 0, ...failed } = called;
    // A refused credential says nothing about the page: it goes out as soon as the lane opens.
    if (called.cause === 'credential') return { ...failed, waitMs: 0 };
    const page = pageOf(job.shard.get(job.key), job.pageId);
    const failures = 1 + (job.step === 'create' ? (page?.attempts ?? 1) - 1 : (page?.resolveAttempts ?? 0));
    const jittered = backoffMs(failures, this.its.backoff, this.its.random);
    return {
      ...failed,
      waitMs: retryAfterMs > 0 ? retryAfterMs + backoffMs(1, this.its.backoff, this.its.random) : jittered,
    };
  }

  private lossOf({ state, page }: Subject, connection: Connection | undefined): ReturnType<typeof hopeless> {
    return hopeless(state, page, connection, this.its.clock.now(), this.its.policy);
  }

  private subject(job: Job): Subject | undefined {
    const state = job.shard.lost ? undefined : job.shard.get(job.key);
    const page = pageOf(state, job.pageId);
    return state && page && workOf(page) === job.step ? { state, page } : undefined;
  }

  private afterBug(job: Job): Attempted {
    // Not begun: nothing was sent, and the job is as it was.
    if (job.step === 'create' && this.subject(job)) return putOff;
    const answer: Answer = {
      kind: 'failed',
      cause: 'answer-lost',
      detail: 'The attempt failed inside Pagebridge; see its log.',
      mayHaveCreated: true,
      waitMs: this.its.backoff.capMs,
    };
    return { ...notCalled, answer };
  }
}

const notCalled: Attempted = { feedback: { kind: 'idle', again: false } };
const calledOff: Attempted = { ...notCalled, answer: { kind: 'called-off' } };
const putOff: Attempted = { feedback: { kind: 'idle', again: true } };

function feedbackOf(called: Called, answer: Answer): Feedback {
  const told = called.rateLimit ? { rateLimit: called.rateLimit } : {};
  if (called.kind !== 'failed' || answer.kind !== 'failed') return { kind: 'served', ...told };
  const { cause, detail } = called;
  if (cause === 'credential' || cause === 'forbidden') return { kind: cause, detail, ...told };
  const asked = called.retryAfterMs ?? 0;
  if (asked > 0) return { kind: 'limited', pauseMs: asked, ...told };
  return cause === 'rate-limited'
    ? { kind: 'limited', pauseMs: answer.waitMs, ...told }
    : { kind: 'troubled', ...told };
}
