import { describe, expect, it } from '@jest/globals';
import { type AlertState, ownerEpochHeader, PageStates } from '@pagebridge/contracts';
import { LedgerStates } from './ledger-states.ts';

const time = '2026-06-01T12:00:00.000Z';
const [asked, other] = ['acme-us/asked', 'acme-us/other'];

const page: AlertState['pages'][number] = {
  ...{
    pageId: 'pg_0123456789abcdef',
    connectionId: '6f1d5c0e-3b0a-4a53-9d4e-2f6f4a1f0c11',
    teamId: 't',
    teamHandle: 't',
  },
  ...{ urgency: 'high', status: 'pending', alertEventId: 'e', occurredAt: time, triggeredAt: time, acceptedAt: time },
  ...{ attempts: 0, resolveAttempts: 0, nextAttemptAt: time, possibleDuplicate: false, joined: [], unreported: [] },
};

const written = (key: string, ownerEpoch: number, write: number, alertEventId = 'e') => {
  const alertKey = key.slice(key.indexOf('/') + 1);
  const state: AlertState = {
    ...{ sourceOrg: 'acme-us', alertKey, ownerEpoch, lastEventAt: time, updatedAt: time },
    pages: [{ ...page, alertEventId }],
  };
  return asRead(PageStates.encode(key, { id: 'e', source: '/x', time }, { ...state, write }));
};
const tombstone = (key: string, ownerEpoch: number) =>
  asRead({ ...PageStates.tombstone(key), headers: { [ownerEpochHeader]: String(ownerEpoch) } });
const unreadable = (key: string) => ({ ...written(key, 9, 9), value: Buffer.from('{"data":{}}') });

function asRead({ key, value, headers }: ReturnType<typeof PageStates.encode>) {
  return { partition: 0, key: Buffer.from(key ?? ''), value: value === null ? null : Buffer.from(value), headers };
}

function stateAfter(...records: Parameters<LedgerStates['add']>[0][]) {
  const states = new LedgerStates((key) => key === asked);
  for (const record of records) states.add(record);
  expect(states.of(other)).toBeUndefined();
  const state = states.of(asked);
  return state === 'unreadable' ? state : state?.pages[0];
}

describe('the states of a ledger', () => {
  it('has no state of an alert whose newest record cannot be read', () => {
    expect(stateAfter(written(asked, 1, 1), unreadable(asked))).toBe('unreadable');
    expect(stateAfter(unreadable(asked), written(asked, 1, 2))).toMatchObject({ status: 'pending' });
  });

  it('stays without the state that a newer owner has deleted', () => {
    expect(stateAfter(written(asked, 1, 1), tombstone(asked, 2), written(asked, 1, 2))).toBeUndefined();
  });

  it('takes the pages of a stale owner for possible duplicates where only its record is left', () => {
    expect(stateAfter(written(other, 2, 1), written(asked, 1, 5))).toMatchObject({ possibleDuplicate: true });
    expect(stateAfter(written(other, 2, 7), written(asked, 2, 5))).toMatchObject({ possibleDuplicate: true });
    expect(stateAfter(written(other, 2, 5), written(asked, 2, 7))).toMatchObject({ possibleDuplicate: false });
  });

  it('is not deceived by the text of another alert', () => {
    const text = '"ownerEpoch":99,"write":99';
    expect(stateAfter(written(other, 1, 1, text), written(asked, 1, 2))).toMatchObject({ possibleDuplicate: false });
  });
});
