import type { Clock } from '@pagebridge/vocabulary';

/** A clock that moves when told to; what waits only for promises happens between two timers. */
export class FakeClock implements Clock {
  private readonly timers = new Set<{ readonly at: number; readonly run: () => void }>();

  constructor(private time = Date.parse('2026-01-31T12:00:00.000Z')) {}

  now(): Date {
    return new Date(this.time);
  }

  elapsedMs(): number {
    return this.time;
  }

  after(ms: number, run: () => void): () => void {
    const timer = { at: this.time + ms, run };
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

  get waiting(): number {
    return this.timers.size;
  }

  /** Runs everything that is due within so many milliseconds, in order. */
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

  private next(until: number) {
    return [...this.timers].filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at)[0];
  }
}

/** Everything that waits only for promises has happened. */
export const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
