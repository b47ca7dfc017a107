import { describe, expect, it } from '@jest/globals';
import { type AlertState, ownerEpochHeader, PageStates } from '@pagebridge/contracts';
import { LedgerStates } from '@pagebridge/page-ledger';
import fc from 'fast-check';
import { begin } from '../attempts/attempt.ts';
import { after, aPage, at } from '../commands/commands.fixtures.ts';
import { LedgerReading } from './reading.ts';

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
    reading.add('o/a', { ownerEpoch: 1, offset: 0 }, state);
    reading.add('o/a', { ownerEpoch: 1, offset: 1 }, later);
    reading.add('b', { ownerEpoch: 1, offset: 2 }, other);
    reading.add('b', { ownerEpoch: 2, offset: 3 }, undefined);

    expect(statesIn(reading)).toEqual(new Map([['o/a', { ...later, ownerEpoch: 1 }]]));
  });

  it('ignores a record of a stale owner if a newer owner wrote the alert', () => {
    const reading = new LedgerReading();
    reading.add('o/a', { ownerEpoch: 2, offset: 0 }, state);
    reading.add('o/a', { ownerEpoch: 1, offset: 1 }, undefined);
    reading.add('o/a', { ownerEpoch: 1, offset: 2 }, other);

    expect(statesIn(reading)).toEqual(new Map([['o/a', { ...state, ownerEpoch: 2 }]]));
  });

  it('keeps the record of a stale owner if there is no other, with its pages as possible duplicates', () => {
    const reading = new LedgerReading();
    reading.add('b', { ownerEpoch: 2, offset: 0 }, other);
    reading.add('o/a', { ownerEpoch: 1, offset: 1 }, state);

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
    reading.add('o/a', { ownerEpoch: 1, offset: 0, write: 8 }, unreported);
    reading.add('o/a', { ownerEpoch: 1, offset: 1, write: 7 }, state);
    reading.add('b', { ownerEpoch: 1, offset: 2, write: 7 }, other);

    expect(statesIn(reading).get('o/a')?.pages).toMatchObject([{ status: 'delivered' }]);
    expect(statesIn(reading).get('b')?.pages).toMatchObject([{ status: 'pending', possibleDuplicate: true }]);
  });

  it('remembers only the latest tombstones: for other alerts it keeps the record of a stale owner', () => {
    const reading = new LedgerReading();
    for (let n = 0; n < 20_000; n += 1) reading.add(`${n}`, { ownerEpoch: 2, offset: n }, undefined);
    reading.add('19999', { ownerEpoch: 1, offset: 20_000 }, state);
    reading.add('0', { ownerEpoch: 1, offset: 20_001 }, state);

    expect([...statesIn(reading)]).toMatchObject([['0', { pages: [{ possibleDuplicate: true }] }]]);
  });

  it('gives the next owner a higher owner epoch, also if the generation of the group was reset', () => {
    const reading = new LedgerReading();
    reading.add('o/a', { ownerEpoch: 41, offset: 0 }, state);

    expect(reading.nextOwnerEpoch(43)).toBe(43);
    expect(reading.nextOwnerEpoch(1)).toBe(42);
  });
});

