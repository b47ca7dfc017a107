import { describe, expect, it } from '@jest/globals';
import { floodedStretchOf } from './flood.ts';
import { Seeded } from './seed.ts';

describe('the flooded stretch of a run', () => {
  it('is neither the first nor the last, if there are others', () => {
    const drawn = Array.from({ length: 50 }, (_, seed) => floodedStretchOf(5, new Seeded(seed)));
    expect(new Set(drawn)).toEqual(new Set([1, 2, 3]));
    expect(floodedStretchOf(3, new Seeded(1))).toBe(1);
  });

  it('is the last of a short run', () => {
    expect(floodedStretchOf(1, new Seeded(1))).toBe(0);
    expect(floodedStretchOf(2, new Seeded(1))).toBe(1);
  });
});
