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
  it('finds exactly the rows that are in, however they collide', () => {
    const toggles = fc.array(fc.nat(60), { maxLength: 200 });
    fc.assert(
      fc.property(toggles, fc.integer({ min: 1, max: 40 }), fc.constantFrom(7, 104_729), (slots, spread, step) => {
        const hashOf = (slot: number) => (slot % spread) * step;
        const [index, inside] = [new SlotIndex(hashOf), new Set<number>()];
        for (const slot of slots) {
          if (inside.delete(slot)) index.remove(slot);
          else {
            index.add(slot);
            inside.add(slot);
          }
        }
        for (let slot = 0; slot <= 60; slot += 1) {
          const expected = [...inside].filter((other) => hashOf(other) === hashOf(slot)).sort((a, b) => a - b);
          expect(withHash(index, hashOf, hashOf(slot))).toEqual(expected);
        }
      }),
      { numRuns: 50 },
    );
  });

  it('refuses to take out what is not in', () => {
    expect(() => new SlotIndex((slot) => slot).remove(3)).toThrow('row 3 is not in the index');
  });
});
