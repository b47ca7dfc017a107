import { expect, it } from '@jest/globals';
import { FairTurns } from './fair-turns.ts';

it('lets an owner with little work go before most of the work of another', async () => {
  const turns = new FairTurns();
  const done: string[] = [];
  const work = (owner: string, pieces: number) =>
    Array.from({ length: pieces }, () =>
      turns.next({ sourceOrg: owner, name: 'prometheus' }).then(() => done.push(owner)),
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
  for (let piece = 0; piece < 5; piece += 1) await turns.next({ sourceOrg: 'flood', name: 'prometheus' });
  expect(looks).toBeGreaterThanOrEqual(4);
});
