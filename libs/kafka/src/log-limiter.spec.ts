import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogLimiter } from './log-limiter.ts';

describe('LogLimiter', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('writes the first lines of each kind in a window, and tells at its end how many were left out', () => {
    const told: [string, number][] = [];
    const limiter = new LogLimiter((kind, leftOut) => told.push([kind, leftOut]), { lines: 2, windowMs: 1000 });
    expect(['a', 'a', 'a', 'a', 'b'].map((kind) => limiter.admits(kind))).toEqual([true, true, false, false, true]);
    jest.advanceTimersByTime(1000);
    expect(told).toEqual([['a', 2]]);
    expect(limiter.admits('a')).toBe(true);
  });
});
