import { appendFileSync } from 'node:fs';
import { describe } from '@jest/globals';
import { type OptionalProgram, programPath } from '../optional-programs.ts';

/**
 * Returns `describe`, or `describe.skip` if one of the programs is not installed.
 *
 * `npm test` counts the skipped tests, and names the missing programs once, at its end.
 */
export function describeWith(...programs: readonly OptionalProgram[]) {
  const missing = programs.filter((program) => programPath(program) === undefined);
  if (missing.length === 0) return describe;
  const { MISSING_PROGRAMS_FILE: file } = process.env;
  if (file) appendFileSync(file, missing.map((program) => `${program}\n`).join(''));
  return describe.skip;
}
