import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogLimiter } from './log-limiter.ts';

describe('LogLimiter', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  it('admits the first lines of each kind in a window, and reports at its end how many were left out', () => {
    const reported: [string, number][] = [];
    const limiter = new LogLimiter((kind, leftOut) => reported.push([kind, leftOut]), { lines: 2, windowMs: 1000 });
    expect(['a', 'a', 'a', 'a', 'b'].map((kind) => limiter.admits(kind))).toEqual([true, true, false, false, true]);
    jest.advanceTimersByTime(1000);
    expect(reported).toEqual([['a', 2]]);
    expect(limiter.admits('a')).toBe(true);
  });
});
