import { Injectable } from '@nestjs/common';
import { FairQueue, type Owner } from './fair-queue.ts';

/** About the time of fifty ordinary alerts. Smaller pieces would make more and smaller calls to Kafka. */
const pieceMs = 5;

/**
 * Lets one piece of work be done between two looks at the network, in turns by org and then by integration: a large group delays neither
 * the requests that arrive nor the work of others.
 */
@Injectable()
export class FairTurns {
  private readonly queue = new FairQueue<() => void>();

  /** Resolves when it is this integration's turn for the next piece of its work. */
  next(owner: Owner): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (!this.queue.next) setImmediate(this.turn);
    this.queue.add(owner, resolve);
    return promise;
  }

  private readonly turn = (): void => {
    const { owner, job } = this.queue.next ?? {};
    if (!owner || !job) return;
    this.queue.charge(owner, 1);
    this.queue.delete(owner, job);
    job();
    if (this.queue.next) setImmediate(this.turn);
  };
}

/** The turns of one request. */
export class Pace {
  private startedAt = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly turns: FairTurns,
    private readonly owner: Owner,
    readonly signal: AbortSignal,
  ) {}

  /** Whether the present piece has taken its time. */
  get isOver(): boolean {
    return performance.now() - this.startedAt >= pieceMs;
  }

  /** Waits for the next piece. Rejects if the sender no longer waits: what is still done would only delay others. */
  async next(): Promise<void> {
    await this.turns.next(this.owner);
    this.signal.throwIfAborted();
    this.startedAt = performance.now();
  }
}
