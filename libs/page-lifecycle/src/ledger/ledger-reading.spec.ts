import { describe, expect, it } from '@jest/globals';
import { type AlertState, ownerEpochHeader, PageStates } from '@pagebridge/contracts';
import { asRead } from '@pagebridge/testing';
import fc from 'fast-check';
import { begin } from '../attempts/attempt.ts';
import { after, aPage, at } from '../commands/commands.fixtures.ts';
import { LedgerReading } from './ledger-reading.ts';
import { ledgerRecordOf } from './ledger-record.ts';
import { LedgerStates } from './ledger-states.ts';

const state = after(aPage({ sourceOrg: 'o', alertKey: 'a' }));
const other = after(aPage({ alertKey: 'other' }));

/** Returns all states that were read, also those that are kept as text. */
function statesIn(reading: LedgerReading): Map<string, AlertState> {
  const { alerts, idle } = reading.restored();
  return new Map([...alerts, ...idle.all()]);
}

describe('reading a ledger', () => {
  it('keeps the latest state of each alert, and no alert with a tombstone', () => {
    const reading = new LedgerReading();
    const later = begin(state, state.pages[0]?.pageId ?? '', at('12:00'));
    reading.add('o/a', 0, { by: { ownerEpoch: 1 }, said: state });
    reading.add('o/a', 1, { by: { ownerEpoch: 1 }, said: later });
    reading.add('b', 2, { by: { ownerEpoch: 1 }, said: other });
    reading.add('b', 3, { by: { ownerEpoch: 2 }, said: 'forgotten' });

    expect(statesIn(reading)).toEqual(new Map([['o/a', { ...later, ownerEpoch: 1 }]]));
  });

  it('ignores a record of a stale owner if a newer owner wrote the alert', () => {
    const reading = new LedgerReading();
    reading.add('o/a', 0, { by: { ownerEpoch: 2 }, said: state });
    reading.add('o/a', 1, { by: { ownerEpoch: 1 }, said: 'forgotten' });
    reading.add('o/a', 2, { by: { ownerEpoch: 1 }, said: other });

    expect(statesIn(reading)).toEqual(new Map([['o/a', { ...state, ownerEpoch: 2 }]]));
  });

  it('keeps the record of a stale owner if there is no other, with its pages as possible duplicates', () => {
    const reading = new LedgerReading();
    reading.add('b', 0, { by: { ownerEpoch: 2 }, said: other });
    reading.add('o/a', 1, { by: { ownerEpoch: 1 }, said: state });

    expect(statesIn(reading).get('o/a')?.pages).toMatchObject([{ status: 'pending', possibleDuplicate: true }]);
  });

  it('ignores a late write of an owner if the alert has a younger one, and else keeps it with possible duplicates', () => {
    const reading = new LedgerReading();
    const delivered = { ...state, pages: state.pages.map((page) => ({ ...page, status: 'delivered' as const })) };
    // An outcome that is not reported: the alert stays active.
    const unreported = {
      ...delivered,
      pages: delivered.pages.map((page) => ({ ...page, unreported: ['delivered' as const] })),
    };
    reading.add('o/a', 0, { by: { ownerEpoch: 1, write: 8 }, said: unreported });
    reading.add('o/a', 1, { by: { ownerEpoch: 1, write: 7 }, said: state });
    reading.add('b', 2, { by: { ownerEpoch: 1, write: 7 }, said: other });

    expect(statesIn(reading).get('o/a')?.pages).toMatchObject([{ status: 'delivered' }]);
    expect(statesIn(reading).get('b')?.pages).toMatchObject([{ status: 'pending', possibleDuplicate: true }]);
  });

  it('remembers only the latest tombstones: for other alerts it keeps the record of a stale owner', () => {
    const reading = new LedgerReading();
    for (let n = 0; n < 20_000; n += 1) reading.add(`${n}`, n, { by: { ownerEpoch: 2 }, said: 'forgotten' });
    reading.add('19999', 20_000, { by: { ownerEpoch: 1 }, said: state });
    reading.add('0', 20_001, { by: { ownerEpoch: 1 }, said: state });

    expect([...statesIn(reading)]).toMatchObject([['0', { pages: [{ possibleDuplicate: true }] }]]);
  });

  it('gives the next owner a higher owner epoch, also if the generation of the group was reset', () => {
    const reading = new LedgerReading();
    reading.add('o/a', 0, { by: { ownerEpoch: 41 }, said: state });

    expect(reading.nextOwnerEpoch(43)).toBe(43);
    expect(reading.nextOwnerEpoch(1)).toBe(42);
  });
});

