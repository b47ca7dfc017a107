import { describe, expect, it } from '@jest/globals';
import { readPageIn, readPagesIn } from './read-pages.ts';

const item = (attributes: object, id: unknown = 'p1') => ({ type: 'pages', id, attributes });
const pageOf = (attributes: object) => readPageIn({ data: item(attributes) });

describe('readPageIn', () => {
  it('reads the state and the times of a page, and nothing else', () => {
    const page = pageOf({
      status: 'acknowledged',
      created_at: '2026-12-01T11:59:00Z',
      modified_at: '2026-12-01T12:00:01.123456+00:00',
      acknowledged_at: '2026-12-01T13:00:01+01:00',
      closed_at: null,
      title: 'Disk full',
      key: 12,
    });
    expect(page).toEqual({
      id: 'p1',
      status: 'acknowledged',
      modifiedAt: Date.UTC(2026, 11, 1, 12, 0, 1, 123),
      acknowledgedAt: Date.UTC(2026, 11, 1, 12, 0, 1),
    });
  });

  it.each([
    ['triggered', 'triggered'],
    ['Acknowledged', 'acknowledged'],
    ['resolved', 'closed'],
    ['closed', 'closed'],
    ['snoozed', 'unknown'],
    ['constructor', 'unknown'],
    [7, 'unknown'],
    [undefined, 'unknown'],
  ])('reads the status %s as %s', (status, expected) => {
    expect(pageOf({ status })).toEqual({ id: 'p1', status: expected });
  });

  it('takes a page of an unknown status for closed if it has a time of closing', () => {
    const page = pageOf({ status: 'archived', closed_at: '2026-12-01T12:00:00Z' });
    expect(page).toEqual({ id: 'p1', status: 'closed', closedAt: Date.UTC(2026, 11, 1, 12) });
  });

  it.each(['triggered', 'acknowledged'])('takes a page that is %s again for open, although it was closed', (status) => {
    expect(pageOf({ status, closed_at: '2026-12-01T12:00:00Z' })).toEqual({ id: 'p1', status });
  });

  it.each([
    'soon',
    '',
    // Without an offset the result would depend on the time zone of this process.
    '2026-12-01T12:00:00',
    '2026-12-01',
    '2026-13-01T12:00:00Z',
    `2026-12-01T12:00:00.${'0'.repeat(2000)}Z`,
    1_796_126_400_000,
    '0001-01-01T00:00:00Z',
    {},
    null,
  ])('omits the time %s', (time) => {
    const page = pageOf({ status: 'triggered', modified_at: time, acknowledged_at: time, closed_at: time });
    expect(page).toEqual({ id: 'p1', status: 'triggered' });
  });

  it.each([undefined, null, [], {}, item({}, ''), item({}, null), item({}, 'p'.repeat(257))])(
    'returns undefined for %j',
    (data) => {
      expect(readPageIn({ data })).toBeUndefined();
    },
  );
});

describe('readPagesIn', () => {
  it('reads pages in order, and skips items without a usable id', () => {
    const data = [item({}, 'b'), 7, null, { type: 'pages' }, item({}, 'x'.repeat(257)), { id: 'a', attributes: [] }];
    expect(readPagesIn({ data })?.map(({ id }) => id)).toEqual(['b', 'a']);
    expect(readPagesIn({ data: [] })).toEqual([]);
  });

  it.each([{}, { data: null }, { data: {} }, { data: 'none' }])(
    'returns undefined for %j, which is no list',
    (body) => {
      expect(readPagesIn(body)).toBeUndefined();
    },
  );
});
