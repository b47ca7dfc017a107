import { describe, expect, it } from '@jest/globals';
import { ago, clockTime, duration } from './times.ts';

const now = Date.parse('2026-11-30T03:12:04Z');

describe('times', () => {
  it('say the largest whole unit of a duration', () => {
    expect([0, 59_999, 60_000, 3_599_000, 3_600_000, 86_400_000 * 9].map(duration)).toEqual([
      '0 s',
      '59 s',
      '1 min',
      '59 min',
      '1 h',
      '9 d',
    ]);
  });

  it('say how long ago, and how soon', () => {
    expect([now - 40_000, now + 8000, now].map((at) => ago(at, now))).toEqual(['40 s ago', 'in 8 s', 'now']);
  });

  it('give the date once it may not be that of today', () => {
    expect(clockTime(now - 60_000, now, 'utc')).toBe('03:11:04');
    expect(clockTime(Date.parse('2026-10-28T03:12:04Z'), now, 'utc')).toBe('28 Oct, 03:12:04');
  });
});
