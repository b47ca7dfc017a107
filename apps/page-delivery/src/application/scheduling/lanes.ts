import type { Connection, PageState } from '@pagebridge/contracts';
import { instant, type Policy, waitingSince, workOf } from '@pagebridge/page-ledger';
import { deadlineOf } from '../../domain/deadline.ts';
import type { LedgerPartition, WorkReceiver } from '../ledger/ledger-partition.ts';
import { Deadlines } from './deadlines.ts';
import { DestinationGate } from './destination-gate.ts';
import type { Job } from './job.ts';
import { Lane } from './lane.ts';
import type { LaneParts, LaneSettings, Route } from './lane-parts.ts';

// A wrong clock must not delay an attempt longer than this.
const longestDelayMs = 60 * 60_000;
const longWaitMs = 3 * 60_000;
const noteEveryMs = 2 * 60_000;
// A page whose backup cannot be paged now is checked again after this time.
const checkAgainMs = 2000;

export interface LanesSettings extends LaneSettings {
  /** The maximum number of parallel calls to one destination org, over all connections. */
  readonly destinationConcurrency: number;
}

export interface LanesParts extends Omit<LaneParts, 'deadlines'> {
  readonly settings: LanesSettings;
  readonly policy: Policy;
  readonly connections: { get(id: string): Connection | undefined };
}

/** A lane for each connection with work, and a gate for each destination. */
export class Lanes implements WorkReceiver {
  private readonly lanes = new Map<string, Lane>();
  private readonly gates = new Map<string, DestinationGate>();
  private readonly routes = new WeakMap<Connection, Route>();
  private readonly deadlines: Deadlines;
  private stopped = false;
  private nextNoteAt = 0;

  constructor(private readonly its: LanesParts) {
    this.deadlines = new Deadlines(its.clock.now().getTime());
  }

  begin(ledgerPartition: LedgerPartition, key: string, pages: readonly PageState[]): void {
    if (pages.length === 0 || this.stopped || ledgerPartition.lost) return;
    const now = this.its.clock.now().getTime();
    for (const page of pages) {
      const step = workOf(page);
      if (!step) continue;
      const { pageId, urgency } = page;
      const delayMs = Math.min(instant(page.nextAttemptAt) - now, longestDelayMs);
      const lane = this.lane(page.connectionId);
      const { connectionId } = lane;
      const times = { since: instant(waitingSince(page)), deadline: this.deadlineOf(page) };
      const isTried = (step === 'create' ? page.attempts : page.resolveAttempts) > 0;
      const job = { ledgerPartition, key, pageId, connectionId, step, urgency, isTried, isWaiting: true, ...times };
      lane.add(job, delayMs);
    }
  }

  end(key: string, pages: readonly PageState[]): void {
    for (const { connectionId, pageId } of pages) this.lanes.get(connectionId)?.end(key, pageId);
  }

  drop(ledgerPartition: LedgerPartition): void {
    for (const lane of this.lanes.values()) lane.drop(ledgerPartition);
  }

  takenOver(): void {
    for (const lane of this.lanes.values()) lane.takenOver();
  }

  /** Must be called when a connection has changed: its pages may be sent now, or given up. */
  renew(connectionId: string): void {
    const lane = this.lanes.get(connectionId);
    if (!lane) return;
    lane.renew();
    if (!this.its.connections.get(connectionId)?.enabled) for (const job of lane.waiting()) this.deadlines.pass(job);
  }

  stop(): void {
    this.stopped = true;
    for (const lane of this.lanes.values()) lane.stop();
    for (const gate of this.gates.values()) gate.stop();
  }

  /** Yields waiting jobs whose deadline has passed, at most `most`: the caller removes or defers each. */
  late(most: number): Iterable<Job> {
    return this.deadlines.take(this.its.clock.now().getTime(), most);
  }

  /** Gives a job that still waits its next deadline. */
  defer(job: Job, page: PageState): void {
    this.deadlines.move(job, Math.max(this.deadlineOf(page), this.its.clock.now().getTime() + checkAgainMs));
  }

  /** Removes a waiting job. Returns false if it does not wait: its call may be in flight. */
  remove(job: Job): boolean {
    return this.lanes.get(job.connectionId)?.remove(job) === true;
  }

  tidy(): void {
    for (const [id, lane] of this.lanes) if (lane.isIdle && !this.its.connections.get(id)) this.lanes.delete(id);
  }

  /** Logs from time to time, for each connection, the page that has waited longest, if it has waited for minutes. */
  noteLongWaits(): void {
    const { clock, connections, notices } = this.its;
    if (clock.elapsedMs() < this.nextNoteAt) return;
    this.nextNoteAt = clock.elapsedMs() + noteEveryMs;
    const before = clock.now().getTime() - longWaitMs;
    for (const { oldest } of this.lanes.values()) {
      const connection = oldest && connections.get(oldest.connectionId);
      if (connection && oldest.since <= before) notices.pageWaits(oldest, connection);
    }
  }

  get running(): number {
    return this.depth().running;
  }

  depth(): { ready: number; delayed: number; running: number } {
    const depth = { ready: 0, delayed: 0, running: 0 };
    for (const lane of this.lanes.values()) {
      const { ready, delayed, running } = lane.depth;
      depth.ready += ready;
      depth.delayed += delayed;
      depth.running += running;
    }
    return depth;
  }

  conditions(): Record<Lane['condition'], number> {
    const conditions = { open: 0, broken: 0, refused: 0 };
    for (const lane of this.lanes.values()) conditions[lane.condition] += 1;
    return conditions;
  }

  /** Returns for how many milliseconds the oldest page of each data center has waited; 0 where none waits. */
  longestWaits(): Readonly<Record<string, number>> {
    const now = this.its.clock.now().getTime();
    const waits: Record<string, number> = {};
    for (const { connectionId, oldest } of this.lanes.values()) {
      const dataCenter = this.its.connections.get(connectionId)?.dataCenter ?? 'unknown';
      waits[dataCenter] = Math.max(waits[dataCenter] ?? 0, now - (oldest?.since ?? now));
    }
    return waits;
  }

  private lane(connectionId: string): Lane {
    const known = this.lanes.get(connectionId);
    if (known) return known;
    const lane = new Lane(connectionId, { ...this.its, deadlines: this.deadlines }, () => this.route(connectionId));
    this.lanes.set(connectionId, lane);
    return lane;
  }

  private deadlineOf(page: PageState): number {
    return deadlineOf(page, this.its.connections.get(page.connectionId), this.its.policy);
  }

  private route(connectionId: string): Route | undefined {
    const connection = this.its.connections.get(connectionId);
    if (!connection) return undefined;
    const known = this.routes.get(connection);
    if (known) return known;
    const { revision, checkedAt } = connection.credential;
    const route = { connection, gate: this.gate(destinationOf(connection)), credential: `${revision}/${checkedAt}` };
    this.routes.set(connection, route);
    return route;
  }

  private gate(name: string): DestinationGate {
    const known = this.gates.get(name);
    if (known) return known;
    const gate = new DestinationGate(this.its.settings.destinationConcurrency, this.its.clock);
    this.gates.set(name, gate);
    return gate;
  }
}

/** Returns the key of a connection's destination org. A connection whose org is unknown has its own gate. */
const destinationOf = ({ connectionId, dataCenter, destinationOrg }: Connection): string =>
  destinationOrg.id === '' ? connectionId : `${dataCenter}/${destinationOrg.id}`;
