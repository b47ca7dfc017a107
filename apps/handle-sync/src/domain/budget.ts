/** What an answer says of the limit that its call counted for; `resetMs` counts from the answer. */
interface RateLimit {
  readonly limit: number;
  readonly remaining: number;
  readonly periodMs: number;
  readonly resetMs: number;
}

interface Window {
  endsAt: number;
  readonly periodMs: number;
  /** Calls that may be made in it, by all. */
  limit: number;
  /** What was left of it when it was first seen. */
  left: number;
  spent: number;
  lastAt: number;
}

/** The reset is told in whole seconds, and answers take their time: ends as far apart as this are of one window. */
const likenessMs = (periodMs: number): number => Math.max(2000, periodMs / 2);

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
    // Of a few that are left one may be taken, of none none.
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

  /** An answer came; `rateLimit` is undefined where it names none. */
  answered(rateLimit: RateLimit | undefined, now: number): void {
    this.inFlight -= 1;
    this.isUnlimited = rateLimit === undefined && this.window === undefined;
    if (rateLimit) this.learn(rateLimit, now);
  }

  /** No answer came: that says nothing of limits. */
  unanswered(): void {
    this.inFlight -= 1;
  }

  /** The destination asks for a pause. */
  pause(ms: number, now: number): void {
    this.pausedUntil = Math.max(this.pausedUntil, now + ms);
  }

  private learn({ limit, remaining, periodMs, resetMs }: RateLimit, now: number): void {
    const known = this.windowAt(now);
    const untilResetMs = periodMs > 0 ? Math.min(resetMs, periodMs) : resetMs;
    // A reset of 0 is about to come, or never told: the window that is known stays, else one that begins now is taken.
    const leftMs = untilResetMs > 0 || known ? untilResetMs : periodMs;
    if (leftMs <= 0) return;
    const endsAt = now + leftMs;
    const later = known ? endsAt - known.endsAt : Number.POSITIVE_INFINITY;
    const alike = likenessMs(periodMs);
    // An answer of the window before tells nothing of this one.
    if (later < -alike) return;
    if (known && later <= alike) {
      known.limit = limit;
      known.left = Math.min(known.left, known.spent + remaining);
      known.endsAt = Math.min(known.endsAt, endsAt);
      return;
    }
    this.window = { endsAt, periodMs, limit, left: remaining + 1, spent: 1 + this.inFlight, lastAt: now };
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
    // What is on its way may be counted in it.
    const spent = this.inFlight;
    this.window = { endsAt: startedAt + periodMs, periodMs, limit, left: limit, spent, lastAt: startedAt };
    return this.window;
  }
}
