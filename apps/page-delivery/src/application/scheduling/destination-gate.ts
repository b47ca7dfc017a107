import type { RateLimit } from '@pagebridge/destination';
import type { Step } from '../../domain/page.ts';
import type { Clock } from '../ports.ts';
import { type Rank, ranks, stepOf } from './rank.ts';
import { RoundRobin } from './round-robin.ts';
import { TokenBucket } from './token-bucket.ts';

/** A lane, as the gate sees it. */
export interface Caller {
  /** Whether it has a call of this rank to make now. */
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

// A lower rank gets a turn after being passed over so often.
const mostPassedOver = 9;

/**
 * What the lanes to one destination org share: its concurrency, its token buckets, and the order of calls.
 *
 * Urgent calls go first, whatever lane they are in. Within a rank the source orgs take turns, so that the storm of one
 * delays the page of another by the running calls and one turn of each. Failures are the affair of a lane; only a pause
 * that the destination asks for holds up all lanes.
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

  /** Lines a caller up for each rank that it offers. */
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

  /** Takes the rate limit of an answer; steps whose limits have one name share a bucket. */
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

  // Wakes for the buckets that were closed at `now`.
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
