import { describe, expect, it } from '@jest/globals';
import { complete, lineOf, sum, tallyOf } from './tally.ts';

const results = {
  numPassedTests: 3,
  numFailedTests: 0,
  numPendingTests: 0,
  numTodoTests: 0,
  numRuntimeErrorTestSuites: 0,
};

describe('tally', () => {
  it('counts a suite that cannot be loaded as failed', () => {
    expect(tallyOf({ ...results, numRuntimeErrorTestSuites: 1 }, 1)).toEqual({ passed: 3, failed: 1, skipped: 0 });
  });

  it.each([
    ['leaves no results', undefined, 0],
    ['finds no test', { ...results, numPassedTests: 0 }, 0],
    ['ends badly though no test failed', results, 1],
    ['is killed', results, null],
  ])('counts a run that %s as failed', (_what, of, exitCode) => {
    expect(tallyOf(of, exitCode).failed).toBe(1);
  });

  it('counts a skipped test of a run that must be complete as failed', () => {
    expect(complete({ passed: 3, failed: 1, skipped: 2 })).toEqual({ passed: 3, failed: 3, skipped: 0 });
  });

  it('adds up to one line that names skipped tests only if there are any', () => {
    const tally = tallyOf(results, 0);
    expect(lineOf(sum([tally, tally]))).toBe('6 passed, 0 failed');
    expect(lineOf({ ...tally, skipped: 2 })).toBe('3 passed, 0 failed, 2 skipped');
  });
});
