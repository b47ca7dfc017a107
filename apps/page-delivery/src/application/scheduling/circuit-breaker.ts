import type { Clock } from '../ports.ts';
import { type Backoff, backoffMs } from './backoff.ts';

export interface BreakerSettings {
  /** After so many failures in a row there is one call at a time, with backoff between. */
  readonly troublesToBreak: number;
  readonly backoff: Backoff;
}

/** Spares a destination that is not well: broken by failures in a row, whole again with the first call that does well. */
export class CircuitBreaker {
  private failures = 0;
  private earliestCallAt = 0;

  constructor(
    private readonly settings: BreakerSettings,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly random: () => number,
  ) {}

  get isBroken(): boolean {
    return this.failures >= this.settings.troublesToBreak;
  }

  /** Before this no call is made, by the steady clock. */
  get nextCallAt(): number {
    return this.earliestCallAt;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(): void {
    this.failures += 1;
    const beyond = this.failures - this.settings.troublesToBreak + 1;
    if (this.isBroken) this.waitFor(backoffMs(beyond, this.settings.backoff, this.random));
  }

  waitFor(ms: number): void {
    this.earliestCallAt = Math.max(this.earliestCallAt, this.clock.elapsedMs() + ms);
  }

  reset(): void {
    this.failures = 0;
    this.earliestCallAt = 0;
  }
}
