import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { instant } from '../domain/event-time.ts';
import { type Step, waitingSince, workOf } from '../domain/page.ts';
import type { Job } from './job.ts';
import { Lane, type LaneEvents, type LaneSettings } from './lane.ts';
import type { Clock } from './ports.ts';
import type { Shard } from './shard.ts';

export interface LanesEvents {
  run: LaneEvents['run'];
  onRefused(connectionId: string, step: Step, detail: string): void;
  onRepaired(connectionId: string): void;
}

// However a clock was set, no page waits longer than this for its next attempt.
const longestDelayMs = 60 * 60_000;

/** A lane for each connection that has something to do. */
export class Lanes {
  private readonly lanes = new Map<string, Lane>();
  private stopped = false;

  constructor(
    private readonly settings: LaneSettings,
    private readonly events: LanesEvents,
    private readonly connections: { get(id: string): Connection | undefined },
    private readonly clock: Clock,
    private readonly random: () => number = Math.random,
  ) {}

  /** Takes up work that the ledger holds. */
  add(shard: Shard, key: string, _state: AlertState, pages: readonly PageState[]): void {
    if (this.stopped || shard.lost) return;
    for (const page of pages) {
      const step = workOf(page);
      if (!step) continue;
      const { pageId, connectionId, urgency } = page;
      const delayMs = Math.min(instant(page.nextAttemptAt) - this.clock.now().getTime(), longestDelayMs);
      this.lane(connectionId).add({ shard, key, pageId, connectionId, step, urgency }, delayMs);
    }
  }

  drop(shard: Shard): void {
    for (const lane of this.lanes.values()) lane.drop(shard);
  }

  /** The connection is new or has changed. */
  renew(connectionId: string): void {
    this.lanes.get(connectionId)?.renew();
  }

  /** Nothing more is started. */
  stop(): void {
    this.stopped = true;
    for (const lane of this.lanes.values()) lane.stop();
  }

  /** Takes waiting jobs for which `isOver` holds out of their lanes, and forgets lanes that nobody needs. */
  sweep(isOver: (job: Job) => boolean): Job[] {
    const over: Job[] = [];
    for (const [id, lane] of this.lanes) {
      for (const job of lane.waiting().filter(isOver)) {
        lane.remove(job);
        over.push(job);
      }
      if (lane.isIdle && !this.connections.get(id)) this.lanes.delete(id);
    }
    return over;
  }

  get running(): number {
    return [...this.lanes.values()].reduce((sum, lane) => sum + lane.depth.running, 0);
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

  /** Since when the page that waits longest has been waiting; undefined when none waits. */
  oldestWaitingSince(): number | undefined {
    let oldest: number | undefined;
    for (const lane of this.lanes.values()) {
      for (const { shard, key, pageId } of lane.waiting()) {
        const page = shard.get(key)?.pages.find((known) => known.pageId === pageId);
        const since = page ? instant(waitingSince(page)) : Number.POSITIVE_INFINITY;
        if (since < (oldest ?? Number.POSITIVE_INFINITY)) oldest = since;
      }
    }
    return oldest;
  }

  private lane(connectionId: string): Lane {
    const known = this.lanes.get(connectionId);
    if (known) return known;
    const events: LaneEvents = {
      run: (job, learned) => this.events.run(job, learned),
      onRefused: (step, detail) => this.events.onRefused(connectionId, step, detail),
      onRepaired: () => this.events.onRepaired(connectionId),
    };
    const isConnected = () => this.connections.get(connectionId) !== undefined;
    const lane = new Lane(this.settings, events, this.clock, this.random, isConnected);
    this.lanes.set(connectionId, lane);
    return lane;
  }
}