describe('a ledger', () => {
  const unreported = { ...state, pages: state.pages.map((page) => ({ ...page, unreported: ['retried' as const] })) };
  const record = fc.record({
    key: fc.constantFrom('o/a', 'o/b'),
    kind: fc.constantFrom('state', 'state', 'tombstone', 'unreadable'),
    ownerEpoch: fc.integer({ min: 1, max: 3 }),
    write: fc.integer({ min: 0, max: 4 }),
  });

  it('is read alike here, by previews of replays and by traces', () => {
    fc.assert(
      fc.property(fc.array(record, { maxLength: 12 }), (records) => {
        const reading = new LedgerReading();
        const states = new LedgerStates((key) => key === 'o/a');
        records.forEach(({ key, kind, ownerEpoch, write }, offset) => {
          const written = { ownerEpoch, write, offset };
          const of = { ...unreported, alertKey: key.slice(2) };
          const { value, headers } =
            kind === 'tombstone'
              ? { value: null, headers: { [ownerEpochHeader]: String(ownerEpoch) } }
              : PageStates.encode(
                  key,
                  { id: 'e', source: '/x', time: at('12:00').toISOString() },
                  { ...of, ownerEpoch, write },
                );
          const bytes = value === null ? null : Buffer.from(kind === 'unreadable' ? '{}' : value);
          states.add({ partition: 0, key: Buffer.from(key), value: bytes, headers });
          if (kind === 'unreadable') reading.addUnreadable(key);
          else if (kind === 'tombstone') reading.add(key, { ownerEpoch, offset }, undefined);
          else reading.add(key, written, of);
        });
        const known = states.of('o/a');
        expect(reading.restored().unreadable.has('o/a')).toBe(known === 'unreadable');
        expect(statesIn(reading).get('o/a')?.pages).toEqual(known === 'unreadable' ? undefined : known?.pages);
      }),
    );
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
    reading.add('o/a', { ownerEpoch: 1, offset: 0, write: 1 }, unreported);
    reading.add('b', { ownerEpoch: 1, offset: 1, write: 2 }, unreported);
    reading.add('c', { ownerEpoch: 1, offset: 2, write: 3, watermark: { write: 2, before: 0 } }, unreported);

    expect(owes(reading).map(([key]) => key)).toEqual(['c']);
  });

  it('covers former owners, up to the offset that its owner had read', () => {
    const reading = new LedgerReading();
    reading.add('o/a', { ownerEpoch: 1, offset: 0, write: 7 }, unreported);
    reading.add('b', { ownerEpoch: 1, offset: 1, write: 8 }, unreported);
    reading.add('c', { ownerEpoch: 2, offset: 2, write: 2, watermark: { write: 1, before: 1 } }, state);

    expect(owes(reading).map(([key]) => key)).toEqual(['b']);
  });

  it('is ignored in a record of a stale owner', () => {
    const reading = new LedgerReading();
    reading.add('o/a', { ownerEpoch: 2, offset: 0, write: 1 }, unreported);
    reading.add('b', { ownerEpoch: 1, offset: 1, write: 9, watermark: { write: 8, before: 9 } }, unreported);

    expect(owes(reading).map(([key]) => key)).toEqual(['o/a', 'b']);
  });

  it('is absent in a ledger of an earlier version', () => {
    const reading = new LedgerReading();
    reading.add('o/a', { ownerEpoch: 1, offset: 0 }, unreported);

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
      reading.add(
        `acme-us/alert-${n}`,
        { ownerEpoch: 1, offset: n, write: n + 1, ...watermark },
        delivered(n, ['delivered']),
      );
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
      reading.add(`acme-us/${n}`, { ownerEpoch: 1, offset: n }, { ...state, pages: delivered });
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
    reading.add('acme-us/a', { ownerEpoch: 2, offset: 0 }, { ...state, pages: delivered });
    reading.restored();
    reading.forgetSurplus(0);
    reading.add('acme-us/a', { ownerEpoch: 2, offset: 1 }, { ...state, pages: delivered });

    expect([...statesIn(reading).keys()]).toEqual(['acme-us/a']);
  });
});

describe('an alert whose record cannot be read', () => {
  it('has no state, until it is written again', () => {
    const reading = new LedgerReading();
    reading.add('o/a', { ownerEpoch: 1, offset: 0 }, state);
    reading.addUnreadable('o/a');
    expect([statesIn(reading).size, [...reading.restored().unreadable]]).toEqual([0, ['o/a']]);

    reading.add('o/a', { ownerEpoch: 1, offset: 2 }, state);
    expect([[...statesIn(reading).keys()], reading.restored().unreadable.size]).toEqual([['o/a'], 0]);
  });
});
