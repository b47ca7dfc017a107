import { describe, expect, it } from '@jest/globals';
import { untilStill } from './until-still.ts';

const reading = (counts: readonly number[]) => {
  const left = [...counts];
  return async () => (left.length > 1 ? left.shift() : left[0]) ?? 0;
};

describe('a wait for a count', () => {
  it('ends when the count is large enough', async () => {
    expect(await untilStill(reading([0, 2, 5, 9]), 5, { stillMs: 60_000, everyMs: 1 })).toBe(5);
  });

  it('ends with the count that stands still', async () => {
    expect(await untilStill(reading([0, 1, 3]), 5, { stillMs: 10, everyMs: 1 })).toBe(3);
  });
});
