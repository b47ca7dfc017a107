import type { RateLimit } from '@pagebridge/destination';

type RateLimitState = Pick<RateLimit, 'limit' | 'remaining' | 'periodMs' | 'resetMs'>;

// Destinations round resets to seconds: answers of one period differ by no more than this.
const sameResetMs = 1000;
// When no more than this part of the limit is left, calls are spread over the rest of the period.
const fewPart = 1 / 4;

/**
 * A token bucket that the destination fills: the rate limit headers of its answers say how many calls are left.
 *
 * Many tokens are spent at once. When few are left they are spread evenly over the rest of the period, so that a late
 * page waits for the next call and not for the next period. Between answers the bucket counts calls; an answer that says
 * less, because others call too, counts more. Without such headers nothing is limited.
 */
export class TokenBucket {
  private limit = Number.POSITIVE_INFINITY;
  private left = Number.POSITIVE_INFINITY;
  private periodMs = 0;
  private resetAt = 0;
  private pacedUntil = 0;
  private pausedUntil = 0;

  /** `name`: the destination's name of this limit, where it has one. */
  constructor(readonly name?: string) {}

  /** When the next call may be made; at most `now` where that is at once. */
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

  giveBack(): void {
    this.left = Math.min(this.limit, this.left + 1);
    this.pacedUntil = 0;
  }

  update({ limit, remaining, periodMs, resetMs }: RateLimitState, now: number): void {
    this.renew(now);
    const resetAt = now + resetMs;
    const isNextPeriod = this.resetAt > now && resetAt > this.resetAt + sameResetMs;
    // Of answers to parallel calls the lowest is the latest.
    this.left = isNextPeriod ? remaining : Math.min(this.left, remaining);
    this.resetAt = this.resetAt > now && !isNextPeriod ? Math.min(this.resetAt, resetAt) : resetAt;
    // A destination that allows nothing is still called once in a period.
    this.limit = Math.max(1, limit);
    this.periodMs = periodMs;
  }

  pause(ms: number, now: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, now + ms);
  }

  // Where the length of a period is unknown, nothing is limited from its end until the next answer.
  private renew(now: number): void {
    if (now < this.resetAt) return;
    this.left = this.limit;
    this.pacedUntil = 0;
    if (this.periodMs > 0) this.resetAt += (Math.floor((now - this.resetAt) / this.periodMs) + 1) * this.periodMs;
  }
}
