import { expect, it } from '@jest/globals';
import { KeyTurns } from './key-turns.ts';

it('work on the same key runs in the order of the calls, other work meanwhile, and a failure stops nobody', async () => {
  const turns = new KeyTurns();
  const done: string[] = [];
  const { promise, resolve } = Promise.withResolvers<void>();
  const run = (name: string, keys: readonly string[], before = Promise.resolve()) =>
    turns.run(keys, async () => {
      await before;
      done.push(name);
      if (name === 'first') throw new Error('fails');
    });
  const first = run('first', ['a', 'b'], promise);
  const second = run('second', ['b', 'c']);
  const third = run('third', ['c', 'a']);
  await run('other', ['d']);
  expect(done).toEqual(['other']);
  resolve();
  await expect(first).rejects.toThrow('fails');
  await Promise.all([second, third]);
  expect(done).toEqual(['other', 'first', 'second', 'third']);
});
