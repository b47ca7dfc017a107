interface Waiter {
  readonly upTo: number;
  readonly isTimed: boolean;
  readonly resolve: (isReached: boolean) => void;
  readonly reject: (error: Error) => void;
}

/** Promises that resolve once a counter has reached a number. */
export class Waiters {
  private reachedUpTo = 0;
  private waiting: Waiter[] = [];
  private lost: Error | undefined;

  get upTo(): number {
    return this.reachedUpTo;
  }

  /** Resolves with true once `upTo` is reached, or with false for a timed waiter at `timeOut`. Rejects at `lose`. */
  reached(upTo: number, isTimed = false): Promise<boolean> {
    if (this.lost) return Promise.reject(this.lost);
    if (this.reachedUpTo >= upTo) return Promise.resolve(true);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.waiting.push({ upTo, isTimed, resolve, reject });
    return promise;
  }

  reach(upTo: number): void {
    this.reachedUpTo = upTo;
    this.release(true, (waiter) => waiter.upTo <= upTo);
  }

  timeOut(): void {
    this.release(false, ({ isTimed }) => isTimed);
  }

  /** Rejects all waiters, also later ones. */
  lose(error: Error): void {
    this.lost = error;
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  private release(isReached: boolean, which: (waiter: Waiter) => boolean): void {
    const { waiting } = this;
    this.waiting = waiting.filter((waiter) => !which(waiter));
    for (const waiter of waiting) if (which(waiter)) waiter.resolve(isReached);
  }
}
