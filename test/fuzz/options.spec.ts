import { describe, expect, it } from '@jest/globals';
import { optionsOf } from './options.ts';

describe('npm run fuzz --', () => {
  it('feeds everything for five minutes unless told otherwise', () => {
    expect(optionsOf([])).toEqual({ seed: 1, minutes: 5 });
    expect(optionsOf(['--minutes', '0.5', '--seed', '7', '--only', 'http'])).toEqual({
      seed: 7,
      minutes: 0.5,
      only: 'http',
    });
  });

  it('repeats the case that a failure named', () => {
    expect(optionsOf(['--only', 'handles', '--seed', '12', '--path', '3:0:1'])).toMatchObject({
      seed: 12,
      path: '3:0:1',
    });
  });

  it('shows its help, and refuses what it does not understand', () => {
    expect(optionsOf(['--help'])).toBeUndefined();
    for (const args of [['--minutes', '0'], ['--seed=-1'], ['--path', '1'], ['--only', 'a', '--path', 'x'], ['b']]) {
      expect(() => optionsOf(args)).toThrow();
    }
  });
});
