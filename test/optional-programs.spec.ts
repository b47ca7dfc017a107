import { spawnSync } from 'node:child_process';
import { expect, it } from '@jest/globals';
import { describeWith } from './harness/describe-with.ts';
import { missingLines, optionalPrograms, programPath } from './optional-programs.ts';

/* Without a program, its test is skipped here as in every spec that needs it. */
for (const program of optionalPrograms) {
  describeWith(program)(program, () => {
    it('runs', () => {
      const version = program === 'kcat' ? '-V' : '--version';
      expect(spawnSync(String(programPath(program)), [version], { encoding: 'utf8' })).toMatchObject({ status: 0 });
    });
  });
}

it('names each missing program once, with the way to get it', () => {
  expect(missingLines(['kcat', 'jq', 'kcat'])).toEqual([
    'tests were skipped because these programs are not installed:',
    '  jq: apt-get install jq, or https://jqlang.org/download',
    '  kcat: apt-get install kcat, or https://github.com/edenhill/kcat',
  ]);
  expect(missingLines([])).toEqual([]);
});
