import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { feed, type Target, target } from './target.ts';
import { decoders } from './targets/index.ts';

/** Feeds targets as `npm run fuzz` does, for a short time. */
const feedFor = (forMs: number, targets: readonly Target[]) => feed(targets, { seed: 1, forMs });

describe('arbitrary input', () => {
  it.each(decoders().map((each) => [each.name, each] as const))('breaks no promise of %s', async (_name, each) => {
    expect(await feedFor(80, [each])).toMatchObject({ found: [] });
  });
});

describe('fuzzing', () => {
  it('reports the smallest case that breaks a promise, and the command to repeat it', async () => {
    const broken = target('numbers', fc.nat(), (n) => {
      if (n > 10) throw new Error('more than ten');
    });
    const { found } = await feedFor(1000, [broken]);
    expect(found).toMatchObject([{ target: 'numbers', counterexample: '[ 11 ]' }]);
    const [{ seed = 0, path = '' } = {}] = found;
    const again = await feed([broken], { seed, path, forMs: 1000 });
    expect(again.found).toMatchObject([{ counterexample: '[ 11 ]', error: expect.stringContaining('more than ten') }]);
  });
});
