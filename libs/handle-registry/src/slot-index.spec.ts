import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { SlotIndex } from './slot-index.ts';

const withHash = (index: SlotIndex, hashOf: (slot: number) => number, hash: number): number[] => {
  const found: number[] = [];
  for (let p = index.first(hash); p >= 0; p = index.next(hash, p)) {
    if (hashOf(index.at(p)) === hash) found.push(index.at(p));
  }
  return found.sort((a, b) => a - b);
};

describe('SlotIndex', () => {
  it('finds exactly the rows that are in, however they collide, and however high their numbers', () => {
    const toggles = fc.array(fc.nat(60), { maxLength: 200 });
    const spread = fc.integer({ min: 1, max: 40 });
    fc.assert(
      fc.property(
        toggles,
        spread,
        fc.constantFrom(7, 104_729),
        fc.constantFrom(1, 99_999),
        (rows, differ, step, apart) => {
          const hashOf = (slot: number) => ((slot / apart) % differ) * step;
          const [index, inside] = [new SlotIndex(hashOf), new Set<number>()];
          for (const slot of rows.map((row) => row * apart)) {
            if (inside.delete(slot)) index.remove(slot);
            else {
              index.add(slot);
              inside.add(slot);
            }
          }
          expect(index.size).toBe(inside.size);
          for (let slot = 0; slot <= 60 * apart; slot += apart) {
            const expected = [...inside].filter((other) => hashOf(other) === hashOf(slot)).sort((a, b) => a - b);
            expect(withHash(index, hashOf, hashOf(slot))).toEqual(expected);
          }
        },
      ),
      { numRuns: 50 },
    );
  });

  it('finds a row by its hash when it has another number', () => {
    const index = new SlotIndex((slot) => slot * 5);
    for (const slot of [10, 20, 30]) index.add(slot);
    index.renumber((slot) => slot / 10);
    expect(index.at(index.first(100))).toBe(2);
  });

  it('refuses to take out what is not in', () => {
    expect(() => new SlotIndex((slot) => slot).remove(3)).toThrow('row 3 is not in the index');
  });
});
