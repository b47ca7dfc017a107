import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'private-file-'));
const here = process.cwd();
const PAGEBRIDGE_CONFIG = join(folder, 'contexts.yaml');
const logins = join(folder, 'logins.json');
const stack = {
  ...{ brokers: '127.0.0.1:9', services: { connectionManagement: 'http://127.0.0.1:1' } },
  access: { issuer: 'http://127.0.0.1:1', tokenEndpoint: 'http://127.0.0.1:1/token', clients: [] },
};

process.chdir(folder);
mkdirSync('.local');
beforeEach(() => {
  rmSync('.local/stack.json', { force: true });
  writeFileSync(PAGEBRIDGE_CONFIG, 'contexts: { prod: { url: "http://127.0.0.1:1" } }');
  rmSync(logins, { force: true });
});
afterAll(() => {
  process.chdir(here);
  rmSync(folder, { recursive: true });
});

describe('a file of this program', () => {
  it.each([
    ['is cut off', '{"brokers":"127'],
    ['is a list', '[]'],
    ['is that of something else', '{}'],
  ])('of npm start that %s is named, with its cure', async (_what, text) => {
    writeFileSync('.local/stack.json', text);
    for (const line of [
      ['contexts', 'ls'],
      ['topics', 'ls'],
      ['orgs', 'ls'],
    ]) {
      expect(await run(line, { PAGEBRIDGE_CONFIG })).toEqual({
        ...{ status: 2, stdout: '' },
        stderr: expect.stringMatching(
          /^error: \.local\/stack\.json (is not valid JSON|was not written by npm start)\nhint: run npm start again/,
        ),
      });
    }
  });

  it.each([
    ['tokenEndpoint', { ...stack, access: { ...stack.access, tokenEndpoint: 'http://evil.example/token' } }],
    ['issuer', { ...stack, access: { ...stack.access, issuer: 'http://evil.example' } }],
    ['management', { ...stack, management: { pageRouting: 'http://evil.example' } }],
    ['services', { ...stack, services: { connectionManagement: 'http://evil.example' } }],
  ])('of npm start that names another machine as its %s is refused', async (_field, text) => {
    writeFileSync('.local/stack.json', JSON.stringify(text));
    expect(await run(['orgs', 'ls'], { PAGEBRIDGE_CONFIG })).toMatchObject({
      ...{ status: 2, stderr: expect.stringMatching(/http:\/\/evil\.example.* is not on this machine\n$/) },
    });
  });

  it('with contexts or logins that is broken is named, with its cure', async () => {
    writeFileSync(logins, '{"prod": {"acc');
    const line = ['--context', 'prod', 'orgs', 'ls'];
    expect(await run(line, { PAGEBRIDGE_CONFIG })).toEqual({
      ...{
        status: 2,
        stdout: '',
        stderr: `error: ${logins} is not valid JSON\nhint: remove the file and log in again\n`,
      },
    });
    writeFileSync(PAGEBRIDGE_CONFIG, 'contexts: {');
    expect((await run(line, { PAGEBRIDGE_CONFIG })).stderr).toMatch(/contexts\.yaml is not valid YAML: /);
  });

  it('that has a secret and that others may read is named, with its cure', async () => {
    const env = { PAGEBRIDGE_CONFIG, PAGEBRIDGE_TOKEN_FILE: join(folder, 'token') };
    writeFileSync('token', 'of-env');
    writeFileSync(logins, '{}');
    for (const [path, given] of [
      ['token', env],
      ['logins.json', { PAGEBRIDGE_CONFIG }],
    ] as const) {
      const warning = `can read the secret in ${join(folder, path)}\nhint: chmod 600 ${join(folder, path)}`;
      chmodSync(path, 0o640);
      expect((await run(['--context', 'prod', 'orgs', 'ls'], given)).stderr).not.toContain(warning);
      chmodSync(path, 0o644);
      expect((await run(['--context', 'prod', 'orgs', 'ls'], given)).stderr).toContain(warning);
    }
  });
});
