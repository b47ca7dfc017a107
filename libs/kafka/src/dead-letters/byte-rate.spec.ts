import { describe, expect, it } from '@jest/globals';
import { ByteRate } from './byte-rate.ts';

describe('an allowance of bytes', () => {
  it('gives so many in a window, and again in the next one', () => {
    let now = 0;
    const allowance = new ByteRate(100, 60_000, () => now);
    expect([60, 50, 40, 1].map((bytes) => allowance.take(bytes))).toEqual([true, false, true, false]);
    now = 59_999;
    expect(allowance.take(1)).toBe(false);
    now = 60_000;
    expect(allowance.take(100)).toBe(true);
  });

  it('gives again what was given back', () => {
    const allowance = new ByteRate(100, 60_000, () => 0);
    allowance.take(100);
    allowance.giveBack(70);
    expect([allowance.take(71), allowance.take(70)]).toEqual([false, true]);
  });
});
