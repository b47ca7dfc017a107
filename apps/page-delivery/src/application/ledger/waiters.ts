interface Waiter {
  readonly upTo: number;
  readonly isImpatient: boolean;
  readonly resolve: (hasCome: boolean) => void;
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

  /** Resolves with true once it has come so far, with false if it takes too long for the impatient; rejects when it is lost. */
  reached(upTo: number, isImpatient = false): Promise<boolean> {
    if (this.reachedUpTo >= upTo) return Promise.resolve(true);
    const { promise, resolve, reject } = Promise.withResolvers<boolean>();
    this.waiting.push({ upTo, isImpatient, resolve, reject });
    return promise;
  }

  reach(upTo: number): void {
    this.reachedUpTo = upTo;
    this.release(true, (waiter) => waiter.upTo <= upTo);
  }

  /** It takes too long for the impatient. */
  tooLong(): void {
    this.release(false, ({ isImpatient }) => isImpatient);
  }

  lose(error: Error): void {
    for (const { reject } of this.waiting.splice(0)) reject(error);
  }

  private release(hasCome: boolean, which: (waiter: Waiter) => boolean): void {
    const { waiting } = this;
    this.waiting = waiting.filter((waiter) => !which(waiter));
    for (const waiter of waiting) if (which(waiter)) waiter.resolve(hasCome);
  }
}
