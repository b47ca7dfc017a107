export interface RateLimitRule {
  readonly limit: number;
  readonly periodSeconds: number;
  readonly name: string;
}

/** The content of the rate limit headers; `resetSeconds` counts from now. */
export interface RateLimitState extends RateLimitRule {
  readonly remaining: number;
  readonly resetSeconds: number;
  readonly allowed: boolean;
}

/** A limit per calendar-aligned period: all calls are available again when the period ends. */
export class RateLimit {
  rule: RateLimitRule;
  #period = -1;
  #used = 0;

  constructor(rule: RateLimitRule) {
    this.rule = rule;
  }

  /** Counts one call, unless the limit is used up. */
  acquire(now: Date): RateLimitState {
    const { limit, periodSeconds } = this.rule;
    const seconds = now.getTime() / 1000;
    const period = Math.floor(seconds / periodSeconds);
    if (period !== this.#period) {
      this.#period = period;
      this.#used = 0;
    }
    const allowed = this.#used < limit;
    if (allowed) this.#used += 1;
    const resetSeconds = Math.max(1, Math.ceil((period + 1) * periodSeconds - seconds));
    return { ...this.rule, remaining: Math.max(0, limit - this.#used), resetSeconds, allowed };
  }

  replace(rule: RateLimitRule): void {
    this.rule = rule;
    this.#period = -1;
  }
}