describe('the outcome watermark', () => {
  const unreported: AlertState = {
    ...state,
    pages: state.pages.map((page) => ({ ...page, unreported: ['delivered'] })),
  };
  const owes = (reading: LedgerReading) =>
    [...statesIn(reading)].filter(([, { pages }]) => pages.some(({ unreported }) => unreported.length > 0));

  it('is read from the last state, and covers all writes before it', () => {
    const reading = new LedgerReading();
    reading.add('o/a', 0, { by: { ownerEpoch: 1, write: 1 }, said: unreported });
    reading.add('b', 1, { by: { ownerEpoch: 1, write: 2 }, said: unreported });
    reading.add('c', 2, { by: { ownerEpoch: 1, write: 3 }, said: unreported, watermark: { write: 2, before: 0 } });

    expect(owes(reading).map(([key]) => key)).toEqual(['c']);
  });

  it('covers former owners, up to the offset that its owner had read', () => {
    const reading = new LedgerReading();
    reading.add('o/a', 0, { by: { ownerEpoch: 1, write: 7 }, said: unreported });
    reading.add('b', 1, { by: { ownerEpoch: 1, write: 8 }, said: unreported });
    reading.add('c', 2, { by: { ownerEpoch: 2, write: 2 }, said: state, watermark: { write: 1, before: 1 } });

    expect(owes(reading).map(([key]) => key)).toEqual(['b']);
  });

  it('is ignored in a record of a stale owner', () => {
    const reading = new LedgerReading();
    reading.add('o/a', 0, { by: { ownerEpoch: 2, write: 1 }, said: unreported });
    reading.add('b', 1, { by: { ownerEpoch: 1, write: 9 }, said: unreported, watermark: { write: 8, before: 9 } });

    expect(owes(reading).map(([key]) => key)).toEqual(['o/a', 'b']);
  });

  it('is absent in a ledger of an earlier version', () => {
    const reading = new LedgerReading();
    reading.add('o/a', 0, { by: { ownerEpoch: 1 }, said: unreported });

    expect(owes(reading)).toHaveLength(1);
  });
});

describe('a ledger of many alerts', () => {
  const delivered = (n: number, unreported: AlertState['pages'][number]['unreported']): AlertState => ({
    ...state,
    alertKey: `alert-${n}`,
    pages: state.pages.map((page) => ({ ...page, status: 'delivered', destinationPageId: `d-${n}`, unreported })),
  });

  it('is kept as text as soon as its alerts are known to be idle, in whatever order outcomes are published', () => {
    const reading = new LedgerReading();
    for (let n = 0; n < 10_000; n += 1) {
      const watermark = n > 0 ? { watermark: { write: n, before: 0 } } : {};
      const by = { ownerEpoch: 1, write: n + 1 };
      reading.add(`acme-us/alert-${n}`, n, { by, said: delivered(n, ['delivered']), ...watermark });
    }
    const { alerts, idle, end } = reading.restored();

    expect([...alerts.keys()]).toEqual(['acme-us/alert-9999']);
    expect(idle.size).toBe(9999);
    expect(idle.bytes / idle.size).toBeLessThan(800);
    expect(idle.get('acme-us/alert-7')?.pages).toMatchObject([
      { pageId: state.pages[0]?.pageId, status: 'delivered', destinationPageId: 'd-7', unreported: [] },
    ]);
    expect(end).toBe(10_000);
  });
});

