interface Waiter {
  readonly upTo: number;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

/** Counts changes, and lets wait until those up to now are written. */
export class Durability {
  private changes = 0;
  private written = 0;
  private waiters: Waiter[] = [];

  /** How many changes there have been. */
  get upTo(): number {
    return this.changes;
  }

  changed(): void {
    this.changes += 1;
  }

  /** Resolves once all changes so far are written. */
  reached(): Promise<void> {
    if (this.written >= this.changes) return Promise.resolve();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    this.waiters.push({ upTo: this.changes, resolve, reject });
    return promise;
  }

  wrote(upTo: number): void {
    this.written = upTo;
    const waiters = this.waiters;
    this.waiters = waiters.filter((waiter) => waiter.upTo > upTo);
    for (const waiter of waiters) if (waiter.upTo <= upTo) waiter.resolve();
  }

  lose(error: Error): void {
    for (const { reject } of this.waiters.splice(0)) reject(error);
  }
}
