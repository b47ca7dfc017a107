import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { builtVariable, childEnvironment, root } from '@pagebridge/local-stack/base';
import { missingLines, optionalPrograms } from './optional-programs.ts';

/* Runs `npm test` for a few specs on a machine that has none of the optional programs. */
let empty: string;
beforeAll(() => {
  empty = mkdtempSync(join(tmpdir(), 'pagebridge-path-'));
});
afterAll(() => rmSync(empty, { recursive: true }));

async function npmTest(...args: readonly string[]) {
  const child = spawn(process.execPath, ['test/run.ts', 'unit', ...args], {
    cwd: root,
    env: childEnvironment({ PATH: empty, [builtVariable]: 'yes' }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, stderr, lines: stdout.trim().split('\n') };
}

it('skips tests whose programs are missing: fails none, counts them, and names each program once at the end', async () => {
  const { status, stderr, lines } = await npmTest('test/rules', 'test/optional-programs.spec.ts');
  const line = expect.stringMatching(/^(unit: )?4 passed, 0 failed, \d\d skipped$/);
  expect({ lines, stderr }).toEqual({
    lines: [line, ...missingLines(optionalPrograms), line],
    stderr: expect.anything(),
  });
  expect(status).toBe(0);
});

it('--complete counts each skipped test as failed', async () => {
  const { status, lines } = await npmTest('test/optional-programs.spec.ts', '--complete');
  expect(lines.at(-1)).toBe(`1 passed, ${optionalPrograms.length} failed`);
  expect(lines).toEqual(expect.arrayContaining(missingLines(optionalPrograms)));
  expect(status).toBe(1);
});
