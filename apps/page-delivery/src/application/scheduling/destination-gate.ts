import type { RateLimit } from '@pagebridge/destination';
import { type Step } from '@pagebridge/page-ledger';
import type { Clock } from '../ports.ts';
import { type Rank, ranks, stepOf } from './job.ts';
import { RoundRobin } from './round-robin.ts';
import { TokenBucket } from './token-bucket.ts';

/** The part of a lane that the gate uses. */
export interface Caller {
  /** Returns whether a call of this rank is ready to be sent. */
  offers(rank: Rank): boolean;
  start(rank: Rank, gate: DestinationGate): void;
}

interface RankCallers {
  readonly rank: Rank;
  readonly turns: RoundRobin<Caller>;
  readonly offers: (caller: Caller) => boolean;
  passedOver: number;
}

interface Turn {
  readonly callers: RankCallers;
  readonly caller: Caller;
}

// After this many turns of higher ranks, a lower rank gets a turn.
const mostPassedOver = 9;

/**
 * The limits that the lanes to one destination org share: concurrency, token buckets, and the order of calls.
 *
 * Urgent calls go first, in whatever lane they are. Within a rank the source orgs take turns, so that an alert storm of
 * one org delays the page of another by the calls in flight and one turn of each org. Failures affect only their lane;
 * a pause that the destination requests affects all lanes.
 */
export class DestinationGate {
  private readonly callersByRank: readonly RankCallers[] = ranks.map((rank) => ({
    rank,
    turns: new RoundRobin(),
    offers: (caller) => caller.offers(rank),
    passedOver: 0,
  }));
  private readonly buckets: Record<Step, TokenBucket> = { create: new TokenBucket(), resolve: new TokenBucket() };
  private running = 0;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly concurrency: number,
    private readonly clock: Clock,
  ) {}

  /** Queues a caller for each rank that it offers. */
  enlist(caller: Caller, sourceOrg: string): void {
    for (const { turns, offers } of this.callersByRank) if (offers(caller)) turns.add(sourceOrg, caller);
  }

  /** Starts every call that may be made now. */
  pump(): void {
    let now = this.nowMs;
    for (; this.running < this.concurrency; now = this.nowMs) {
      const turn = this.nextTurn(now);
      if (!turn) break;
      this.running += 1;
      const { rank } = turn.callers;
      this.buckets[stepOf(rank)].take(now);
      turn.caller.start(rank, this);
    }
    this.wakeAfter(now);
  }

  release(): void {
    this.running -= 1;
    this.pump();
  }

  giveBack(step: Step): void {
    this.buckets[step].giveBack();
  }

  /** Applies the rate limit of an answer. Steps whose limits have the same name share a bucket. */
  onRateLimit(step: Step, rateLimit: RateLimit): void {
    if (rateLimit.name !== undefined && rateLimit.name !== this.buckets[step].name) {
      const shared = Object.values(this.buckets).find(({ name }) => name === rateLimit.name);
      this.buckets[step] = shared ?? new TokenBucket(rateLimit.name);
    }
    this.buckets[step].update(rateLimit, this.nowMs);
  }

  pause(step: Step, ms: number): void {
    this.buckets[step].pause(ms, this.nowMs);
  }

  stop(): void {
    this.cancelTimer?.();
    this.cancelTimer = undefined;
  }

  private get nowMs(): number {
    return this.clock.elapsedMs();
  }

  private nextTurn(now: number): Turn | undefined {
    let turn: Turn | undefined;
    let isOverdue = false;
    for (const callers of this.callersByRank) {
      const caller = this.opensAt(callers.rank, now) <= now ? callers.turns.first(callers.offers) : undefined;
      if (!caller) continue;
      const wasPassedOver = callers.passedOver >= mostPassedOver;
      if (!turn || (wasPassedOver && !isOverdue)) {
        turn = { callers, caller };
        isOverdue = wasPassedOver;
      }
      callers.passedOver += 1;
    }
    if (!turn) return undefined;
    turn.callers.passedOver = 0;
    turn.callers.turns.rotate();
    return turn;
  }

  private opensAt(rank: Rank, now: number): number {
    return this.buckets[stepOf(rank)].opensAt(now);
  }

  // Sets a timer for the buckets that were closed at `now`.
  private wakeAfter(now: number): void {
    this.stop();
    let next = Number.POSITIVE_INFINITY;
    for (const { rank, turns } of this.callersByRank) {
      if (turns.isEmpty) continue;
      const at = this.opensAt(rank, now);
      if (at > now) next = Math.min(next, at);
    }
    if (Number.isFinite(next)) this.cancelTimer = this.clock.after(next - now, () => this.pump());
  }
}
