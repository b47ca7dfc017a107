/** The numbers of passed, failed and skipped tests. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The used fields of Jest's `--json` output. */
export interface JestResults {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly numPendingTests: number;
  readonly numTodoTests: number;
  readonly numRuntimeErrorTestSuites: number;
}

const oneFailure: Tally = { passed: 0, failed: 1, skipped: 0 };

/**
 * Counts one run of Jest so that every kind of failure counts.
 *
 * A suite that cannot be loaded is a failure; so is a run that exits with an error but no failed test, leaves no results,
 * or finds no tests.
 */
export function tallyOf(results: JestResults | undefined, exitCode: number | null): Tally {
  if (!results) return oneFailure;
  const passed = results.numPassedTests;
  const skipped = results.numPendingTests + results.numTodoTests;
  const failed = results.numFailedTests + results.numRuntimeErrorTestSuites;
  const nothingRan = passed + failed === 0;
  return { passed, skipped, failed: failed === 0 && (exitCode !== 0 || nothingRan) ? 1 : failed };
}

export const sum = (tallies: readonly Tally[]): Tally =>
  tallies.reduce(
    (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped }),
    { passed: 0, failed: 0, skipped: 0 },
  );

/** Counts skipped tests as failed: where everything should be installed, none may be skipped. */
export const complete = ({ passed, failed, skipped }: Tally): Tally => ({
  passed,
  failed: failed + skipped,
  skipped: 0,
});

/** Returns `3 passed, 0 failed`, with `, 1 skipped` only if any was skipped. */
export const lineOf = ({ passed, failed, skipped }: Tally): string =>
  `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
