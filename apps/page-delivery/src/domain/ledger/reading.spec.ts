import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import { stateIn } from '@pagebridge/page-ledger';
import { begin } from '../attempts/attempt.ts';
import { after, aPage, at } from '../commands/commands.fixtures.ts';
import { LedgerReading } from './reading.ts';

const state = after(aPage({ sourceOrg: 'o', alertKey: 'a' }));
const other = after(aPage({ alertKey: 'other' }));

/** Returns all states that were read, also those that are kept as text. */
function statesIn(reading: LedgerReading): Map<string, AlertState> {
  const { alerts, resting } = reading.restored();
  return new Map([...alerts, ...resting.all()]);
}

describe('reading a ledger', () => {
  it('keeps the latest state of each alert, and no alert with a tombstone', () => {
    const reading = new LedgerReading();
    const later = begin(state, state.pages[0]?.pageId ?? '', at('12:00'));
    reading.take('o/a', { generation: 1, offset: 0 }, state);
    reading.take('o/a', { generation: 1, offset: 1 }, later);
    reading.take('b', { generation: 1, offset: 2 }, other);
    reading.take('b', { generation: 2, offset: 3 }, undefined);

    expect(statesIn(reading)).toEqual(new Map([['o/a', { ...later, generation: 1 }]]));
  });

  it('ignores a record of a stale owner if a newer owner wrote the alert', () => {
    const reading = new LedgerReading();
    reading.take('o/a', { generation: 2, offset: 0 }, state);
    reading.take('o/a', { generation: 1, offset: 1 }, undefined);
    reading.take('o/a', { generation: 1, offset: 2 }, other);

    expect(statesIn(reading)).toEqual(new Map([['o/a', { ...state, generation: 2 }]]));
  });

  it('keeps the record of a stale owner if there is no other, with its pages as possible duplicates', () => {
    const reading = new LedgerReading();
    reading.take('b', { generation: 2, offset: 0 }, other);
    reading.take('o/a', { generation: 1, offset: 1 }, state);

    expect(statesIn(reading).get('o/a')?.pages).toMatchObject([{ status: 'pending', possibleDuplicate: true }]);
  });

  it('remembers only the latest tombstones: for other alerts it keeps the record of a stale owner', () => {
    const reading = new LedgerReading();
    for (let n = 0; n < 20_000; n += 1) reading.take(`${n}`, { generation: 2, offset: n }, undefined);
    reading.take('19999', { generation: 1, offset: 20_000 }, state);
    reading.take('0', { generation: 1, offset: 20_001 }, state);

    expect([...statesIn(reading)]).toMatchObject([['0', { pages: [{ possibleDuplicate: true }] }]]);
  });

  it('gives the next owner a higher generation, also if the generation of the group was reset', () => {
    const reading = new LedgerReading();
    reading.take('o/a', { generation: 41, offset: 0 }, state);

    expect(reading.nextGeneration(43)).toBe(43);
    expect(reading.nextGeneration(1)).toBe(42);
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
    reading.take('o/a', { generation: 1, offset: 0, write: 1 }, unreported);
    reading.take('b', { generation: 1, offset: 1, write: 2 }, unreported);
    reading.take('c', { generation: 1, offset: 2, write: 3, watermark: { write: 2, before: 0 } }, unreported);

    expect(owes(reading).map(([key]) => key)).toEqual(['c']);
  });

  it('covers former owners, up to the offset that its owner had read', () => {
    const reading = new LedgerReading();
    reading.take('o/a', { generation: 1, offset: 0, write: 7 }, unreported);
    reading.take('b', { generation: 1, offset: 1, write: 8 }, unreported);
    reading.take('c', { generation: 2, offset: 2, write: 2, watermark: { write: 1, before: 1 } }, state);

    expect(owes(reading).map(([key]) => key)).toEqual(['b']);
  });

  it('is ignored in a record of a stale owner', () => {
    const reading = new LedgerReading();
    reading.take('o/a', { generation: 2, offset: 0, write: 1 }, unreported);
    reading.take('b', { generation: 1, offset: 1, write: 9, watermark: { write: 8, before: 9 } }, unreported);

    expect(owes(reading).map(([key]) => key)).toEqual(['o/a', 'b']);
  });

  it('is absent in a ledger of an earlier version', () => {
    const reading = new LedgerReading();
    reading.take('o/a', { generation: 1, offset: 0 }, unreported);

    expect(owes(reading)).toHaveLength(1);
  });
});

