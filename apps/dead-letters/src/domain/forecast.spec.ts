import { describe, expect, it } from '@jest/globals';
import type { PageState } from '@pagebridge/contracts';
import { History } from './history.ts';
import type { Letter } from './letter.ts';
import { aCommandAt, aLedgerPage, anAlertAt, aResolveAt, aStateAt, at, now, parked } from './letters.features.ts';
import { plan } from './plan.ts';

const pageId = 'pg_0123456789abcdef';
const team = { connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', teamId: 'team-42', teamHandle: 'core-infra' };
const elsewhere = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'team-7', teamHandle: 'operations' };
const givenUp = aLedgerPage({ pageId, status: 'undeliverable' });

/** What these letters become, by a ledger with these pages. */
function becoming(letters: readonly Letter[], pages: readonly PageState[], pageAnew = false) {
  const history = new History(letters, letters, now);
  history.take(aStateAt(0, { pages: [...pages] }));
  const options = { reopenAfterMs: 60 * 60_000, pageAnew };
  return plan(letters, letters, history, options, now).map(({ decision }) => {
    if (decision.kind === 'skip') return decision.reason;
    const { effect } = decision;
    return effect.kind === 'joined' ? `joined ${effect.pageId}${effect.isBackup ? ' of its backup' : ''}` : effect.kind;
  });
}

const letter = parked(aCommandAt(at('12:00'), 1, { pageId }), 0);
const another = (its: Partial<PageState> = {}) => aLedgerPage({ pageId: 'pg_other_0123456789', ...its });
const backup = (its: Partial<PageState> = {}) =>
  aLedgerPage({ ...elsewhere, pageId: 'pg_backup_0123456789', failoverOf: { ...team, pageId }, ...its });

describe('the preview says that a dead letter becomes', () => {
  it('an alert that is routed anew, a resolve, or a new attempt to page', () => {
    expect(becoming([parked(anAlertAt(at('12:00'), 1), 0)], [])).toEqual(['routed']);
    expect(becoming([parked(aResolveAt(at('12:00'), 1), 0)], [])).toEqual(['resolve']);
    expect(becoming([letter], [])).toEqual(['page']);
    expect(becoming([letter], [givenUp])).toEqual(['page']);
  });

  it('part of the page that is open for its team', () => {
    expect(becoming([letter], [givenUp, another()])).toEqual(['joined pg_other_0123456789']);
    expect(becoming([letter], [givenUp, another({ status: 'pending' })])).toEqual(['joined pg_other_0123456789']);
  });

  it('part of the open page of its backup', () => {
    expect(becoming([letter], [givenUp, backup()])).toEqual(['joined pg_backup_0123456789 of its backup']);
    const ofFormer = backup({ failoverOf: { ...team, pageId: 'pg_former_0123456789' } });
    expect(becoming([letter], [givenUp, ofFormer])).toEqual(['joined pg_backup_0123456789 of its backup']);
  });

  it('a new attempt beside a backup that waits itself, and where the other page has ended or gives way', () => {
    expect(becoming([letter], [givenUp, backup({ status: 'pending' })])).toEqual(['page']);
    expect(becoming([letter], [givenUp, another({ status: 'resolved' })])).toEqual(['page']);
    expect(becoming([letter], [givenUp, another({ ending: 'recovered' })])).toEqual(['page']);
    expect(becoming([letter], [givenUp, another({ replacedBy: 'pg_third_0123456789' })])).toEqual(['page']);
    expect(becoming([letter], [givenUp, another({ teamId: 'team-43' })])).toEqual(['page']);
  });

  it('a new attempt where it is more urgent than the open page, or more than the reopen age younger', () => {
    expect(becoming([letter], [givenUp, another({ urgency: 'low' })])).toEqual(['page']);
    const old = { occurredAt: at('10:59').toISOString(), triggeredAt: at('10:59').toISOString() };
    expect(becoming([letter], [givenUp, another(old)])).toEqual(['page']);
  });

  it('part of what an earlier one of the same replay becomes, and a page of its own after its recovery', () => {
    const warned = aCommandAt(at('12:00'), 1, {
      ...elsewhere,
      pageId: 'pg_1_0123456789abc',
      failoverOf: { ...team, pageId: 'pg_0_0123456789abc' },
    });
    const own = aCommandAt(at('12:05'), 2, { pageId: 'pg_2_0123456789abc' });
    expect(becoming([parked(warned, 0), parked(own, 1)], [])).toEqual([
      'page',
      'joined pg_1_0123456789abc of its backup',
    ]);
    const recovery = parked(aResolveAt(at('11:50'), 1), 0);
    const open = another({ occurredAt: at('11:40').toISOString(), triggeredAt: at('11:40').toISOString() });
    expect(becoming([recovery, parked(own, 1)], [open])).toEqual(['resolve', 'page']);
  });

  it('a page of its own wherever that is asked for', () => {
    expect(becoming([letter], [givenUp, another()], true)).toEqual(['page']);
    expect(becoming([letter], [givenUp, backup()], true)).toEqual(['page']);
    expect(becoming([letter], [givenUp, another({ joined: [pageId] })], true)).toEqual(['page']);
    expect(becoming([letter], [givenUp, another({ status: 'resolved', joined: [pageId] })])).toEqual([
      'joined pg_other_0123456789',
    ]);
    expect(becoming([letter], [aLedgerPage({ pageId })], true)).toEqual(['not-given-up']);
  });
});
