import { describe, expect, it } from '@jest/globals';
import type { PageState } from '@pagebridge/contracts';
import { applyAnswer } from './attempts/apply-answer.ts';
import { begin } from './attempts/attempt.ts';
import { after, aPage, at } from './commands/commands.fixtures.ts';
import { unreportedOutcomes } from './outcomes.ts';
import { type SetAside, setAside } from './set-aside.ts';

const now = at('12:01');
const first = aPage({ teamId: 'team-1' });
const second = aPage({ teamId: 'team-2' });
const announced = begin(after(first), first.pageId, now);
const givenUp = ({ reduced }: SetAside) =>
  unreportedOutcomes(reduced).filter(({ page }) => page.status === 'undeliverable');
const teams = (aside: SetAside) => [
  aside.kept.pages.map(({ teamId, status }) => `${teamId} ${status}`),
  givenUp(aside).map(({ page }) => page.teamId),
];

describe('an alert that the ledger cannot hold', () => {
  it('loses the pages without a call, which are given up with the reason and the position of their command', () => {
    const aside = setAside(after(first, second), undefined, 'it is too large', now);

    expect(teams(aside)).toEqual([[], ['team-1', 'team-2']]);
    const { page, outcome } = givenUp(aside)[0] ?? {};
    expect(outcome).toMatchObject({
      outcome: 'undeliverable',
      reason: 'unwritable',
      detail: 'it is too large',
      attempts: 0,
    });
    expect(page).toHaveProperty('commandRecord');
  });

  it('keeps a page whose attempt was written before, since it may exist', () => {
    expect(teams(setAside(announced, announced, 'too large', now))).toEqual([['team-1 attempting'], []]);
  });

  it('gives up a page whose attempt is only in the refused write', () => {
    expect(givenUp(setAside(announced, after(first), 'too large', now))).toMatchObject([{ outcome: { attempts: 0 } }]);
  });

  it('keeps a page that was called for before, so that an old batch of commands does not create it again', () => {
    const failure = { kind: 'failed', cause: 'server', detail: '503', mayHaveCreated: true, waitMs: 0 } as const;
    const pending = applyAnswer(announced, first.pageId, failure, now);
    expect(teams(setAside(pending, announced, 'too large', now))).toEqual([['team-1 pending'], []]);

    const refused = begin(pending, first.pageId, now);
    expect(teams(setAside(refused, pending, 'too large', now))).toEqual([['team-1 undeliverable'], ['team-1']]);
  });

  it('keeps a delivered page, for its recovery, and no pages that are over', () => {
    const created = { kind: 'created', destinationPageId: 'd-1' } as const;
    const delivered = applyAnswer(announced, first.pageId, created, now);
    const over: PageState = {
      ...(delivered.pages[0] as PageState),
      teamId: 'over',
      status: 'resolved',
      unreported: [],
    };
    const pages = [...delivered.pages, over];

    expect(teams(setAside({ ...delivered, pages }, delivered, 'too large', now))).toEqual([['team-1 delivered'], []]);
  });
});
