import type { Clock } from '@pagebridge/vocabulary';

interface Timer {
  readonly at: number;
  readonly run: () => void;
}

/** A clock that the test advances. Pending promises settle between two timers. */
export class FakeClock implements Clock {
  private time: number;
  private behindMs = 0;
  private readonly timers = new Set<Timer>();

  /** `tickMs`: how far each read advances the clock; `earlyMs`: how much too early timers fire. */
  constructor(
    start = new Date('2026-01-31T12:00:00.000Z'),
    private readonly inexact: { readonly tickMs: number; readonly earlyMs: number } = { tickMs: 0, earlyMs: 0 },
  ) {
    this.time = start.getTime();
  }

  now(): Date {
    return new Date(this.elapsedMs() - this.behindMs);
  }

  elapsedMs(): number {
    this.time += this.inexact.tickMs;
    return this.time;
  }

  /** Sets the wall clock back, as an administrator or the resume of a virtual machine may do; `elapsedMs` is not affected. */
  setBack(ms: number): void {
    this.behindMs += ms;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + Math.max(0, ms - this.inexact.earlyMs), run };
    this.timers.add(timer);
    return () => void this.timers.delete(timer);
  }

  sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const cancel = this.after(ms, resolve);
      signal?.addEventListener('abort', () => {
        cancel();
        reject(signal.reason);
      });
    });
  }

  /** The number of pending timers. */
  get waiting(): number {
    return this.timers.size;
  }

  /** Advances the clock and runs all timers that are due within `ms` milliseconds, in order. */
  async advance(ms: number): Promise<void> {
    const until = this.time + ms;
    await settled();
    for (let next = this.next(until); next; next = this.next(until)) {
      this.timers.delete(next);
      this.time = Math.max(this.time, next.at);
      next.run();
      await settled();
    }
    this.time = Math.max(this.time, until);
  }

  /** Returns the earliest timer that is due; of equal times the one that was set first. */
  private next(until: number): Timer | undefined {
    let earliest: Timer | undefined;
    // Without a copy or a sort: a test may have thousands of timers, and each of them calls this.
    for (const timer of this.timers) if (timer.at <= until && !(earliest && earliest.at <= timer.at)) earliest = timer;
    return earliest;
  }
}

/** Resolves after all pending promise callbacks have run. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
