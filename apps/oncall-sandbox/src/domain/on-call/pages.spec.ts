import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { act, type PageAction, Pages, stateAt } from './pages.ts';

const by = { userId: 'u1', apiKey: 'default', applicationKey: 'good' };
const input = {
  title: 'T',
  description: null,
  urgency: 'high',
  tags: [],
  target: { type: 'team_handle', identifier: 'core-infra' },
  team: null,
};
const create = (pages = new Pages(), id = 'p1') => pages.create(id, input, by, new Date(0));

describe('a page', () => {
  it('changes from triggered to acknowledged to resolved, and stores each time', () => {
    const page = create();
    expect(page.status).toBe('triggered');
    act(page, 'acknowledge', by, new Date(1000));
    expect(page).toMatchObject({ status: 'acknowledged', acknowledgedAt: new Date(1000), resolvedAt: null });
    act(page, 'resolve', by, new Date(2000));
    expect(page).toMatchObject({ status: 'resolved', resolvedAt: new Date(2000) });
  });

  it('never returns to an earlier status, and keeps every action in its history', () => {
    const rank = { triggered: 0, acknowledged: 1, resolved: 2 };
    const actions = fc.array(fc.constantFrom<PageAction>('acknowledge', 'escalate', 'resolve'), { maxLength: 12 });
    fc.assert(
      fc.property(actions, (done) => {
        const page = create();
        let before = page.status;
        for (const [index, action] of done.entries()) {
          act(page, action, by, new Date(index + 1));
          expect(rank[page.status]).toBeGreaterThanOrEqual(rank[before]);
          before = page.status;
        }
        expect(page.history).toHaveLength(done.length + 1);
        expect(page.status === 'resolved').toBe(done.includes('resolve'));
      }),
    );
  });
});

describe('the state of a page at an instant', () => {
  const at = (ms: number) => new Date(ms);
  const acted = () => {
    const page = create();
    const actions = [
      ['escalate', 1000],
      ['acknowledge', 2000],
      ['acknowledge', 3000],
      ['escalate', 4000],
      ['resolve', 5000],
      ['resolve', 6000],
    ] as const;
    for (const [action, ms] of actions) act(page, action, by, at(ms));
    return page;
  };

  it.each([
    [0, 'triggered', 0, null, null],
    [1999, 'triggered', 1000, null, null],
    [3000, 'acknowledged', 2000, 2000, null],
    [4999, 'acknowledged', 4000, 2000, null],
    [9000, 'resolved', 5000, 2000, 5000],
  ])('follows every change: at %i ms', (ms, status, modified, acknowledged, closed) => {
    const page = acted();
    const time = (value: number | null) => (value === null ? null : at(value));
    expect(stateAt(page, at(ms))).toEqual({
      page,
      status,
      modifiedAt: at(modified),
      acknowledgedAt: time(acknowledged),
      closedAt: time(closed),
      closedBy: closed === null ? null : by,
    });
  });

  it('is none before its creation, and agrees with the page itself now', () => {
    expect(stateAt(acted(), at(-1))).toBeUndefined();
    const page = acted();
    const { status, acknowledgedAt, resolvedAt } = page;
    expect(stateAt(page, at(9000))).toMatchObject({ status, acknowledgedAt, closedAt: resolvedAt });
  });
});

describe('the pages of an org', () => {
  it('are numbered and listed in order of creation, also after some were deleted', () => {
    const pages = new Pages();
    create(pages, 'a');
    pages.clear();
    create(pages, 'b');
    create(pages, 'c');
    expect(pages.all().map(({ id, number }) => [id, number])).toEqual([
      ['b', 2],
      ['c', 3],
    ]);
  });
});
