import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LatestChanges, laterFirst, type Place, type PlacedChange } from './latest-changes.ts';

const change: PlacedChange['change'] = {
  directory: 'EU1/org-globex/account-1',
  teamId: 'a',
  kind: 'added',
  teamHandle: 'core',
  teamName: 'Core',
  at: '2026-01-01T00:00:00.000Z',
  ownerEpoch: 1,
};
const places = fc.uniqueArray(
  fc.record({ atMs: fc.nat(3), partition: fc.nat(2), offset: fc.nat(50) }, { noNullPrototype: true }),
  { selector: ({ atMs, partition, offset }) => `${atMs}/${partition}/${offset}`, maxLength: 60 },
);

describe('the latest changes', () => {
  it('are all changes over all pages, the latest first', () => {
    fc.assert(
      fc.property(places, fc.integer({ min: 1, max: 8 }), (all, most) => {
        const listed: Place[] = [];
        for (let before: Place | undefined, isMore = true; isMore; before = listed.at(-1)) {
          const page = new LatestChanges(most, before);
          for (const place of all) page.add({ ...place, change });
          const found = page.sorted();
          listed.push(...found);
          isMore = found.length === most;
        }
        const expected = all.toSorted(laterFirst).map((place) => ({ ...place, change }));
        expect(listed).toEqual(expected);
      }),
    );
  });

  it('are those written last, among changes of the same time', () => {
    const latest = new LatestChanges(2);
    for (const offset of [7, 9, 8]) latest.add({ atMs: 1, partition: 0, offset, change });
    expect(latest.sorted().map(({ offset }) => offset)).toEqual([9, 8]);
  });
});