describe('a ledger with more idle alerts than fit into memory', () => {
  const delivered = after(aPage()).pages.map((page) => ({ ...page, status: 'delivered' as const }));

  it('keeps the youngest, and returns those that it forgot', () => {
    const reading = new LedgerReading();
    for (let n = 0; n < 3000; n += 1) {
      reading.add(`acme-us/${n}`, n, { by: { ownerEpoch: 1 }, said: { ...state, pages: delivered } });
      if (n % 1000 === 999) reading.forgetSurplus(100_000);
    }
    const { idle, forgotten } = reading.restored();

    expect(idle.bytes).toBeLessThan(100_000 + (500 * idle.bytes) / idle.size);
    expect(idle.get('acme-us/2999')).toBeDefined();
    expect(forgotten.keys.slice(0, 2)).toEqual(['acme-us/0', 'acme-us/1']);
    expect([...forgotten.ofOrgs]).toEqual([['acme-us', 3000 - idle.size]]);
  });

  it('keeps an alert that was forgotten and is written again', () => {
    const reading = new LedgerReading();
    reading.add('acme-us/a', 0, { by: { ownerEpoch: 2 }, said: { ...state, pages: delivered } });
    reading.restored();
    reading.forgetSurplus(0);
    reading.add('acme-us/a', 1, { by: { ownerEpoch: 2 }, said: { ...state, pages: delivered } });

    expect([...statesIn(reading).keys()]).toEqual(['acme-us/a']);
  });
});

describe('an alert whose record cannot be read', () => {
  it('has no state, until it is written again', () => {
    const reading = new LedgerReading();
    reading.add('o/a', 0, { by: { ownerEpoch: 1 }, said: state });
    reading.add('o/a', 1, { said: 'unreadable' });
    expect([statesIn(reading).size, [...reading.restored().unreadable]]).toEqual([0, ['o/a']]);

    reading.add('o/a', 2, { by: { ownerEpoch: 1 }, said: state });
    expect([[...statesIn(reading).keys()], reading.restored().unreadable.size]).toEqual([['o/a'], 0]);
  });
});

describe('what a new owner reads, and what a preview and a trace say', () => {
  const keys = ['acme-us/a', 'acme-us/b', 'acme-us/c'];
  const attributes = { id: 'state', source: '/spec', time: at('12:00').toISOString() };
  const writes = fc.array(
    fc.record({
      key: fc.constantFrom(...keys),
      ownerEpoch: fc.integer({ min: 1, max: 3 }),
      write: fc.option(fc.integer({ min: 1, max: 4 }), { nil: undefined }),
      said: fc.constantFrom('forgotten', 'unreadable', 'pending', 'attempting', 'delivered'),
    }),
    { maxLength: 12 },
  );
  type Write = typeof writes extends fc.Arbitrary<(infer Each)[]> ? Each : never;
  const recordOf = ({ key, ownerEpoch, write, said }: Write, offset: number) => {
    const headers = { [ownerEpochHeader]: String(ownerEpoch) };
    if (said === 'forgotten') return asRead({ ...PageStates.tombstone(key), headers }, { offset });
    const pages = state.pages.map((page) => ({ ...page, status: said as 'pending', alertEventId: `event ${offset}` }));
    const alertKey = key.slice('acme-us/'.length);
    const record = PageStates.encode(key, attributes, {
      ...state,
      alertKey,
      pages,
      ownerEpoch,
      ...(write ? { write } : {}),
    });
    const ofNewer = { ...record, value: String(record.value).replace('page-state.v1', 'page-state.v2') };
    return asRead(said === 'unreadable' ? ofNewer : record, { offset });
  };
  const essence = ({ ownerEpoch, pages }: AlertState) => ({
    ownerEpoch,
    pages: pages.map(({ status, alertEventId, possibleDuplicate }) => ({ status, alertEventId, possibleDuplicate })),
  });

  it('is the same for any records', () => {
    fc.assert(
      fc.property(writes, (drawn) => {
        const [reading, states] = [new LedgerReading(), new LedgerStates((key) => key !== keys[2])];
        for (const record of drawn.map(recordOf)) {
          reading.add(String(record.key), record.offset, ledgerRecordOf(record));
          states.add(record);
        }
        const { unreadable } = reading.restored();
        const read = statesIn(reading);
        for (const key of keys.slice(0, 2)) {
          const [said, known] = [states.of(key), read.get(key)];
          expect(said === 'unreadable').toBe(unreadable.has(key));
          expect(typeof said === 'object' ? essence(said) : undefined).toEqual(known && essence(known));
        }
      }),
    );
  });
});
