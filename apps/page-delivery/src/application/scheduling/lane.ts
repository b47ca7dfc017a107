import type { Connection } from '@pagebridge/contracts';
import type { Backoff } from '@pagebridge/page-lifecycle';
import { type CallKind } from '@pagebridge/page-lifecycle';
import { credentialOf } from '../credential-reports.ts';
import type { LedgerPartition } from '../ledger/ledger-partition.ts';
import { Agenda, type Entry } from './agenda.ts';
import type { DestinationQueue } from './destination-queue.ts';
import { Fifo } from './fifo.ts';
import { type Called, type Health, healthy, isFailing, next } from './health.ts';
import { callKindOf, type Job, type Rank, rankOf, ranks } from './job.ts';
import { RoundRobin } from './round-robin.ts';

export interface LaneSettings {
  /** The maximum number of parallel calls over one connection. */
  readonly concurrency: number;
  /** The maximum number of parallel calls to one destination org, over all connections. */
  readonly destinationConcurrency: number;
  /** That of each page; its base is the least time between two repeated calls of a kind that fails. */
  readonly backoff: Backoff;
}

/** The ready jobs of one rank: first calls of a page, whose teams take turns, and repeated calls. */
interface Lines {
  readonly first: RoundRobin<Job>;
  readonly repeated: Fifo<Job>;
  isTurnOfRepeated: boolean;
}

// A destination that refuses at once would otherwise be called hundreds of times a second, for pages that it refuses.
const firstCallGapMs = 10;

// Hundreds of thousands of jobs may wait for one connection, and each takes microseconds.
const maxRenewedAtOnce = 1000;

/** What a change of the connection means for the jobs that were in the lane then, of which some do not know it yet. */
interface Renewal {
  readonly isReady: boolean;
  readonly isOverdue: boolean;
  readonly jobs: Iterator<Job, undefined>;
}

/**
 * The jobs of one connection, the number of its calls, and the health of each kind of call.
 *
 * While one kind fails, its calls are repeated one at a time, with a gap. The first call of a page does not wait for that: it
 * may be for a team whose pages arrive. First calls have a gap of their own, and teams take turns: the next page to another
 * team is the next call. A lane has no durable state: its jobs are rebuilt from the ledger.
 */
export class Lane implements Entry {
  place = -1;
  agendaAt = 0;
  connection: Connection | undefined;
  queue: DestinationQueue | undefined;
  running = 0;
  private readonly health: Record<CallKind, Health> = { create: healthy, resolve: healthy };
  private readonly repeating: Record<CallKind, number> = { create: 0, resolve: 0 };
  /** When the next first call may be made while this kind of call fails. */
  private readonly nextFirstAt: Record<CallKind, number> = { create: 0, resolve: 0 };
  private readonly jobs = new Map<string, Job>();
  private readonly lines = Object.fromEntries(
    ranks.map((rank) => [rank, { first: new RoundRobin(), repeated: new Fifo(), isTurnOfRepeated: false }]),
  ) as Record<Rank, Lines>;
  private renewal: Renewal | undefined;
  /** The jobs that wait or are being called, by the time since when. */
  private readonly waits: Record<CallKind, Agenda<NonNullable<Job['wait']>>> = {
    create: new Agenda(),
    resolve: new Agenda(),
  };
  /** When jobs become ready or overdue. */
  private readonly agenda = new Agenda<Job>();
  /** The jobs whose deadline has passed. */
  readonly overdue = new Fifo<Job>();

  constructor(private readonly settings: LaneSettings) {}

  get sourceOrg(): string {
    return this.connection?.sourceOrg ?? '';
  }

  /** Adds a job, or considers its times again. */
  put(job: Job, now: number): void {
    if (!job.isWaiting) this.jobs.set(this.jobs.has(job.pageId) ? longId(job.key, job.pageId) : job.pageId, job);
    job.isWaiting = true;
    job.wait ??= { job, place: -1, agendaAt: 0 };
    if (job.wait.place < 0) this.waits[job.callKind].set(job.wait, job.since);
    if (job.readyAt <= now) this.queueReady(job);
    if (job.deadline <= now) this.overdue.add(job);
    const times = [job.readyAt, job.deadline].filter((at) => at > now);
    this.agenda.set(job, Math.min(Number.POSITIVE_INFINITY, ...times));
  }

  remove(job: Job): void {
    this.take(job);
    this.settle(job);
  }

  /** Must be called when a call has ended and its answer is recorded: until then, the page waits. */
  settle({ callKind: kind, wait }: Job): void {
    if (wait) this.waits[kind].delete(wait);
  }

  private take(job: Job): void {
    job.isWaiting = false;
    this.jobs.delete(this.jobs.get(job.pageId) === job ? job.pageId : longId(job.key, job.pageId));
    this.agenda.delete(job);
    this.overdue.delete(job);
    const { first, repeated } = this.lines[rankOf(job)];
    if (job.isTried) repeated.delete(job);
    else first.delete(job.teamId, job);
  }

  /** Removes the job of a page whose work has ended. */
  end(key: string, pageId: string): void {
    const same = this.jobs.get(pageId);
    const job = same?.key === key ? same : this.jobs.get(longId(key, pageId));
    if (job) this.remove(job);
  }

