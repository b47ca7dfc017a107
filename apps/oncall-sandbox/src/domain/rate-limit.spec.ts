import { describe, expect, it } from '@jest/globals';
import { RateLimit } from './rate-limit.ts';

const at = (seconds: number) => new Date(seconds * 1000);

describe('a rate limit', () => {
  it('allows the given number of calls in a period, and the full number in the next period', () => {
    const limit = new RateLimit({ limit: 2, periodSeconds: 60, name: 'demo' });
    expect(limit.acquire(at(630))).toMatchObject({ allowed: true, remaining: 1, resetSeconds: 30 });
    expect(limit.acquire(at(631))).toMatchObject({ allowed: true, remaining: 0 });
    expect(limit.acquire(at(632))).toMatchObject({ allowed: false, remaining: 0, resetSeconds: 28 });
    expect(limit.acquire(at(660))).toMatchObject({ allowed: true, remaining: 1, resetSeconds: 60 });
  });

  it('aligns its periods with the clock, not with the first call', () => {
    const limit = new RateLimit({ limit: 1, periodSeconds: 3600, name: 'demo' });
    expect(limit.acquire(at(7199.5))).toMatchObject({ allowed: true, resetSeconds: 1 });
    expect(limit.acquire(at(7200))).toMatchObject({ allowed: true, resetSeconds: 3600 });
  });

  it('starts a new count when it is changed', () => {
    const limit = new RateLimit({ limit: 1, periodSeconds: 60, name: 'demo' });
    limit.acquire(at(0));
    limit.replace({ limit: 5, periodSeconds: 60, name: 'demo' });
    expect(limit.acquire(at(1))).toMatchObject({ allowed: true, remaining: 4 });
  });
});
