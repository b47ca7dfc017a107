/** The rate limit headers of an answer; `resetMs` counts from the answer. */
interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly periodMs: number;
  readonly resetMs: number;
}

interface Window {
  endsAt: number;
  readonly periodMs: number;
  /** The number of calls that all callers together may make in the window. */
  limit: number;
  /** The number of calls that were left when the window was first seen. */
  left: number;
  spent: number;
  lastAt: number;
  /** The window is derived from the one before, and no answer has confirmed it. */
  isAssumed: boolean;
}

/** Resets have whole seconds, and answers are delayed: ends that differ by at most this belong to one window. */
const toleranceMs = (periodMs: number): number => Math.max(2000, periodMs / 2);

/**
 * The part of a destination's rate limit that may be used for one endpoint.
 *
 * Uses a share of the calls that are left when a window is first seen, spread over the rest of the window, because others call
 * the destination too. A destination without rate limit headers has no limit. Headers may be wrong, so each
 * period has a call, whose answer can correct them. Times are in milliseconds of a monotonic clock.
 */
export class Budget {
  private window: Window | undefined;
  private pausedUntil = 0;
  private isUnlimited = false;
  private inFlight = 0;

  /**
   * Returns when the next call may be made; Infinity while a call is in flight whose answer may show the unknown limit. `share`
   * is from 0 to 1; with `atOnce` it is not spread over the window.
   */
  opensAt(share: number, atOnce: boolean, now: number): number {
    if (this.pausedUntil > now) return this.pausedUntil;
    const window = this.windowAt(now);
    if (!window) return this.isUnlimited || this.inFlight === 0 ? now : Number.POSITIVE_INFINITY;
    // If any call is left, one may be made, even if the share rounds down to zero.
    const allowed = Math.max(Math.min(1, window.left), Math.floor(window.left * share)) - window.spent;
    if (allowed <= 0) return window.endsAt;
    if (atOnce) return now;
    return Math.min(window.endsAt, window.lastAt + (window.endsAt - window.lastAt) / allowed);
  }

  sent(now: number): void {
    this.inFlight += 1;
    const window = this.windowAt(now);
    if (!window) return;
    window.spent += 1;
    window.lastAt = now;
  }

  /** Records an answer; `rateLimit` is undefined if it has no rate limit headers. */
  answered(rateLimit: RateLimit | undefined, now: number): void {
    this.inFlight -= 1;
    // No answer confirms the assumed window, so the destination may have sent its limit by mistake.
    if (!rateLimit && this.windowAt(now)?.isAssumed) this.window = undefined;
    this.isUnlimited = rateLimit === undefined && this.window === undefined;
    if (rateLimit) this.update(rateLimit, now);
  }

  /** Records a call without an answer, which is no evidence about limits. */
  unanswered(): void {
    this.inFlight -= 1;
  }

  /** Closes the endpoint for the time that the destination asked for. */
  pause(ms: number, now: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, now + ms);
  }

  private update({ limit, remaining, periodMs, resetMs }: RateLimit, now: number): void {
    const current = this.windowAt(now);
    // A shorter period than before shows that the period before was wrong.
    const known = current && periodMs > 0 && periodMs < current.periodMs ? undefined : current;
    const untilResetMs = periodMs > 0 ? Math.min(resetMs, periodMs) : resetMs;
    // A reset of 0 is imminent or not sent. A known window then stays; otherwise a window of a whole period begins now.
    const leftMs = untilResetMs > 0 || known ? untilResetMs : periodMs;
    if (leftMs <= 0) return;
    const endsAt = now + leftMs;
    const later = known ? endsAt - known.endsAt : Number.POSITIVE_INFINITY;
    const tolerance = toleranceMs(periodMs);
    // This answer belongs to the previous window.
    if (later < -tolerance) return;
    if (known && later <= tolerance) {
      known.isAssumed = false;
      known.limit = limit;
      known.left = Math.min(known.left, known.spent + remaining);
      known.endsAt = Math.min(known.endsAt, endsAt);
      return;
    }
    const spent = 1 + this.inFlight;
    this.window = { endsAt, periodMs, limit, left: remaining + 1, spent, lastAt: now, isAssumed: false };
  }

  // The window after the last known one is assumed to have the same limit and period, until its first answer.
  private windowAt(now: number): Window | undefined {
    const { window } = this;
    if (!window || now < window.endsAt) return window;
    const { periodMs } = window;
    // A destination whose limit is 0 is still called once in a period, because only an answer can show another limit.
    const limit = Math.max(1, window.limit);
    if (periodMs <= 0) {
      this.window = undefined;
      return undefined;
    }
    const passed = Math.floor((now - window.endsAt) / periodMs);
    const startedAt = window.endsAt + passed * periodMs;
    // Calls in flight may count for the new window.
    const spent = this.inFlight;
    const endsAt = startedAt + periodMs;
    this.window = { endsAt, periodMs, limit, left: limit, spent, lastAt: startedAt, isAssumed: true };
    return this.window;
  }
}
