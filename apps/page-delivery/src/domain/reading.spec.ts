import { describe, expect, it } from '@jest/globals';
import type { AlertState } from '@pagebridge/contracts';
import { begin } from './attempt.ts';
import { after, aPage, at } from './commands.features.ts';
import { packed, unpacked } from './packing.ts';
import { LedgerReading } from './reading.ts';

const state = after(aPage());
const other = after(aPage({ alertKey: 'other' }));

describe('reading a ledger', () => {
  it('keeps the latest state of each alert and forgets what was forgotten', () => {
    const reading = new LedgerReading();
    const later = begin(state, state.pages[0]?.pageId ?? '', at('12:00'));
    reading.take('a', { generation: 1, offset: 0 }, state);
    reading.take('a', { generation: 1, offset: 1 }, later);
    reading.take('b', { generation: 1, offset: 2 }, other);
    reading.take('b', { generation: 2, offset: 3 }, undefined);

    expect(reading.states()).toEqual(new Map([['a', later]]));
  });

  it('ignores a stale owner where a newer one wrote', () => {
    const reading = new LedgerReading();
    reading.take('a', { generation: 2, offset: 0 }, state);
    reading.take('a', { generation: 1, offset: 1 }, undefined);
    reading.take('a', { generation: 1, offset: 2 }, other);

    expect(reading.states()).toEqual(new Map([['a', state]]));
  });

  it('keeps the word of a stale owner where there is no other, as possible duplicates', () => {
    const reading = new LedgerReading();
    reading.take('b', { generation: 2, offset: 0 }, other);
    reading.take('a', { generation: 1, offset: 1 }, state);

    expect(reading.states().get('a')?.pages).toMatchObject([{ status: 'pending', possibleDuplicate: true }]);
  });

  it('gives the next owner a larger generation, also when the group began anew', () => {
    const reading = new LedgerReading();
    reading.take('a', { generation: 41, offset: 0 }, state);

    expect(reading.nextGeneration(43)).toBe(43);
    expect(reading.nextGeneration(1)).toBe(42);
  });
});

describe('what has been told', () => {
  const owing: AlertState = { ...state, pages: state.pages.map((page) => ({ ...page, unreported: ['delivered'] })) };
  const owes = (reading: LedgerReading) =>
    [...reading.states()].filter(([, { pages }]) => pages.some(({ unreported }) => unreported.length > 0));

  it('stands beside the last state, for all that were written before it', () => {
    const reading = new LedgerReading();
    reading.take('a', { generation: 1, offset: 0, write: 1 }, owing);
    reading.take('b', { generation: 1, offset: 1, write: 2 }, owing);
    reading.take('c', { generation: 1, offset: 2, write: 3, told: { write: 2, before: 0 } }, owing);

    expect(owes(reading).map(([key]) => key)).toEqual(['c']);
  });

  it('holds for former owners, as far as the one who says so had read them', () => {
    const reading = new LedgerReading();
    reading.take('a', { generation: 1, offset: 0, write: 7 }, owing);
    reading.take('b', { generation: 1, offset: 1, write: 8 }, owing);
    reading.take('c', { generation: 2, offset: 2, write: 2, told: { write: 1, before: 1 } }, state);

    expect(owes(reading).map(([key]) => key)).toEqual(['b']);
  });

  it('is not believed of a stale owner', () => {
    const reading = new LedgerReading();
    reading.take('a', { generation: 2, offset: 0, write: 1 }, owing);
    reading.take('b', { generation: 1, offset: 1, write: 9, told: { write: 8, before: 9 } }, owing);

    expect(owes(reading).map(([key]) => key)).toEqual(['a', 'b']);
  });

  it('is nothing where nobody says so, as in a ledger of an earlier version', () => {
    const reading = new LedgerReading();
    reading.take('a', { generation: 1, offset: 0 }, owing);

    expect(owes(reading)).toHaveLength(1);
  });
});

describe('packing', () => {
  it('writes a text that pages share once, and gives it back to each', () => {
    const shared = after(
      aPage({ alertEventId: 'e', description: 'x'.repeat(5000) }),
      aPage({ alertEventId: 'e', description: 'x'.repeat(5000), teamId: 'team-2' }),
      aPage({ alertEventId: 'f', description: 'other', teamId: 'team-3' }),
    );
    const written = JSON.parse(JSON.stringify(packed(shared)));

    expect(JSON.stringify(written).length).toBeLessThan(9000);
    expect(unpacked(written)).toEqual(shared);
  });
});
