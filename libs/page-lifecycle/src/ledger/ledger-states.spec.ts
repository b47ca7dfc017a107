import { describe, expect, it } from '@jest/globals';
import { type AlertRecord, type OutgoingRecord, ownerEpochHeader, PageStates } from '@pagebridge/contracts';
import { asRead } from '@pagebridge/testing';
import { LedgerStates } from './ledger-states.ts';

const key = 'acme-us/disk';
const noon = '2026-01-31T12:00:00.000Z';
const attributes = { id: 'state', source: '/spec', time: noon };
const page: AlertRecord['pages'][number] = {
  ...{ pageId: 'pg_0123456789abcdef', connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11' },
  ...{ teamId: 'team-42', teamHandle: 'core-infra', urgency: 'high', status: 'pending', alertEventId: 'e' },
  ...{ occurredAt: noon, triggeredAt: noon, acceptedAt: noon, nextAttemptAt: noon },
  ...{ attempts: 0, resolveAttempts: 0, possibleDuplicate: false, joined: [], unreported: [] },
};

const written = (ownerEpoch: number, its: Partial<AlertRecord> = {}, of = key): OutgoingRecord => {
  const [sourceOrg = '', alertKey = ''] = of.split('/');
  const identity = { sourceOrg, alertKey, ownerEpoch, lastEventAt: noon, updatedAt: noon };
  return PageStates.encode(of, attributes, { ...identity, pages: [page], ...its });
};
const forgotten = (ownerEpoch: number): OutgoingRecord => ({
  ...PageStates.tombstone(key),
  headers: { [ownerEpochHeader]: String(ownerEpoch) },
});
/** A record of a newer version. */
const unreadable = (of = key): OutgoingRecord => {
  const record = written(9, { write: 9 }, of);
  return { ...record, value: String(record.value).replace('page-state.v1', 'page-state.v2') };
};

/** Returns what the ledger knows of the alert, in short. */
function known(...records: readonly OutgoingRecord[]) {
  const states = new LedgerStates((its) => its === key);
  for (const [offset, record] of records.entries()) states.add(asRead(record, { offset }));
  const state = states.of(key);
  if (typeof state !== 'object') return state;
  return state.pages.map(({ status, possibleDuplicate }) => (possibleDuplicate ? `${status}?` : status));
}

const delivered = { pages: [{ ...page, status: 'delivered' as const }] };

describe('the ledger as page-delivery would read it', () => {
  it('has the latest state of an alert, and none after a tombstone', () => {
    expect(known(written(1), written(1, delivered))).toEqual(['delivered']);
    expect(known(written(1), forgotten(1))).toBeUndefined();
    expect(known(written(1, {}, 'acme-us/other'))).toBeUndefined();
  });

  it('has no state after a record that cannot be read, until the alert is written again', () => {
    expect(known(written(1), unreadable())).toBe('unreadable');
    expect(known(written(1), unreadable(), forgotten(1))).toBeUndefined();
    expect(known(unreadable(), written(1))).toEqual(['pending']);
  });

  it('ignores a late record of a stale owner, also after a tombstone or a record that cannot be read', () => {
    expect(known(written(2, delivered), written(1))).toEqual(['delivered']);
    expect(known(forgotten(2), written(1))).toBeUndefined();
    expect(known(written(2, {}, 'acme-us/other'), unreadable(), written(1))).toBe('unreadable');
  });

  it('ignores a late write of an owner, also after a record that cannot be read', () => {
    expect(known(written(1, { ...delivered, write: 8 }), written(1, { write: 7 }))).toEqual(['delivered']);
    expect(known(written(1, { write: 8 }), unreadable(), written(1, { write: 7 }))).toBe('unreadable');
  });

  it('keeps a late record without a younger one of its alert, with its open pages as possible duplicates', () => {
    expect(known(written(2, {}, 'acme-us/other'), written(1))).toEqual(['pending?']);
    expect(known(written(2, {}, 'acme-us/other'), written(1, delivered))).toEqual(['delivered']);
    expect(known(written(1, { write: 8 }, 'acme-us/other'), written(1, { write: 7 }))).toEqual(['pending?']);
  });

  it('does not count the owner of a record that cannot be read', () => {
    expect(known(written(1), unreadable('acme-us/other'), written(2))).toEqual(['pending']);
  });

  it('tells partitions apart', () => {
    const states = new LedgerStates(() => true);
    states.add(asRead(written(2, {}, 'acme-us/other'), { partition: 1 }));
    states.add(asRead(written(1), { partition: 0 }));
    expect(states.of(key)).toMatchObject({ pages: [{ possibleDuplicate: false }] });
  });
});
