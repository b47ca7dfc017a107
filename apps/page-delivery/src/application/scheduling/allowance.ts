import type { RateLimit } from '@pagebridge/destination';

type Told = Pick<RateLimit, 'limit' | 'remaining' | 'periodMs' | 'resetMs'>;

// Resets are told in whole seconds: answers of one period differ by no more than this in when it ends.
const sameResetMs = 1000;
// When no more than this part of what a period allows is left, it is spread over the rest of the period.
const fewPart = 1 / 4;

/**
 * How many calls a destination still allows, as far as its answers tell: a token bucket that the destination fills.
 *
 * Plenty is spent at once. When few are left they are spread evenly over the rest of the period, so that a page that
 * comes late in it waits for the next call and not for the next period. Between answers it counts what is sent; where an
 * answer tells of less, because others call too, the answer counts. Nothing told, nothing limited.
 */
export class Allowance {
  private limit = Number.POSITIVE_INFINITY;
  private left = Number.POSITIVE_INFINITY;
  private periodMs = 0;
  private resetAt = 0;
  private pacedUntil = 0;
  private pausedUntil = 0;

  /** `name`: what the destination calls this limit, where it says. */
  constructor(readonly name?: string) {}

  /** From when on a call may be made: not after `now` where one may be made at once. */
  opensAt(now: number): number {
    this.renew(now);
    return Math.max(this.pausedUntil, this.left < 1 ? this.resetAt : this.pacedUntil);
  }

  take(now: number): void {
    this.renew(now);
    this.left -= 1;
    if (!Number.isFinite(this.left) || this.left > this.limit * fewPart) return;
    this.pacedUntil = now + (this.resetAt - now) / (Math.max(0, this.left) + 1);
  }

  /** The call was not made after all. */
  giveBack(): void {
    this.left = Math.min(this.limit, this.left + 1);
    this.pacedUntil = 0;
  }

  learn({ limit, remaining, periodMs, resetMs }: Told, now: number): void {
    this.renew(now);
    const resetAt = now + resetMs;
    const isNextPeriod = this.resetAt > now && resetAt > this.resetAt + sameResetMs;
    // Of answers to calls that were under way together the lowest is the latest.
    this.left = isNextPeriod ? remaining : Math.min(this.left, remaining);
    this.resetAt = this.resetAt > now && !isNextPeriod ? Math.min(this.resetAt, resetAt) : resetAt;
    // A destination that says it allows nothing is asked once in a period all the same.
    this.limit = Math.max(1, limit);
    this.periodMs = periodMs;
  }

  /** The destination asked for a pause. */
  pause(ms: number, now: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, now + ms);
  }

  // Where the length of a period is not told, all is allowed from its end until the next answer tells more.
  private renew(now: number): void {
    if (now < this.resetAt) return;
    this.left = this.limit;
    this.pacedUntil = 0;
    if (this.periodMs > 0) this.resetAt += (Math.floor((now - this.resetAt) / this.periodMs) + 1) * this.periodMs;
  }
}
