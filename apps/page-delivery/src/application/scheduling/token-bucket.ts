import type { RateLimit } from '@pagebridge/destination';

type RateLimitState = Pick<RateLimit, 'limit' | 'remaining' | 'periodMs' | 'resetMs'>;

// Destinations round resets to seconds, so the resets of answers of one period differ by at most this.
const sameResetMs = 1000;
// When at most this part of the limit is left, calls are spread over the rest of the period.
const fewPart = 1 / 4;

/**
 * A token bucket that is filled from the rate limit headers of the destination's answers.
 *
 * While many tokens are left, calls are not delayed. When few are left, they are spread evenly over the rest of the
 * period, so that a late page waits for the next call and not for the next period. Between answers the bucket counts
 * the calls; an answer with a lower number (other clients call too) replaces the count. No headers mean no limit.
 */
export class TokenBucket {
  private limit = Number.POSITIVE_INFINITY;
  private left = Number.POSITIVE_INFINITY;
  private periodMs = 0;
  private resetAt = 0;
  private pacedUntil = 0;
  private pausedUntil = 0;

  /** `name`: the destination's name of this limit, if it has one. */
  constructor(readonly name?: string) {}

  /** Returns the time of the next permitted call; at most `now` if a call is permitted at once. */
  opensAt(now: number): number {
    this.renew(now);
    return Math.max(this.pausedUntil, this.left < 1 ? this.resetAt : this.pacedUntil);
  }

  acquire(now: number): void {
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
    // Among the answers to parallel calls, the lowest number is the latest.
    this.left = isNextPeriod ? remaining : Math.min(this.left, remaining);
    this.resetAt = this.resetAt > now && !isNextPeriod ? Math.min(this.resetAt, resetAt) : resetAt;
    // A destination whose limit is 0 is still called once in a period.
    this.limit = Math.max(1, limit);
    this.periodMs = periodMs;
  }

  pause(ms: number, now: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, now + ms);
  }

  // If the length of the period is unknown, calls are not limited from its end until the next answer.
  private renew(now: number): void {
    if (now < this.resetAt) return;
    this.left = this.limit;
    this.pacedUntil = 0;
    if (this.periodMs > 0) this.resetAt += (Math.floor((now - this.resetAt) / this.periodMs) + 1) * this.periodMs;
  }
}
