import { expect, it } from '@jest/globals';
import { FairTurns } from './fair-turns.ts';

const never = new AbortController().signal;

it('lets an owner with little work go before most of the work of another', async () => {
  const turns = new FairTurns();
  const done: string[] = [];
  const work = (owner: string, pieces: number) =>
    Array.from({ length: pieces }, () =>
      turns.run({ sourceOrg: owner, name: 'prometheus' }, never, () => done.push(owner)),
    );
  const all = [...work('flood', 100), ...work('other', 1)];
  await Promise.all(all);
  expect(done).toHaveLength(101);
  expect(done.indexOf('other')).toBeLessThanOrEqual(1);
});

it('looks at the network between the pieces of one owner', async () => {
  const turns = new FairTurns();
  let looks = 0;
  const look = () => {
    looks += 1;
    if (looks < 10) setImmediate(look);
  };
  setImmediate(look);
  for (let piece = 0; piece < 5; piece += 1)
    await turns.run({ sourceOrg: 'flood', name: 'prometheus' }, never, () => undefined);
  expect(looks).toBeGreaterThanOrEqual(4);
});

it('does work for many items in pieces, in their order, and stops once nobody waits for it', async () => {
  const turns = new FairTurns();
  const left = new AbortController();
  const done: number[] = [];
  const slow = (item: number) => {
    const end = performance.now() + 2;
    while (performance.now() < end);
    done.push(item);
    if (item === 7) left.abort(new Error('gone'));
  };
  const items = Array.from({ length: 20 }, (_, i) => i);
  await expect(turns.each({ sourceOrg: 'acme', name: 'prometheus' }, left.signal, items, slow)).rejects.toThrow('gone');
  expect(done.length).toBeLessThan(20);
  expect(done).toEqual(items.slice(0, done.length));
});
