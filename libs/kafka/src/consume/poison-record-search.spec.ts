import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { PoisonRecordSearch } from './poison-record-search.ts';

/** Consumes `count` records with a handler that throws at `bad` ones, at most `heals` times. Returns what it parked. */
function play(count: number, bad: ReadonlySet<number>, heals = Number.POSITIVE_INFINITY) {
  const search = new PoisonRecordSearch(5);
  const parked: number[] = [];
  let throws = 0;
  for (let next = 0; next < count; ) {
    const width = Math.min(search.width, count - next);
    const last = next + width - 1;
    const throwing = throws < heals && [...bad].some((offset) => offset >= next && offset <= last);
    if (!throwing) {
      search.passed(last);
      next = last + 1;
      continue;
    }
    throws += 1;
    if (throws > 5000) throw new Error('never ends');
    if (search.failed(last, width)) {
      parked.push(next);
      next += 1;
    }
  }
  return { parked, throws, search };
}

describe('the search for poison records', () => {
  it('parks exactly the records at which the handler throws', () => {
    const bad = fc.uniqueArray(fc.integer({ min: 0, max: 99 }), { maxLength: 6 });
    fc.assert(
      fc.property(bad, (offsets) => {
        expect(play(100, new Set(offsets)).parked).toEqual(offsets.toSorted((a, b) => a - b));
      }),
      { numRuns: 50 },
    );
  });

  it('throws no more often than it must', () => {
    expect(play(500, new Set([321])).throws).toBe(10);
  });

  it('gives a single record all its attempts before it parks the record', () => {
    expect(play(1, new Set([0]), 4).parked).toEqual([]);
    expect(play(1, new Set([0]), 5).parked).toEqual([0]);
  });

  it('returns to whole batches after the poison record', () => {
    expect(play(100, new Set([50])).search.width).toBe(Number.POSITIVE_INFINITY);
  });
});
