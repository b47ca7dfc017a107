import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, describe, expect, it } from '@jest/globals';

const folder = mkdtempSync(join(tmpdir(), 'main-'));
const file = (name: string, text: string): string => {
  writeFileSync(join(folder, name), text);
  return join(folder, name);
};
afterAll(() => rmSync(folder, { recursive: true }));

const flags = ['--experimental-transform-types', '--disable-warning=ExperimentalWarning'];
const main = join(import.meta.dirname, 'main.ts');
/** Starts the program in a process of its own, from its source. */
const start = (...line: string[]) =>
  spawn(process.execPath, [...flags, '--conditions=@pagebridge/source', main, ...line], {
    env: { PAGEBRIDGE_CONFIG: join(folder, 'contexts.yaml') },
    cwd: folder,
  });
const end = async (child: ReturnType<typeof start>): Promise<number | null> =>
  (await once(child, 'close'))[0] as number | null;

describe('the process', () => {
  it('waits for what comes late from a pipe', async () => {
    file('contexts.yaml', 'contexts: { prod: { url: "https://a.example" } }');
    const child = start('--context', 'prod', 'login', '--token-file', '-');
    await Promise.race([pause(2000), once(child, 'close')]);
    child.stdin.on('error', () => undefined).end('late-token\n');
    expect(await end(child)).toBe(0);
    expect(readFileSync(join(folder, 'logins.json'), 'utf8')).toContain('late-token');
  });

  it('keeps the exit code of a failure whose reader has enough', async () => {
    const tests = [{ name: 'a', alert: { org: 'acme-us', message: '@oncall-nobody' }, expect: {} }];
    const suite = file('suite.yaml', JSON.stringify({ tests }));
    const registry = file(
      'registry.json',
      '{"format":"pagebridge-registry/v1","connections":[],"sourceOrgs":[],"directories":[],"handles":[]}',
    );
    const child = start('route', 'test', '--suite', suite, '--registry', registry);
    child.stdout.destroy();
    expect(await end(child)).toBe(1);
  });

  it('does not fail because nobody reads its messages', async () => {
    const child = start('contexts', 'rm', 'absent');
    child.stderr.destroy();
    expect(await end(child)).toBe(2);
  });
});
