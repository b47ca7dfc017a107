import { expect, it } from '@jest/globals';
import { type AlertState, maxPageDescriptionLength, type PageState } from '@pagebridge/contracts';
import { aConnection } from '@pagebridge/testing';
import { applyAnswer } from './attempts/apply-answer.ts';
import { begin } from './attempts/attempt.ts';
import { after, aPage, at } from './commands/commands.fixtures.ts';
import { failOver } from './failover/failover.ts';
import { fromIdleText, toIdleText } from './ledger/idle-text.ts';
import { requestOf } from './request.ts';

const state = after(aPage());
const [page] = state.pages as [PageState];
const first = { pageId: page.pageId, connectionId: page.connectionId, teamId: 'team-42', teamHandle: 'core-infra' };
const asked = (of: AlertState, its: PageState, description: string) =>
  requestOf(of, its, { title: 'High memory', description, tags: ['env:prod'] });
const backup: PageState = { ...page, pageId: 'b'.repeat(32), failoverOf: { ...first, slug: 'globex-eu' } };

it('adds nothing to a page that is no backup', () => {
  expect(asked(state, page, 'High memory')).toMatchObject({
    description: 'High memory',
    tags: ['env:prod', `page-id:${page.pageId}`],
  });
});

it('adds to a backup the team that it backs and the last error there', () => {
  const failing = { ...state, pages: [{ ...page, lastError: 'answered 503' }, backup] };
  expect(asked(failing, backup, 'High memory').description).toBe(
    `Failover: @oncall-globex-eu/core-infra was not reached in time, so this team is paged as its backup. Last error there: answered 503\n\nHigh memory`,
  );
  expect(asked(state, backup, '').tags).toEqual([
    ...['env:prod', 'failover-from:globex-eu', `failover-of:${page.pageId}`, `page-id:${backup.pageId}`],
  ]);
});

it('names a deleted connection by its id, and keeps within the maximum length of a description', () => {
  const nameless = { ...backup, failoverOf: first };
  expect(asked(state, nameless, '').description).toContain(
    `@oncall-core-infra was not reached in time over connection ${page.connectionId}`,
  );
  expect(asked(state, nameless, '').tags).toContain(`failover-from:${page.connectionId}`);
  const longest = 'x'.repeat(maxPageDescriptionLength);
  expect(asked(state, backup, longest).description).toHaveLength(maxPageDescriptionLength);
});

it('says the last error of the refused page that it backs, also after its alert was idle', () => {
  const team = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'team-7', teamHandle: 'operations' };
  const first = aPage({ failover: { ...team, afterFailures: 1 } });
  const begun = begin(after(first), first.pageId, at('12:00'));
  const refused = applyAnswer(begun, first.pageId, { kind: 'refused', detail: 'no such team' }, at('12:00'));
  const raised = failOver(refused, first.pageId, () => aConnection({ connectionId: team.connectionId }), at('12:00'));
  const reported = { ...raised, pages: raised.pages.map((each) => ({ ...each, unreported: [] })) };
  const again = fromIdleText('acme-us/monitor-1234:host:backend-7', toIdleText(reported));
  expect(asked(again, again.pages[1] as PageState, 'x').description).toContain('Last error there: no such team');
});

it('has the title alone once the command of the page is gone', () => {
  const { title, description, tags } = requestOf(state, page, 'gone');
  expect(title).toBe(page.title);
  expect(description).toContain('no longer has the text');
  expect(tags).toEqual([`page-id:${page.pageId}`]);
});
