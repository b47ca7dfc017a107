interface Waiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Who waits until something that is counted has come so far. */
export class Waiters {
  private reachedUpTo = 0;
  private waiting: Waiter[] = [];

  /** How far it has come. */
  get upTo(): number {
    return this.reachedUpTo;
  }

  /** Resolves once it has come so far; rejects when it is lost. */
  reached(upTo: number): Promise<void> {
    if (this.reachedUpTo >= upTo) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiting.push({ upTo, resolve, reject });
    return promise;
  }

  reach(upTo: number): void {
    this.reachedUpTo = upTo;
    const { waiting } = this;
    this.waiting = waiting.filter((waiter) => waiter.upTo > upTo);
    for (const waiter of waiting) if (waiter.upTo <= upTo) waiter.resolve();
  }

  lose(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }
}
