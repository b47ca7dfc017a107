import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { run } from '../run.fixtures.ts';

const folder = mkdtempSync(join(tmpdir(), 'environment-token-'));
const here = process.cwd();
const PAGEBRIDGE_CONFIG = join(folder, 'contexts.yaml');
let received: (string | undefined)[] = [];
const server = createServer(({ method, url: path, headers }, response) => {
  // The provider of the stack: its clients get a token of their own.
  if (path === '/token') return response.end('{"access_token":"of-ada"}');
  received.push(headers.authorization);
  return response.writeHead(method === 'POST' ? 202 : 200).end('{"items":[],"published":1}');
});
let url = '';

beforeAll(async () => {
  process.chdir(folder);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
beforeEach(() => {
  received = [];
  rmSync(PAGEBRIDGE_CONFIG, { force: true });
  rmSync('.local', { recursive: true, force: true });
});
afterAll(() => {
  server.close().closeAllConnections();
  process.chdir(here);
  rmSync(folder, { recursive: true });
});

const contextInUse = () =>
  writeFileSync(PAGEBRIDGE_CONFIG, `current: prod\ncontexts: { prod: { url: "${url}", org: acme-us } }`);
function runStack() {
  const { connectionManagement } = { connectionManagement: url };
  const access = { issuer: url, tokenEndpoint: `${url}/token`, clients: [{ name: 'ada' }] };
  mkdirSync('.local');
  writeFileSync(
    '.local/stack.json',
    JSON.stringify({ brokers: '127.0.0.1:9', services: { connectionManagement }, access }),
  );
}
const file = (text: string): string => {
  writeFileSync('token', text, { mode: 0o600 });
  return join(folder, 'token');
};
const notSent = (variable: string, context: string) =>
  new RegExp(
    `^warning: ${variable} is not sent to the current context ${context}\nhint: pass --context ${context} to send it\n`,
  );

describe('a token of the environment', () => {
  it.each([
    ['PAGEBRIDGE_TOKEN', ['orgs', 'ls'], () => 'of-env'],
    ['PAGEBRIDGE_TOKEN_FILE', ['orgs', 'ls'], () => file('of-env\n')],
    ['PAGEBRIDGE_INTAKE_TOKEN', ['alerts', 'send', '--alert-key', 'a', '@oncall-b'], () => 'of-env'],
    ['PAGEBRIDGE_INTAKE_TOKEN_FILE', ['alerts', 'send', '--alert-key', 'a', '@oncall-b'], () => file('of-env\n')],
  ])('in %s reaches a context that is named, and none that is only in use', async (variable, line, value) => {
    contextInUse();
    const env = { PAGEBRIDGE_CONFIG, [variable]: value() };
    const { status, stderr } = await run(line, env);
    expect({ status, received }).toEqual({ status: 0, received: [undefined] });
    expect(stderr).toMatch(notSent(variable.replace('_FILE', ''), 'prod'));
    expect(stderr.match(/is not sent/g)).toHaveLength(1);

    await run(['--context', 'prod', ...line], env);
    await run(line, { ...env, PAGEBRIDGE_CONTEXT: 'prod' });
    expect(received).toEqual([undefined, 'Bearer of-env', 'Bearer of-env']);
  });

  it('reaches the services whose addresses the environment gives, also where a stack runs', async () => {
    runStack();
    const env = { PAGEBRIDGE_CONFIG, PAGEBRIDGE_TOKEN: 'of-env', CONNECTION_MANAGEMENT_URL: url };
    expect(await run(['orgs', 'ls'], env)).toMatchObject({ status: 0, stderr: 'No results.\n' });
    expect(received).toEqual(['Bearer of-env']);
    await run(['orgs', 'ls'], { PAGEBRIDGE_CONFIG, CONNECTION_MANAGEMENT_URL: url });
    expect(received.at(-1)).toBeUndefined();
  });

  it('reaches no stack that merely runs in the folder, which gets its own', async () => {
    runStack();
    const env = { PAGEBRIDGE_CONFIG, PAGEBRIDGE_TOKEN: 'of-env' };
    expect((await run(['orgs', 'ls'], env)).stderr).toMatch(notSent('PAGEBRIDGE_TOKEN', 'stack'));
    expect(received).toEqual(['Bearer of-ada']);
    await run(['--context', 'stack', 'orgs', 'ls'], env);
    expect(received.at(-1)).toBe('Bearer of-env');
  });
});
