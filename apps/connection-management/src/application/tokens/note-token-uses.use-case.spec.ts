import { describe, expect, it } from '@jest/globals';
import type { AccessTokenUse } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import { minute } from '../../domain/connection.fixtures.ts';
import type { Store, Unit } from '../ports.ts';
import { NoteTokenUses } from './note-token-uses.use-case.ts';

const clock: Clock = {
  now: () => minute(10),
  elapsedMs: () => 0,
  after: () => () => undefined,
  sleep: async () => undefined,
};
const useOf = (tokenId: string, at: Date): AccessTokenUse => ({
  ...{ tokenId, sourceOrg: 'acme-us', usedAt: at.toISOString(), usedBy: 'page-routing' },
});

/** Records what each transaction notes, in order, and how it ends. */
function noted() {
  const transactions: (readonly [string, Date])[][] = [];
  const store = {
    transaction: async <T>(work: (unit: Unit) => Promise<T>): Promise<T> => {
      const notes: (readonly [string, Date])[] = [];
      transactions.push(notes);
      const tokens: Partial<Unit['tokens']> = {
        noteUse: async (id, at) => void notes.push([id, at]),
        noteRefusal: async (id, { at, detail }) => void notes.push([`${id}: ${detail}`, at]),
        noteWithoutHandle: async (id, { at, alerts }) => void notes.push([`${id}: ${alerts}`, at]),
      };
      return work({ tokens } as Unit);
    },
  } as Partial<Store> as Store;
  return { transactions, uses: new NoteTokenUses(store, clock) };
}

describe('NoteTokenUses', () => {
  it('stores the uses of very many API tokens in transactions of fifty, each token once and in one order', async () => {
    const { transactions, uses } = noted();
    const ids = Array.from({ length: 845 }, (_, n) => String(n).padStart(4, '0'));
    await uses.run([...ids, ...ids].reverse().map((id) => useOf(id, minute(1))));
    expect(Math.max(...transactions.map(({ length }) => length))).toBe(50);
    expect(transactions.flat().map(([id]) => id)).toEqual(ids);
  });

  it('keeps the latest use, and counts a future time as now', async () => {
    const { transactions, uses } = noted();
    await uses.run([useOf('a', minute(2)), useOf('a', minute(1)), useOf('b', minute(20))]);
    expect(transactions).toEqual([
      [
        ['a', minute(2)],
        ['b', minute(10)],
      ],
    ]);
  });

  it('keeps the latest refusal, and the latest alerts without a handle, beside the latest use', async () => {
    const { transactions, uses } = noted();
    const refused = (at: number, refusal: string) => ({ ...useOf('a', minute(at)), refusal });
    const nameless = (at: number, withoutHandle: number) => ({ ...useOf('a', minute(at)), withoutHandle });
    await uses.run([refused(2, 'second'), refused(1, 'first'), nameless(2, 7), nameless(1, 8), useOf('a', minute(3))]);
    expect(transactions.flat()).toEqual([
      ['a', minute(3)],
      ['a: second', minute(2)],
      ['a: 7', minute(2)],
    ]);
  });

  it('does not call the database if there is nothing to store', async () => {
    const { transactions, uses } = noted();
    await uses.run([]);
    expect(transactions).toEqual([]);
  });
});
