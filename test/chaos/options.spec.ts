import { describe, expect, it } from '@jest/globals';
import { runsOf } from './options.ts';

describe('npm run chaos --', () => {
  it('runs five minutes with all faults, or a short small run for a mutant', () => {
    expect(runsOf(['--seed', '3'])).toMatchObject([{ seed: 3, minutes: 5, kinds: [], profile: 'full' }]);
    const mutant = 'outcome-dropped';
    expect(runsOf(['--mutant', mutant])).toMatchObject([{ seed: 1, minutes: 0.15, profile: 'small', mutant }]);
    expect(runsOf(['--mutant', 'read-back-ignored'])).toMatchObject([{ minutes: 0.5 }]);
  });

  it('--secure adds TLS, logins and ACLs', () => {
    expect(runsOf(['--secure'])).toMatchObject([{ minutes: 5, isSecure: true, profile: 'full' }]);
    expect(runsOf([])).toMatchObject([{ isSecure: false }]);
  });

  it('--hostile adds hostile input', () => {
    expect(runsOf(['--hostile'])).toMatchObject([{ minutes: 5, hostile: true, profile: 'full' }]);
    expect(runsOf([])).toMatchObject([{ hostile: false }]);
  });

  it('floods with 30,000 alerts, with another number, or not at all', () => {
    expect(runsOf([])).toMatchObject([{ flood: 30_000 }]);
    expect(runsOf(['--flood', '500'])).toMatchObject([{ flood: 500 }]);
    expect(runsOf(['--flood', '0'])).toMatchObject([{ flood: 0 }]);
  });

  it('refuses invalid options', () => {
    for (const args of [
      ['--flood', '-1'],
      ['--minutes', 'many'],
      ['--minutes', '0'],
      ['--profile', 'huge'],
      ['--frenzy'],
    ]) {
      expect(() => runsOf(args)).toThrow();
    }
  });

  it('--regressions runs every recorded regression', () => {
    expect(runsOf(['--regressions'])).toContainEqual(expect.objectContaining({ seed: 5, minutes: 1, profile: 'full' }));
  });
});
