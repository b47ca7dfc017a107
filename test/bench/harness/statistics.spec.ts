import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { latencyFigures, median, middleRate, percentile } from './statistics.ts';

const numbers = fc.array(fc.integer({ min: -1000, max: 1000 }), { minLength: 1, maxLength: 60 });

describe('median', () => {
  it('has equally many values above and below', () => {
    fc.assert(
      fc.property(numbers, (values) => {
        const middle = median(values);
        const above = values.filter((value) => value > middle).length;
        const below = values.filter((value) => value < middle).length;
        expect(Math.max(above, below)).toBeLessThanOrEqual(values.length / 2);
      }),
    );
  });

  it('is the mean of the two middle values of an even number', () => {
    expect(median([4, 1, 3, 2])).toBe(2.5);
  });

  it('throws without values', () => {
    expect(() => median([])).toThrow(RangeError);
  });
});

describe('percentile', () => {
  it('is a measured value that the given share does not exceed', () => {
    fc.assert(
      fc.property(numbers, fc.double({ min: 0.001, max: 1, noNaN: true }), (values, fraction) => {
        const sorted = values.toSorted((a, b) => a - b);
        const value = percentile(sorted, fraction);
        expect(sorted).toContain(value);
        expect(sorted.filter((each) => each <= value).length / sorted.length).toBeGreaterThanOrEqual(fraction);
      }),
    );
  });

  it('is the largest value if there are too few', () => {
    expect(latencyFigures([1, 2, 9])).toEqual({ p50Ms: 2, p99Ms: 9, p999Ms: 9 });
  });
});

describe('the rate over the middle', () => {
  it('ignores a slow start and a late end', () => {
    const steady = Array.from({ length: 100 }, (_, n) => n * 10);
    expect(middleRate(steady)).toBeCloseTo(100);
    expect(middleRate([-90_000, ...steady.slice(1, -1), 90_000].reverse())).toBeCloseTo(100);
  });
});