  /** Removes the jobs of a lost partition: the next owner finds them in the ledger. */
  drop(ledgerPartition: LedgerPartition): void {
    for (const job of this.jobs.values()) if (job.ledgerPartition === ledgerPartition) this.remove(job);
  }

  /** Moves the jobs whose time has come. */
  wake(now: number): void {
    for (let job = this.agenda.dequeue(now); job; job = this.agenda.dequeue(now)) this.put(job, now);
  }

  /** Returns the job that has waited longest for a kind of call, also while its call is running. */
  oldest(kind: CallKind): Job | undefined {
    return this.waits[kind].first?.job;
  }

  get size(): number {
    return this.jobs.size;
  }

  get ready(): number {
    return Object.values(this.lines).reduce((sum, { first, repeated }) => sum + first.size + repeated.size, 0);
  }

  get isIdle(): boolean {
    return !this.oldest('create') && !this.oldest('resolve');
  }

  get isFailing(): boolean {
    return isFailing(this.health.create) || isFailing(this.health.resolve);
  }

  offers(rank: Rank, now: number): boolean {
    if (this.running >= this.settings.concurrency) return false;
    const { first, repeated } = this.lines[rank];
    const kind = callKindOf(rank);
    return (first.size > 0 && this.firstsAt(kind) <= now) || (repeated.size > 0 && this.repeatsAt(kind) <= now);
  }

  /** Begins a call of a rank that the lane offers. First and repeated calls take turns, so that neither wait forever. */
  dequeue(rank: Rank, now: number): Job {
    const lines = this.lines[rank];
    const kind = callKindOf(rank);
    const mayRepeat = lines.repeated.size > 0 && this.repeatsAt(kind) <= now;
    const mayBeFirst = lines.first.size > 0 && this.firstsAt(kind) <= now;
    const isRepeated = mayRepeat && (!mayBeFirst || lines.isTurnOfRepeated);
    lines.isTurnOfRepeated = !isRepeated;
    const job = isRepeated ? lines.repeated.first() : lines.first.rotate();
    if (!job) throw new Error(`the lane offered a job of rank ${rank}, but has none`);
    this.take(job);
    this.running += 1;
    if (job.isTried) this.repeating[kind] += 1;
    else this.nextFirstAt[kind] = now + firstCallGapMs;
    return job;
  }

  /** Ends a call. */
  release({ callKind: kind, isTried }: Job): void {
    this.running -= 1;
    if (isTried) this.repeating[kind] -= 1;
  }

  /** Learns what became of a call. Returns the health of its kind of call. */
  learn({ callKind: kind, isTried }: Job, called: Called, now: number): Health {
    this.health[kind] = next(this.health[kind], called, isTried, now, this.settings.backoff.baseMs);
    return this.health[kind];
  }

  /** Applies a change of the connection: to the first jobs at once, to the others with `renewNext`. */
  renew(connection: Connection | undefined, queue: DestinationQueue | undefined, now: number): void {
    const isReady = this.renewal?.isReady || credentialOf(connection) !== credentialOf(this.connection);
    Object.assign(this.health, { create: healthy, resolve: healthy });
    this.connection = connection;
    this.queue = queue;
    const isOverdue = !connection?.enabled;
    this.renewal = isReady || isOverdue ? { isReady, isOverdue, jobs: [...this.jobs.values()].values() } : undefined;
    this.renewNext(now);
  }

  /** Whether some jobs do not know of the last change of the connection yet. */
  get isRenewing(): boolean {
    return this.renewal !== undefined;
  }

  /**
   * Tells the next jobs of a change of the connection. With other keys pages may be sent now; without it, or disabled, given up.
   *
   * Until then, a page waits in the lane with its former times. If it is called before, its attempt asks what is due for it now,
   * and takes the present keys. It is then no longer in the lane, or is there as a job that knows of the change.
   */
  renewNext(now: number): void {
    const { renewal } = this;
    for (let seen = 0; renewal && seen < maxRenewedAtOnce; seen += 1) {
      const { value: job, done } = renewal.jobs.next();
      if (done) {
        this.renewal = undefined;
        return;
      }
      if (!job.isWaiting) continue;
      if (renewal.isReady) job.readyAt = Math.min(job.readyAt, now);
      if (renewal.isOverdue) job.deadline = now;
      this.put(job, now);
    }
  }

  /** Returns the time after `now` at which the lane may change by itself; infinite if it does not. */
  wakesAt(now: number): number {
    const steps = ['create', 'resolve'] as const;
    const calls = steps.flatMap((kind) => [this.firstsAt(kind), this.repeatsAt(kind)]);
    return Math.min(this.agenda.nextAt, ...calls.filter((at) => at > now));
  }

  private firstsAt(kind: CallKind): number {
    return isFailing(this.health[kind]) ? this.nextFirstAt[kind] : 0;
  }

  private repeatsAt(kind: CallKind): number {
    if (!isFailing(this.health[kind])) return 0;
    return this.repeating[kind] > 0 ? Number.POSITIVE_INFINITY : this.health[kind].nextRepeatAt;
  }

  private queueReady(job: Job): void {
    const { first, repeated } = this.lines[rankOf(job)];
    if (job.isTried) repeated.add(job);
    else first.add(job.teamId, job);
  }
}

// A producer may write one page id for two alerts.
const longId = (key: string, pageId: string): string => `${key} ${pageId}`;
