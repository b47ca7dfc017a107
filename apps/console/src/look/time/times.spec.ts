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

  it.each([
    ['2026-11-30T03:11:04Z', '03:11:04'],
    ['2026-11-29T23:59:59Z', '29 Nov, 23:59:59'],
    ['2026-10-28T03:12:04Z', '28 Oct, 03:12:04'],
    ['2027-11-30T03:12:04Z', '30 Nov 2027, 03:12:04'],
    ['2025-12-31T23:59:59Z', '31 Dec 2025, 23:59:59'],
  ])('give the date if it is not that of today, and the year if it is not this one: %s', (at, text) => {
    expect(clockTime(Date.parse(at), now, 'utc')).toBe(text);
  });
});
