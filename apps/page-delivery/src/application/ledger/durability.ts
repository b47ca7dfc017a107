import { Waiters } from './waiters.ts';

/** Counts changes, and lets wait until those up to now are written. */
export class Durability {
  private changes = 0;
  private readonly written = new Waiters();

  /** How many changes there have been. */
  get upTo(): number {
    return this.changes;
  }

  changed(): void {
    this.changes += 1;
  }

  /** Resolves once all changes so far are written. */
  reached(): Promise<void> {
    return this.written.reached(this.changes);
  }

  wrote(upTo: number): void {
    this.written.reach(upTo);
  }

  lose(error: Error): void {
    this.written.lose(error);
  }
}