describe('a ledger of many alerts', () => {
  const delivered = (n: number, unreported: AlertState['pages'][number]['unreported']): AlertState => ({
    ...state,
    alertKey: `alert-${n}`,
    pages: state.pages.map((page) => ({ ...page, status: 'delivered', destinationPageId: `d-${n}`, unreported })),
  });

  it('is kept as text as soon as its alerts are known to be at rest, in whatever order outcomes are published', () => {
    const reading = new LedgerReading();
    for (let n = 0; n < 10_000; n += 1) {
      const watermark = n > 0 ? { watermark: { write: n, before: 0 } } : {};
      reading.take(
        `acme-us/alert-${n}`,
        { generation: 1, offset: n, write: n + 1, ...watermark },
        delivered(n, ['delivered']),
      );
    }
    const { alerts, resting, end } = reading.restored();

    expect([...alerts.keys()]).toEqual(['acme-us/alert-9999']);
    expect(resting.size).toBe(9999);
    expect(resting.bytes / resting.size).toBeLessThan(800);
    expect(resting.get('acme-us/alert-7')?.pages).toMatchObject([
      { pageId: state.pages[0]?.pageId, status: 'delivered', destinationPageId: 'd-7', unreported: [] },
    ]);
    expect(end).toBe(10_000);
  });
});

describe('a ledger with more alerts at rest than fit into memory', () => {
  const delivered = after(aPage()).pages.map((page) => ({ ...page, status: 'delivered' as const }));

  it('keeps the youngest, and returns those that it forgot', () => {
    const reading = new LedgerReading();
    for (let n = 0; n < 3000; n += 1) {
      reading.take(`acme-us/${n}`, { generation: 1, offset: n }, { ...state, pages: delivered });
      if (n % 1000 === 999) reading.forgetSurplus(100_000);
    }
    const { resting, forgotten } = reading.restored();

    expect(resting.bytes).toBeLessThan(100_000 + (500 * resting.bytes) / resting.size);
    expect(resting.get('acme-us/2999')).toBeDefined();
    expect(forgotten.keys.slice(0, 2)).toEqual(['acme-us/0', 'acme-us/1']);
    expect([...forgotten.ofOrgs]).toEqual([['acme-us', 3000 - resting.size]]);
  });

  it('keeps an alert that was forgotten and is written again', () => {
    const reading = new LedgerReading();
    reading.take('acme-us/a', { generation: 2, offset: 0 }, { ...state, pages: delivered });
    reading.restored();
    reading.forgetSurplus(0);
    reading.take('acme-us/a', { generation: 2, offset: 1 }, { ...state, pages: delivered });

    expect([...statesIn(reading).keys()]).toEqual(['acme-us/a']);
  });
});

describe('a record of a former version', () => {
  it('is read with the position of the command and the beginning of the title instead of the text', () => {
    const [page] = after(aPage()).pages;
    if (!page) throw new Error('a command makes a page');
    const { commandRecord: _record, title: _title, ...former } = page;
    const command = {
      id: 'c',
      source: '/s',
      time: '2026-01-31T11:59:59Z',
      offset: 7,
      transition: 'triggered' as const,
    };
    const content = { title: 't'.repeat(200), description: 'text', tags: [], links: [] };
    const matched = { handle: '@oncall-core-infra', matched: 'exact' as const };
    const record = { ...state, pages: [{ ...former, command: { ...command, ...matched }, content }] };

    expect(stateIn(record).pages).toEqual([
      { ...former, commandRecord: { offset: 7, time: '2026-01-31T11:59:59Z' }, title: 't'.repeat(120) },
    ]);
  });
});

describe('an alert whose record cannot be read', () => {
  it('has no state, until it is written again', () => {
    const reading = new LedgerReading();
    reading.take('o/a', { generation: 1, offset: 0 }, state);
    reading.takeUnreadable('o/a');
    expect([statesIn(reading).size, [...reading.restored().unreadable]]).toEqual([0, ['o/a']]);

    reading.take('o/a', { generation: 1, offset: 2 }, state);
    expect([[...statesIn(reading).keys()], reading.restored().unreadable.size]).toEqual([['o/a'], 0]);
  });
});
