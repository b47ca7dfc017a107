import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { act, type PageAction, Pages } from './pages.ts';

const by = { apiKey: 'default', applicationKey: 'good' };
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
