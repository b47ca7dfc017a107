import { describe, expect, it } from '@jest/globals';
import { SyncLimiter } from './sync-limiter.ts';

const at = (seconds: number) => new Date(Date.UTC(2026, 0, 1, 0, 0, seconds));

describe('SyncLimiter', () => {
  it('admits one request for each directory in a period', () => {
    const limiter = new SyncLimiter(10_000);
    const taken = [0, 1, 9, 10, 15, 20].map((seconds) => limiter.acquire('a', at(seconds)));
    expect(taken).toEqual([true, false, false, true, false, true]);
    expect(limiter.acquire('b', at(20))).toBe(true);
  });

  it('admits another request if the last could not be sent', () => {
    const limiter = new SyncLimiter(10_000);
    limiter.acquire('a', at(0));
    limiter.giveBack('a');
    expect(limiter.acquire('a', at(1))).toBe(true);
  });

  it('is not blocked by a clock that was set back', () => {
    const limiter = new SyncLimiter(10_000);
    limiter.acquire('a', at(3600));
    expect(limiter.acquire('a', at(0))).toBe(true);
    expect(limiter.acquire('a', at(1))).toBe(false);
  });
});
