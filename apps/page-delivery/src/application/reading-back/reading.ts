import type { Clock } from '../ports.ts';
import { ListPosition } from './list-position.ts';

export interface ReadingTerms {
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly random: () => number;
  /** Milliseconds between two rounds for a destination. */
  readonly everyMs: number;
}

const maxWaitMs = 10 * 60_000;
// The clocks of destinations may be wrong by so much.
const clockToleranceMs = 10 * 60_000;

/** How far the list of a destination was read, and when it is read again. Times are those of `elapsedMs`. */
export class Reading {
  position: ListPosition;
  nextAt: number;
  /** When the destination first had an open page, or was last answered. */
  answeredAt: number;
  failures = 0;
  isBusy = false;

  constructor(private readonly terms: ReadingTerms) {
    const { clock, everyMs, random } = terms;
    this.answeredAt = clock.elapsedMs();
    this.nextAt = this.answeredAt + random() * Math.min(everyMs, 5000);
    this.position = new ListPosition(clock.now().getTime() - clockToleranceMs);
  }

  answered(): void {
    this.failures = 0;
    this.answeredAt = this.terms.clock.elapsedMs();
  }

  /** Plans the next round, with jitter. */
  ended(startedAt: number): void {
    this.nextAt = startedAt + this.terms.everyMs * (0.9 + this.terms.random() * 0.2);
  }

  /** Waits longer after each failure, and at least as long as the destination asks for. */
  postpone(waitMs = 0): void {
    const { clock, everyMs } = this.terms;
    const backoffMs = Math.min(everyMs * 2 ** Math.min(this.failures, 4), Math.max(everyMs, maxWaitMs));
    this.refused(clock.elapsedMs() + Math.max(waitMs, backoffMs));
  }

  refused(until: number): void {
    this.failures += 1;
    this.nextAt = until;
  }
}
