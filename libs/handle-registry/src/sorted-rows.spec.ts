import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { type CodeAt, SortedRows } from './sorted-rows.ts';

const listOf = (rows: SortedRows): number[] => Array.from({ length: rows.size }, (_, i) => rows.at(i));

const codesOf =
  (keyOf: (slot: number) => string): CodeAt =>
  (slot, place) =>
    place < keyOf(slot).length ? keyOf(slot).charCodeAt(place) : -1;

describe('SortedRows', () => {
  it('stays in the order of its keys through any insertions and removals', () => {
    const keys = fc.array(fc.string({ maxLength: 2 }), { minLength: 1, maxLength: 40 });
    fc.assert(
      fc.property(keys, fc.array(fc.nat(39)), (texts, toggles) => {
        const keyOf = (slot: number) => texts[slot] ?? '';
        const codeAt = codesOf(keyOf);
        const inside = new Set(texts.keys());
        const rows = new SortedRows(inside, codeAt);
        for (const slot of toggles) {
          if (inside.delete(slot)) rows.remove(slot);
          else {
            rows.insert(slot);
            inside.add(slot);
          }
        }
        const expected = [...inside].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : keyOf(a) > keyOf(b) ? 1 : a - b));
        expect(listOf(rows)).toEqual(expected);
        expect(rows.lowerBound('m')).toBe(expected.filter((slot) => keyOf(slot) < 'm').length);
      }),
    );
  });

  it('refuses to take out what is not in', () => {
    expect(() => new SortedRows([1], codesOf(String)).remove(2)).toThrow('row 2 is not in its order');
  });
});
