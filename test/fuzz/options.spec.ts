import { describe, expect, it } from '@jest/globals';
import { fuzzOptionsOf } from './options.ts';

describe('npm run fuzz --', () => {
  it('feeds all targets for five minutes by default', () => {
    expect(fuzzOptionsOf([])).toEqual({ seed: 1, minutes: 5 });
    expect(fuzzOptionsOf(['--minutes', '0.5', '--seed', '7', '--target', 'http'])).toEqual({
      seed: 7,
      minutes: 0.5,
      target: 'http',
    });
  });

  it('repeats the case of a failure', () => {
    expect(fuzzOptionsOf(['--target', 'handles', '--seed', '12', '--path', '3:0:1'])).toMatchObject({
      seed: 12,
      path: '3:0:1',
    });
  });

  it('prints its help, and refuses invalid options', () => {
    expect(fuzzOptionsOf(['--help'])).toBeUndefined();
    for (const args of [['--minutes', '0'], ['--seed=-1'], ['--path', '1'], ['--target', 'a', '--path', 'x'], ['b']]) {
      expect(() => fuzzOptionsOf(args)).toThrow();
    }
  });
});
