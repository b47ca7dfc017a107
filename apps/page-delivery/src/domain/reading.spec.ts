import { describe, expect, it } from '@jest/globals';
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
    reading.take('a', 1, state);
    reading.take('a', 1, later);
    reading.take('b', 1, other);
    reading.take('b', 2, undefined);

    expect(reading.states()).toEqual(new Map([['a', later]]));
  });

  it('ignores a stale owner where a newer one wrote', () => {
    const reading = new LedgerReading();
    reading.take('a', 2, state);
    reading.take('a', 1, undefined);
    reading.take('a', 1, other);

    expect(reading.states()).toEqual(new Map([['a', state]]));
  });

  it('keeps the word of a stale owner where there is no other, as possible duplicates', () => {
    const reading = new LedgerReading();
    reading.take('b', 2, other);
    reading.take('a', 1, state);

    expect(reading.states().get('a')?.pages).toMatchObject([{ status: 'pending', possibleDuplicate: true }]);
  });

  it('gives the next owner a larger generation, also when the group began anew', () => {
    const reading = new LedgerReading();
    reading.take('a', 41, state);

    expect(reading.nextGeneration(43)).toBe(43);
    expect(reading.nextGeneration(1)).toBe(42);
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
