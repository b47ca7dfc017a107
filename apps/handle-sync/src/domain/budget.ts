import type { RateLimit } from '@pagebridge/destination';

interface Window {
  readonly endsAt: number;
  readonly periodMs: number;
  /** Calls that may be made in it, by all. */
  limit: number;
  /** What was left of it when it was first seen. */
  left: number;
  spent: number;
  lastAt: number;
}

const sameWindowMs = 2000;

/**
 * What may be spent of a destination's rate limit for one endpoint.
 *
 * Of what a window has left when it is first seen we spend a share, evenly over the time until its end: others call the
 * destination too. A destination that names no limits has none. Times in ms of a steady clock.
 */
export class Budget {
  private window: Window | undefined;
  private pausedUntil = 0;
  private isUnlimited = false;
  private inFlight = 0;

  /**
   * When the next call may be made; Infinity while the answer to a call under way must show the limit first.
   *
   * `share` from 0 to 1; with `atOnce` the share is not spread over the window.
   */
  opensAt(share: number, atOnce: boolean, now: number): number {
    if (this.pausedUntil > now) return this.pausedUntil;
    const window = this.windowAt(now);
    if (!window) return this.isUnlimited || this.inFlight === 0 ? now : Number.POSITIVE_INFINITY;
    const allowed = Math.max(1, Math.floor(window.left * share)) - window.spent;
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

  answered(rateLimit: RateLimit | undefined, now: number): void {
    this.inFlight -= 1;
    this.isUnlimited = rateLimit === undefined && this.window === undefined;
    if (!rateLimit || rateLimit.resetMs <= 0) return;
    const { limit, remaining, periodMs, resetMs } = rateLimit;
    const endsAt = now + resetMs;
    const known = this.windowAt(now);
    if (known && Math.abs(endsAt - known.endsAt) <= sameWindowMs) {
      known.limit = limit;
      known.left = Math.min(known.left, known.spent + remaining);
      return;
    }
    // An answer of the window before tells nothing of this one.
    if (known && endsAt < known.endsAt) return;
    const spent = 1 + this.inFlight;
    this.window = { endsAt, periodMs, limit, left: remaining + 1, spent, lastAt: now };
  }

  /** The destination asks for a pause. */
  pause(ms: number, now: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, now + ms);
  }

  // The window after the last one seen is taken to be as wide: the first answer in it shows more.
  private windowAt(now: number): Window | undefined {
    const { window } = this;
    if (!window || now < window.endsAt) return window;
    const { periodMs, limit } = window;
    if (periodMs <= 0) {
      this.window = undefined;
      return undefined;
    }
    const passed = Math.floor((now - window.endsAt) / periodMs);
    const startedAt = window.endsAt + passed * periodMs;
    this.window = { endsAt: startedAt + periodMs, periodMs, limit, left: limit, spent: 0, lastAt: startedAt };
    return this.window;
  }
}
