import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { ascending, descending, merged, SortedNames } from './sorted-names.ts';

const name = fc.string({ unit: fc.constantFrom('a', 'b', '-'), minLength: 1, maxLength: 4 });

describe('SortedNames', () => {
  it('behaves like a sorted list after any additions and removals', () => {
    fc.assert(
      fc.property(
        fc.array(name),
        fc.array(fc.array(name)),
        fc.string({ unit: fc.constantFrom('a', 'b', '-', '\n'), maxLength: 3 }),
        (first, rounds, part) => {
          const inside = new Set(first);
          const names = new SortedNames(inside, (each) => inside.has(each));
          for (const toggled of [[], ...rounds]) {
            for (const each of toggled) {
              if (!inside.delete(each)) inside.add(each);
              names.note(each);
            }
            const sorted = [...inside].sort();
            expect([...names.from(part)]).toEqual(sorted.filter((each) => each >= part));
            expect([...names.before(part)]).toEqual(sorted.filter((each) => each < part).reverse());
            expect([...names.beginningWith(part)]).toEqual(sorted.filter((each) => each.startsWith(part)));
            const containing = sorted.filter((each) => each.includes(part) && !each.startsWith(part));
            expect([...names.containing(part)]).toEqual(containing);
            for (const begin of ['', 'a', 'b-']) {
              const beginning = sorted.filter((each) => each.startsWith(part) && each >= begin);
              expect([...names.beginningWith(part, begin)]).toEqual(beginning);
              expect([...names.containing(part, begin)]).toEqual(containing.filter((each) => each >= begin));
              const both = sorted.filter((each) => each.startsWith(begin) && each.includes(part));
              expect(names.count(part, begin)).toBe(both.length);
            }
          }
        },
      ),
    );
  });
});

it('merges several sorted lists into one, each name once, in either direction', () => {
  fc.assert(
    fc.property(fc.array(fc.array(fc.string({ maxLength: 2 }))), fc.boolean(), (lists, isReversed) => {
      const compare = isReversed ? descending : ascending;
      const inOrder = (list: string[]) => [...new Set(list)].sort(compare);
      const each = lists.map((list) => inOrder(list).values());
      expect([...merged(each, compare)]).toEqual(inOrder(lists.flat()));
    }),
  );
});
