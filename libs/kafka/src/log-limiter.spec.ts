import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { LogLimiter } from './log-limiter.ts';

describe('LogLimiter', () => {
  beforeEach(() => void jest.useFakeTimers());
  afterEach(() => void jest.useRealTimers());

  const nothing = () => undefined;
  const numbers = (count: number) => Array.from({ length: count }, (_, number) => String(number));

  it('admits the first lines of each kind in a window, and reports at its end how many were left out', () => {
    const reported: [string, number][] = [];
    const limiter = new LogLimiter((kind, leftOut) => reported.push([kind, leftOut]), { lines: 2, windowMs: 1000 });
    expect(['a', 'a', 'a', 'a', 'b'].map((kind) => limiter.admits(kind))).toEqual([true, true, false, false, true]);
    jest.advanceTimersByTime(1000);
    expect(reported).toEqual([['a', 2]]);
    expect(limiter.admits('a')).toBe(true);
  });

  it('leaves no connection unnamed, however many lines the others have', () => {
    const limiter = new LogLimiter(nothing);
    const named = new Set<string>();
    for (const connection of numbers(500)) {
      for (let times = 0; times < 50; times += 1) {
        if (limiter.admits('page-waits', connection)) named.add(connection);
      }
    }
    expect(named.size).toBe(500);
  });

  it('has a bound for the lines of a connection, of a kind, and for its memory', () => {
    const limiter = new LogLimiter(nothing, { lines: 2, linesOfKind: 5 });
    const admitted = (kind: string, subjects: string[]) => subjects.filter((subject) => limiter.admits(kind, subject));
    const thrice = ['a', 'b', 'c', 'd'].flatMap((subject) => [subject, subject, subject]);
    expect(admitted('kind', thrice)).toEqual(['a', 'a', 'b', 'b', 'c', 'd']);
    expect(admitted('many', numbers(5000))).toHaveLength(1000);
    const kinds = numbers(5000).filter((kind) => limiter.admits(kind));
    expect(kinds.length).toBeLessThan(110);
  });
});
