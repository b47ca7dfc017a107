import type { Connection, PageState } from '@pagebridge/contracts';
import { instant, type Policy, waitingSince, workOf } from '@pagebridge/page-ledger';
import { deadlineOf } from '../../domain/deadline.ts';
import type { Attempts } from '../attempts.ts';
import type { CredentialReports } from '../credential-reports.ts';
import type { LedgerPartition, WorkReceiver } from '../ledger/ledger-partition.ts';
import type { Notices } from '../notices.ts';
import type { Clock } from '../ports.ts';
import { DestinationQueue } from './destination-queue.ts';
import type { Job } from './job.ts';
import { Lane, type LaneSettings } from './lane.ts';
import { Scheduler } from './scheduler.ts';

// A wrong clock must not delay an attempt longer than this.
const maxDelayMs = 60 * 60_000;
const longWaitMs = 3 * 60_000;
const noteEveryMs = 2 * 60_000;
// A page whose backup cannot be paged now is checked again after this time.
const checkAgainMs = 2000;

export interface LanesParts {
  readonly settings: LaneSettings;
  readonly policy: Policy;
  readonly attempts: Pick<Attempts, 'attempt' | 'record'>;
  readonly connections: { get(id: string): Connection | undefined };
  readonly credentials: Pick<CredentialReports, 'served' | 'refused' | 'isAtFault'>;
  readonly notices: Pick<Notices, 'destinationFails' | 'pageWaits'>;
  readonly clock: Clock;
}

/** The pages that wait for a call: a lane for each connection with work, and a queue for each destination org. */
export class Lanes implements WorkReceiver {
  private readonly lanes = new Map<string, Lane>();
  private readonly queues = new Map<string, DestinationQueue>();
  private readonly scheduler: Scheduler;
  private nextNoteAt = 0;

  constructor(private readonly deps: LanesParts) {
    const { attempts, credentials, notices, clock } = deps;
    this.scheduler = new Scheduler(this.lanes, attempts, credentials, notices, clock);
  }

  begin(ledgerPartition: LedgerPartition, key: string, pages: readonly PageState[]): void {
    const now = this.nowMs;
    for (const page of pages) {
      const step = workOf(page);
      if (!step) continue;
      const { pageId, connectionId, urgency } = page;
      const delayMs = Math.min(instant(page.nextAttemptAt) - this.deps.clock.now().getTime(), maxDelayMs);
      const isTried = (step === 'create' ? page.attempts : page.resolveAttempts) > 0;
      const its = { ledgerPartition, key, pageId, connectionId, step, urgency, isTried };
      const times = {
        since: instant(waitingSince(page)),
        readyAt: now + delayMs,
        deadline: this.deadlineOf(page, now),
      };
      const lane = this.lane(connectionId);
      lane.put({ ...its, ...times, isWaiting: false, place: -1, dueAt: 0 }, now);
      this.scheduler.dispatch(lane, now);
    }
  }

  end(key: string, pages: readonly Pick<PageState, 'connectionId' | 'pageId'>[]): void {
    for (const { connectionId, pageId } of pages) this.lanes.get(connectionId)?.end(key, pageId);
  }

  drop(ledgerPartition: LedgerPartition): void {
    for (const lane of this.lanes.values()) lane.drop(ledgerPartition);
  }

  /** Must be called when a connection has changed: its pages may be sent now, or given up. */
  renew(connectionId: string): void {
    const lane = this.lanes.get(connectionId);
    if (!lane) return;
    this.route(connectionId, lane);
    this.scheduler.dispatch(lane, this.nowMs);
  }

  stop(): void {
    this.scheduler.stop();
  }

  /** Yields waiting jobs whose deadline has passed, at most `most`: the caller ends or defers each. */
  late(most: number): Iterable<Job> {
    return this.scheduler.takeLate(most);
  }

  /** Gives a job that still waits its next deadline. */
  defer(job: Job, page: PageState): void {
    const now = this.nowMs;
    job.deadline = Math.max(this.deadlineOf(page, now), now + checkAgainMs);
    const lane = this.lane(job.connectionId);
    lane.put(job, now);
    this.scheduler.dispatch(lane, now);
  }

  tidy(): void {
    const used = new Set<DestinationQueue | undefined>();
    for (const [id, lane] of this.lanes) {
      if (lane.isIdle && !lane.connection) this.lanes.delete(id);
      else used.add(lane.queue);
    }
    for (const [name, queue] of this.queues) if (!used.has(queue)) this.queues.delete(name);
  }

  /** Logs from time to time, for each connection, the page that has waited longest, if it has waited for minutes. */
  noteLongWaits(): void {
    const { clock, notices } = this.deps;
    if (this.nowMs < this.nextNoteAt) return;
    this.nextNoteAt = this.nowMs + noteEveryMs;
    const before = clock.now().getTime() - longWaitMs;
    for (const { oldest, connection } of this.lanes.values())
      if (oldest && connection && oldest.since <= before) notices.pageWaits(oldest, connection);
  }

  depth(): { ready: number; delayed: number; running: number } {
    const depth = { ready: 0, delayed: 0, running: 0 };
    for (const lane of this.lanes.values()) {
      depth.ready += lane.ready;
      depth.delayed += lane.size - lane.ready;
      depth.running += lane.running;
    }
    return depth;
  }

  conditions(): Record<'open' | 'broken' | 'refused', number> {
    const conditions = { open: 0, broken: 0, refused: 0 };
    for (const lane of this.lanes.values()) {
      // While no page waits, no call shows whether the fault has ended.
      if (lane.isIdle) conditions.open += 1;
      else if (lane.connection && this.deps.credentials.isAtFault(lane.connection)) conditions.refused += 1;
      else conditions[lane.isFailing ? 'broken' : 'open'] += 1;
    }
    return conditions;
  }

  /** Returns for how many milliseconds the oldest page of each data center has waited; 0 where none waits. */
  longestWaits(): Readonly<Record<string, number>> {
    const now = this.deps.clock.now().getTime();
    const waits: Record<string, number> = {};
    for (const { connection, oldest } of this.lanes.values()) {
      const dataCenter = connection?.dataCenter ?? 'unknown';
      waits[dataCenter] = Math.max(waits[dataCenter] ?? 0, now - (oldest?.since ?? now));
    }
    return waits;
  }

  private get nowMs(): number {
    return this.deps.clock.elapsedMs();
  }

  /** Returns the deadline of a page by the steady clock. */
  private deadlineOf(page: PageState, now: number): number {
    const { clock, connections, policy } = this.deps;
    return now + deadlineOf(page, connections.get(page.connectionId), policy) - clock.now().getTime();
  }

  private lane(connectionId: string): Lane {
    const known = this.lanes.get(connectionId);
    if (known) return known;
    const lane = new Lane(this.deps.settings);
    this.lanes.set(connectionId, lane);
    this.route(connectionId, lane);
    return lane;
  }

  /** Gives a lane the present state of its connection, and the queue of its destination. */
  private route(connectionId: string, lane: Lane): void {
    const connection = this.deps.connections.get(connectionId);
    lane.renew(connection, connection && this.queue(destinationOf(connection)), this.nowMs);
  }

  private queue(name: string): DestinationQueue {
    const queue = this.queues.get(name) ?? new DestinationQueue(this.deps.settings.destinationConcurrency);
    this.queues.set(name, queue);
    return queue;
  }
}

/** Returns the key of a connection's destination org. A connection whose org is unknown has its own queue. */
const destinationOf = ({ connectionId, dataCenter, destinationOrg }: Connection): string =>
  destinationOrg.id === '' ? connectionId : `${dataCenter}/${destinationOrg.id}`;
