import { Injectable } from '@nestjs/common';

/**
 * Lets each owner do one piece of its work between two looks at the network: the many pieces of one hold up neither those of another nor
 * the requests that arrive. A piece is as large as a usual request: smaller ones would make more and smaller calls to Kafka.
 */
@Injectable()
export class FairTurns {
  private readonly waiting = new Map<string, (() => void)[]>();

  /** Resolves when it is this owner's turn for the next piece of its work. */
  next(owner: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    if (this.waiting.size === 0) setImmediate(this.round);
    const queue = this.waiting.get(owner) ?? [];
    this.waiting.set(owner, queue);
    queue.push(resolve);
    return promise;
  }

  private readonly round = (): void => {
    for (const [owner, queue] of this.waiting) {
      queue.shift()?.();
      if (queue.length === 0) this.waiting.delete(owner);
    }
    if (this.waiting.size > 0) setImmediate(this.round);
  };
}
