import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { TokenBucket } from './token-bucket.ts';

/** A destination that counts calls in calendar-aligned periods, and rounds resets up to seconds. */
class RateLimitedDestination {
  refused = 0;
  private period = -1;
  private used = 0;

  constructor(
    readonly limit: number,
    readonly periodMs: number,
  ) {}

  call(now: number) {
    const period = Math.floor(now / this.periodMs);
    if (period !== this.period) this.used = 0;
    this.period = period;
    if (this.used >= this.limit) this.refused += 1;
    else this.used += 1;
    const resetMs = Math.ceil(((period + 1) * this.periodMs - now) / 1000) * 1000;
    return { limit: this.limit, remaining: this.limit - this.used, periodMs: this.periodMs, resetMs };
  }
}

const callsOver = (
  destination: RateLimitedDestination,
  untilMs: number,
  foreign: (now: number) => boolean = () => false,
) => {
  const bucket = new TokenBucket();
  const calls: number[] = [];
  let now = 12_345;
  for (const end = now + untilMs; now < end; now = Math.max(now + 1, bucket.opensAt(now))) {
    if (foreign(now)) destination.call(now);
    if (bucket.opensAt(now) > now) continue;
    bucket.acquire(now);
    bucket.update(destination.call(now), now);
    calls.push(now);
  }
  return calls;
};

describe('a token bucket', () => {
  it('does not limit calls until an answer names a limit', () => {
    const bucket = new TokenBucket();
    for (let call = 0; call < 1000; call += 1) bucket.acquire(5);
    expect(bucket.opensAt(5)).toBeLessThanOrEqual(5);
  });

  it('never exceeds the limit if no other client calls, and uses almost all of it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 60 }), (limit, seconds) => {
        const destination = new RateLimitedDestination(limit, seconds * 1000);
        const periods = 5;
        const calls = callsOver(destination, periods * seconds * 1000);
        expect(destination.refused).toBe(0);
        // Destinations round resets to seconds, so up to one second of each period is not used.
        const usable = Math.floor((limit * Math.max(0, seconds - 1)) / seconds);
        expect(calls.length).toBeGreaterThanOrEqual((periods - 1) * Math.floor(usable * 0.7));
      }),
    );
  });

  it('permits calls at once while many are left, and spreads the last few over the rest of the period', () => {
    const bucket = new TokenBucket();
    const calls: number[] = [];
    bucket.update({ limit: 20, remaining: 20, periodMs: 60_000, resetMs: 60_000 }, 0);
    for (let now = 0; now < 60_000; now = Math.max(now, bucket.opensAt(now))) {
      bucket.acquire(now);
      calls.push(Math.round(now / 1000));
    }

    expect(calls.slice(0, 15)).toEqual(Array(15).fill(0));
    expect(calls.slice(15)).toEqual([10, 20, 30, 40, 50]);
  });

  it('uses the number of the destination if other clients call too', () => {
    const destination = new RateLimitedDestination(50, 10_000);
    callsOver(destination, 100_000, (now) => now % 3 === 0);
    expect(destination.refused).toBeLessThanOrEqual(20);
  });

  it('uses the lowest number among the answers to parallel calls', () => {
    const bucket = new TokenBucket();
    const limit = { limit: 10, periodMs: 60_000, resetMs: 60_000 };
    bucket.update({ ...limit, remaining: 0 }, 0);
    bucket.update({ ...limit, remaining: 1 }, 5);
    expect(bucket.opensAt(5)).toBe(60_000);
  });

  it('stays closed for as long as the destination requests, and no longer than its period', () => {
    const bucket = new TokenBucket();
    bucket.pause(7000, 0);
    expect(bucket.opensAt(6999)).toBe(7000);

    bucket.update({ limit: 0, remaining: 0, periodMs: 0, resetMs: 9000 }, 7000);
    expect(bucket.opensAt(15_999)).toBe(16_000);
    expect(bucket.opensAt(16_000)).toBeLessThanOrEqual(16_000);
  });

  it('does not count a call that was not made', () => {
    const bucket = new TokenBucket();
    bucket.update({ limit: 1, remaining: 1, periodMs: 60_000, resetMs: 60_000 }, 0);
    bucket.acquire(0);
    bucket.giveBack();
    expect(bucket.opensAt(0)).toBeLessThanOrEqual(0);
  });
});
