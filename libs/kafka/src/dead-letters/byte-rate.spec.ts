import { describe, expect, it } from '@jest/globals';
import { ByteRate } from './byte-rate.ts';

describe('ByteRate', () => {
  it('allows the given bytes in each window', () => {
    let now = 0;
    const rate = new ByteRate(100, 60_000, () => now);
    expect([60, 50, 40, 1].map((bytes) => rate.take(bytes))).toEqual([true, false, true, false]);
    now = 59_999;
    expect(rate.take(1)).toBe(false);
    now = 60_000;
    expect(rate.take(100)).toBe(true);
  });

  it('allows bytes again that were given back', () => {
    const rate = new ByteRate(100, 60_000, () => 0);
    rate.take(100);
    rate.giveBack(70);
    expect([rate.take(71), rate.take(70)]).toEqual([false, true]);
  });
});
