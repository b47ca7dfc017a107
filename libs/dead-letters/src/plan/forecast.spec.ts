import { describe, expect, it } from '@jest/globals';
import type { PageState } from '@pagebridge/contracts';
import type { Letter } from '../letters/letter.ts';
import {
  aCommandAt,
  aConnectionAt,
  aLedgerPage,
  anAlertAt,
  aResolveAt,
  aStateAt,
  at,
  now,
  parked,
} from '../letters/letters.fixtures.ts';
import type { StoredRecord } from '../letters/record.ts';
import { History } from './history.ts';
import { plan } from './plan.ts';

const pageId = 'pg_0123456789abcdef';
const team = { connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11', teamId: 'team-42', teamHandle: 'core-infra' };
const elsewhere = { connectionId: '00000000-0000-4000-8000-00000000000b', teamId: 'team-7', teamHandle: 'operations' };
const givenUp = aLedgerPage({ pageId, status: 'undeliverable' });

/** Returns the forecast effect of each letter, given a ledger with these pages. */
function effectsOf(
  letters: readonly Letter[],
  pages: readonly PageState[],
  forceNewPage = false,
  connection = aConnectionAt(0),
  ledger = [aStateAt(0, { pages: [...pages] })],
) {
  const history = new History(letters, letters, now);
  for (const record of [...ledger, connection, aConnectionAt(1, { connectionId: elsewhere.connectionId })])
    history.read(record);
  const options = { reopenAfterMs: 60 * 60_000, forceNewPage };
  return plan(letters, letters, history, options, now).map(({ decision }) => {
    if (decision.kind === 'skip') return decision.reason;
    const { effect } = decision;
    if (effect.kind === 'refused') return effect.detail;
    return effect.kind === 'joined' ? `joined ${effect.pageId}${effect.isBackup ? ' of its backup' : ''}` : effect.kind;
  });
}

const letter = parked(aCommandAt(at('12:00'), 1, { pageId }), 0);
const another = (its: Partial<PageState> = {}) => aLedgerPage({ pageId: 'pg_other_0123456789', ...its });
const backup = (its: Partial<PageState> = {}) =>
  aLedgerPage({ ...elsewhere, pageId: 'pg_backup_0123456789', failoverOf: { ...team, pageId }, ...its });

describe('the preview forecasts that a dead letter becomes', () => {
  it('an alert that is routed anew, a resolve, or a new attempt to page', () => {
    expect(effectsOf([parked(anAlertAt(at('12:00'), 1), 0)], [])).toEqual(['routed']);
    expect(effectsOf([parked(aResolveAt(at('12:00'), 1), 0)], [])).toEqual(['resolve']);
    expect(effectsOf([letter], [])).toEqual(['page']);
    expect(effectsOf([letter], [givenUp])).toEqual(['page']);
  });

  it('joined to the open page of its team', () => {
    expect(effectsOf([letter], [givenUp, another()])).toEqual(['joined pg_other_0123456789']);
    expect(effectsOf([letter], [givenUp, another({ status: 'pending' })])).toEqual(['joined pg_other_0123456789']);
  });

  it('joined to the open page of its backup', () => {
    expect(effectsOf([letter], [givenUp, backup()])).toEqual(['joined pg_backup_0123456789 of its backup']);
    const ofFormer = backup({ failoverOf: { ...team, pageId: 'pg_former_0123456789' } });
    expect(effectsOf([letter], [givenUp, ofFormer])).toEqual(['joined pg_backup_0123456789 of its backup']);
  });

  it('a new attempt if its backup is still pending, or if the other page has ended or is being replaced', () => {
    expect(effectsOf([letter], [givenUp, backup({ status: 'pending' })])).toEqual(['page']);
    expect(effectsOf([letter], [givenUp, another({ status: 'resolved' })])).toEqual(['page']);
    expect(effectsOf([letter], [givenUp, another({ ending: 'recovered' })])).toEqual(['page']);
    expect(effectsOf([letter], [givenUp, another({ replacedBy: 'pg_third_0123456789' })])).toEqual(['page']);
    expect(effectsOf([letter], [givenUp, another({ teamId: 'team-43' })])).toEqual(['page']);
  });

  it('a new attempt if it is more urgent than the open page, or younger by at least the reopen age', () => {
    expect(effectsOf([letter], [givenUp, another({ urgency: 'low' })])).toEqual(['page']);
    const old = { occurredAt: at('10:59').toISOString(), triggeredAt: at('10:59').toISOString() };
    expect(effectsOf([letter], [givenUp, another(old)])).toEqual(['page']);
  });

  it('joined to the page of an earlier letter of the same replay, and a new page after the recovery', () => {
    const warned = aCommandAt(at('12:00'), 1, {
      ...elsewhere,
      pageId: 'pg_1_0123456789abc',
      failoverOf: { ...team, pageId: 'pg_0_0123456789abc' },
    });
    const own = aCommandAt(at('12:05'), 2, { pageId: 'pg_2_0123456789abc' });
    expect(effectsOf([parked(warned, 0), parked(own, 1)], [])).toEqual([
      'page',
      'joined pg_1_0123456789abc of its backup',
    ]);
    const recovery = parked(aResolveAt(at('11:50'), 1), 0);
    const open = another({ occurredAt: at('11:40').toISOString(), triggeredAt: at('11:40').toISOString() });
    expect(effectsOf([recovery, parked(own, 1)], [open])).toEqual(['resolve', 'page']);
  });

  it('a new page if the replay has --force-new-page', () => {
    expect(effectsOf([letter], [givenUp, another()], true)).toEqual(['page']);
    expect(effectsOf([letter], [givenUp, backup()], true)).toEqual(['page']);
    expect(effectsOf([letter], [givenUp, another({ joined: [pageId] })], true)).toEqual(['page']);
    expect(effectsOf([letter], [givenUp, another({ status: 'resolved', joined: [pageId] })])).toEqual([
      'joined pg_other_0123456789',
    ]);
    expect(effectsOf([letter], [aLedgerPage({ pageId })], true)).toEqual(['not-given-up']);
  });

  it('parked again if its alert has no room for another page', () => {
    const teams = Array.from({ length: 200 }, (_, n) => another({ pageId: `pg_${n}`, teamId: `team-of-${n}` }));
    expect(effectsOf([letter], [givenUp, ...teams])).toEqual([
      'too-many-pages: The alert would have 201 pages that have not ended; the maximum is 200.',
    ]);
  });

  it('nothing that a former owner of the ledger has still written', () => {
    const history = new History([letter], [letter], now);
    history.read(aStateAt(0, { ownerEpoch: 2, pages: [givenUp, another()] }));
    history.read(aStateAt(1, { ownerEpoch: 1, pages: [] }));
    const [planned] = plan([letter], [letter], history, { reopenAfterMs: 60 * 60_000, forceNewPage: false }, now);
    expect(planned?.decision).toMatchObject({ effect: { kind: 'joined' } });
  });

  it('a dead letter again while its connection takes no page, in the words of page-delivery', () => {
    const over = (connection: StoredRecord) => effectsOf([letter], [givenUp], false, connection);
    expect(over(aConnectionAt(0, { enabled: false }))).toEqual([
      'connection-disabled: The connection is disabled. Enable it to page the team.',
    ]);
    expect(over({ ...aConnectionAt(0), value: null })).toEqual([
      'connection-unknown: The connection does not exist, or was deleted.',
    ]);
    expect(over({ ...aConnectionAt(0), value: Buffer.from('{"of":"a newer version"}') })).toEqual(['page']);
    expect(over(aConnectionAt(0, { sourceOrg: 'umbrella-eu' }))).toEqual([
      'connection-foreign: The connection belongs to another source org.',
    ]);
  });

  it('a dead letter again once a connection of a newer version is written again', () => {
    const history = new History([letter], [letter], now);
    const newer = { ...aConnectionAt(0), value: Buffer.from('{"of":"a newer version"}') };
    for (const record of [newer, aConnectionAt(1, { enabled: false })]) history.read(record);
    const [planned] = plan([letter], [letter], history, { reopenAfterMs: 0, forceNewPage: false }, now);
    expect(planned?.decision).toMatchObject({ effect: { kind: 'refused' } });
  });

  it('a dead letter again while a newer page-delivery wrote the state of its alert last', () => {
    const newer = { ...aStateAt(1, {}), value: Buffer.from('{"a":1}') };
    const of = (...ledger: StoredRecord[]) => effectsOf([letter], [], false, aConnectionAt(0), ledger);
    expect(of(aStateAt(0, { pages: [another()] }), newer)).toEqual([
      'ledger-unreadable: This version cannot read the ledger record of the alert.',
    ]);
    expect(of(newer, aStateAt(2, { pages: [another()] }))).toEqual(['joined pg_other_0123456789']);
  });
});
