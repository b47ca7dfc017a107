import type { RateLimit } from '@pagebridge/destination';
import type { Step } from '../../domain/page.ts';
import type { Clock } from '../ports.ts';
import { Allowance } from './allowance.ts';
import { byRank, type Rank, stepOf } from './rank.ts';
import { Turns } from './turns.ts';

/** Who calls a destination: the lane of a connection. */
export interface Caller {
  /** Is there a call of this rank that it would make now? */
  offers(rank: Rank): boolean;
  /** Makes it; `release` when it has ended. */
  start(rank: Rank, gate: DestinationGate): void;
}

/** The callers of one rank. */
interface Line {
  readonly rank: Rank;
  readonly turns: Turns<Caller>;
  readonly offers: (caller: Caller) => boolean;
  passedOver: number;
}

interface Turn {
  readonly line: Line;
  readonly caller: Caller;
}

// However much urgent work there is, what is less urgent gets a turn after being passed over so often.
const mostPassedOver = 9;

/**
 * What the lanes to one destination org share: how many calls it takes at once, how many it allows, and whose turn it is.
 *
 * The urgent go first, whatever lane they are in; among equals the source orgs take turns, so that the storm of one
 * delays the page of another by the calls under way and one turn of each. It knows no page, and breaks for nobody: what
 * goes wrong over one connection is that lane's own affair, only what the destination asks for holds up all.
 */
export class DestinationGate {
  private readonly lines: readonly Line[] = byRank.map((rank) => ({
    rank,
    turns: new Turns(),
    offers: (caller) => caller.offers(rank),
    passedOver: 0,
  }));
  private readonly allowances: Record<Step, Allowance> = { create: new Allowance(), resolve: new Allowance() };
  private running = 0;
  private cancelTimer: (() => void) | undefined;

  constructor(
    private readonly concurrency: number,
    private readonly clock: Clock,
  ) {}

  /** Lines a caller up for what it offers. */
  enlist(caller: Caller, sourceOrg: string): void {
    for (const { turns, offers } of this.lines) if (offers(caller)) turns.add(sourceOrg, caller);
  }

  /** Starts every call that may be made now. */
  pump(): void {
    let now = this.nowMs;
    for (; this.running < this.concurrency; now = this.nowMs) {
      const turn = this.nextTurn(now);
      if (!turn) break;
      this.running += 1;
      const { rank } = turn.line;
      this.allowances[stepOf(rank)].take(now);
      turn.caller.start(rank, this);
    }
    this.wakeAfter(now);
  }

  release(): void {
    this.running -= 1;
    this.pump();
  }

  /** A call for this step was not made after all. */
  giveBack(step: Step): void {
    this.allowances[step].giveBack();
  }

  /** What an answer to this step told of the limit; steps whose limit has one name share it. */
  learn(step: Step, told: RateLimit): void {
    if (told.name !== undefined && told.name !== this.allowances[step].name) {
      const shared = Object.values(this.allowances).find(({ name }) => name === told.name);
      this.allowances[step] = shared ?? new Allowance(told.name);
    }
    this.allowances[step].learn(told, this.nowMs);
  }

  /** The destination asks for a pause. */
  pause(step: Step, ms: number): void {
    this.allowances[step].pause(ms, this.nowMs);
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
    for (const line of this.lines) {
      const caller = this.opensAt(line.rank, now) <= now ? line.turns.first(line.offers) : undefined;
      if (!caller) continue;
      const wasPassedOver = line.passedOver >= mostPassedOver;
      if (!turn || (wasPassedOver && !isOverdue)) {
        turn = { line, caller };
        isOverdue = wasPassedOver;
      }
      line.passedOver += 1;
    }
    if (!turn) return undefined;
    turn.line.passedOver = 0;
    turn.line.turns.rotate();
    return turn;
  }

  private opensAt(rank: Rank, now: number): number {
    return this.allowances[stepOf(rank)].opensAt(now);
  }

  // What was closed when it was looked at; by now it may be open.
  private wakeAfter(now: number): void {
    this.stop();
    let next = Number.POSITIVE_INFINITY;
    for (const { rank, turns } of this.lines) {
      if (turns.isEmpty) continue;
      const at = this.opensAt(rank, now);
      if (at > now) next = Math.min(next, at);
    }
    if (Number.isFinite(next)) this.cancelTimer = this.clock.after(next - now, () => this.pump());
  }
}
