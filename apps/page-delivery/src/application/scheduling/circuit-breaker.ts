import type { Clock } from '../ports.ts';
import { type Backoff, backoffMs } from './backoff.ts';

export interface BreakerSettings {
  /** The number of consecutive failures after which the lane makes one call at a time, with backoff. */
  readonly failureThreshold: number;
  readonly backoff: Backoff;
}

/** Protects an unhealthy destination: breaks after several consecutive failures, and recovers at the first success. */
export class CircuitBreaker {
  private failures = 0;
  private earliestCallAt = 0;

  constructor(
    private readonly settings: BreakerSettings,
    private readonly clock: Pick<Clock, 'elapsedMs'>,
    private readonly random: () => number,
  ) {}

  get isBroken(): boolean {
    return this.failures >= this.settings.failureThreshold;
  }

  /** The earliest time of the next call, by the steady clock. */
  get nextCallAt(): number {
    return this.earliestCallAt;
  }

  succeeded(): void {
    this.failures = 0;
  }

  failed(): void {
    this.failures += 1;
    const beyond = this.failures - this.settings.failureThreshold + 1;
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
