import { describe, expect, it } from '@jest/globals';
import { heapBytes } from '@pagebridge/testing';
import { teamListIn } from './team-list.ts';

const teams = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    type: 'team',
    id: `t${i}`,
    attributes: { name: `T${i}`, handle: `t-${i}` },
  }));
const numbered = (number: number, size: number, total: number) => ({
  pagination: { type: 'number_size', number, next_number: number + 1, size, total },
});

describe('teamListIn', () => {
  it('reads teams with id, handle and name', () => {
    const page = teamListIn({ data: teams(1), meta: numbered(0, 10, 1) }, { pageNumber: 0, pageSize: 10 });
    const expected = { teams: [{ id: 't0', handle: 't-0', name: 'T0' }], unreadable: 0, total: 1, last: true };
    expect(page).toEqual(expected);
  });

  it.each([
    ['more pages follow', 10, numbered(0, 10, 25), 0, false],
    ['the total is reached', 5, numbered(2, 10, 25), 2, true],
    ['a full page reaches the total, though a next page is named', 10, numbered(0, 10, 10), 0, true],
    ['the page is empty', 0, numbered(3, 10, 25), 3, true],
    ['a page without meta is full', 10, undefined, 0, false],
    ['a page without meta is short', 9, undefined, 0, true],
    [
      'offset_limit meta shows that the first page is complete',
      3,
      { pagination: { type: 'offset_limit', offset: 0, limit: 100, total: 3 } },
      4,
      true,
    ],
    [
      'offset_limit meta shows that more teams follow',
      10,
      { pagination: { type: 'offset_limit', offset: 0, limit: 10, total: 30 } },
      0,
      false,
    ],
  ])('detects the last page when %s', (_when, count, meta, pageNumber, last) => {
    expect(teamListIn({ data: teams(count), meta }, { pageNumber, pageSize: 10 })?.last).toBe(last);
  });

  it('does not treat a page that the destination capped as the last one', () => {
    const page = teamListIn({ data: teams(100), meta: numbered(0, 100, 250) }, { pageNumber: 0, pageSize: 500 });
    expect(page?.last).toBe(false);
  });

  it('reads at most the requested number of teams from a page, and counts the rest as unreadable', () => {
    const query = { pageNumber: 0, pageSize: 10 };
    const page = teamListIn({ data: teams(25), meta: numbered(0, 25, 25) }, query);
    expect(page?.teams.map(({ id }) => id)).toEqual(teams(10).map(({ id }) => id));
    expect(page).toMatchObject({ unreadable: 15, total: 25, last: true });
    // More pages may follow, so `last` must be false.
    expect(teamListIn({ data: teams(25) }, query)).toMatchObject({ unreadable: 15, last: false });
  });

  it('counts entries it cannot read', () => {
    const data = [...teams(1), { type: 'team', id: 't9', attributes: { handle: null } }, 7];
    expect(teamListIn({ data }, { pageNumber: 0, pageSize: 10 })).toMatchObject({ unreadable: 2, last: true });
  });

  it('returns undefined for a page without a list', () => {
    expect(teamListIn({ data: {} }, { pageNumber: 0, pageSize: 10 })).toBeUndefined();
  });

  it('keeps no more of an endless name than a name has', () => {
    const before = heapBytes();
    const pages = Array.from({ length: 50 }, (_, i) => {
      const attributes = { handle: `t-${i}`, name: 'n'.repeat(1_000_000) };
      return teamListIn({ data: [{ id: `t${i}`, attributes }] }, { pageNumber: i, pageSize: 1 });
    });
    expect(heapBytes() - before).toBeLessThan(5_000_000);
    expect(pages[7]?.teams[0]?.name).toBe('n'.repeat(1024));
  });
});
