import { describe, expect, it } from '@jest/globals';
import { Seeded } from './seed.ts';

const some = (random: Seeded) => Array.from({ length: 20 }, () => random.between(1, 1_000));

describe('a seed', () => {
  it('makes the same choices each time, unlike another seed', () => {
    expect(some(new Seeded(1))).toEqual(some(new Seeded(1)));
    expect(some(new Seeded(1))).not.toEqual(some(new Seeded(2)));
  });

  it('has forks that do not depend on later draws from the parent', () => {
    const [one, other] = [new Seeded(7), new Seeded(7)];
    const [fork, sameFork] = [one.fork(), other.fork()];
    some(one);
    expect(some(fork)).toEqual(some(sameFork));
  });

  it('picks by weight, and never an item of weight 0', () => {
    const random = new Seeded(3);
    const picked = Array.from({ length: 1_000 }, () =>
      random.weighted([
        [9, 'often'],
        [1, 'seldom'],
        [0, 'never'],
      ] as const),
    );
    expect(picked.filter((it) => it === 'often').length).toBeGreaterThan(800);
    expect(picked).not.toContain('never');
  });
});
