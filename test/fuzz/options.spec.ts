import { describe, expect, it } from '@jest/globals';
import { optionsOf } from './options.ts';

describe('npm run fuzz --', () => {
  it('feeds all targets for five minutes by default', () => {
    expect(optionsOf([])).toEqual({ seed: 1, minutes: 5 });
    expect(optionsOf(['--minutes', '0.5', '--seed', '7', '--only', 'http'])).toEqual({
      seed: 7,
      minutes: 0.5,
      only: 'http',
    });
  });

  it('repeats the case of a failure', () => {
    expect(optionsOf(['--only', 'handles', '--seed', '12', '--path', '3:0:1'])).toMatchObject({
      seed: 12,
      path: '3:0:1',
    });
  });

  it('prints its help, and refuses invalid options', () => {
    expect(optionsOf(['--help'])).toBeUndefined();
    for (const args of [['--minutes', '0'], ['--seed=-1'], ['--path', '1'], ['--only', 'a', '--path', 'x'], ['b']]) {
      expect(() => optionsOf(args)).toThrow();
    }
  });
});
