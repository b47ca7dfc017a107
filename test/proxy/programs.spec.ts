import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { programs } from '@pagebridge/image';
import { childEnvironment, root } from '@pagebridge/local-stack/base';
import { TestIssuer, waitFor } from '@pagebridge/testing';
import { ConnectProxy } from './connect-proxy.ts';

const folder = mkdtempSync(join(tmpdir(), 'through-a-proxy-'));
const children: ChildProcess[] = [];
let proxy: ConnectProxy;
let login: TestIssuer;
let issuer: string;

beforeAll(async () => {
  [proxy, login] = await Promise.all([ConnectProxy.start(), TestIssuer.start()]);
  issuer = proxy.leadTo('login', login.url);
  login.answers.set(
    '/.well-known/openid-configuration',
    JSON.stringify({ issuer, jwks_uri: `${proxy.leadTo('keys', login.url)}/keys` }),
  );
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(async () => {
  await Promise.all([proxy.stop(), login.close()]);
  rmSync(folder, { recursive: true });
});

/** Runs a program of the image behind the proxy. */
function run(name: keyof typeof programs, args: readonly string[], env: Readonly<Record<string, string>>) {
  const child = spawn(process.execPath, [join(root, programs[name].file), ...args], {
    env: childEnvironment({ HTTPS_PROXY: proxy.url, NODE_EXTRA_CA_CERTS: proxy.caFile, ...env }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  return child;
}

const nobody = '127.0.0.1:1';
const urls = { CONNECTION_MANAGEMENT_URL: 'https://c', HANDLE_SYNC_URL: 'https://h', SANDBOX_CONTROL_URL: 'http://s' };

describe('a service', () => {
  it('fetches the keys of an OpenID provider through the proxy, and says why it cannot if the proxy refuses', async () => {
    const policy = join(folder, 'policy.json');
    writeFileSync(policy, login.policy.replaceAll(login.url, issuer));
    const service = run('page-routing', [], {
      KAFKA_BROKERS: nobody,
      ACCESS_POLICY_FILE: policy,
      PORT: '0',
      MANAGEMENT_PORT: '0',
      START_WAIT_MS: '600000',
    });
    let log = '';
    service.stdout?.on('data', (bytes) => {
      log += bytes;
    });
    const find = () => /"url":"(http:\/\/[\d.:]+)"/.exec(log)?.[1];
    const url = await waitFor('its port', find, { lastSeen: () => log });
    const token = await login.token({ claims: { iss: issuer, groups: ['acme-us-viewer'] } });
    // The org of somebody else: that it does not exist for this caller, is known from the token.
    const ask = () =>
      fetch(`${url}/v1/source-orgs/globex/conflicts`, { headers: { authorization: `Bearer ${token}` } });

    proxy.react('refuse');
    const refused = await ask();
    expect([refused.status, await refused.json()]).toMatchObject([503, { code: 'issuer-unreachable' }]);
    const cause = `the proxy ${proxy.host} opens no tunnel: it answers 403`;
    await waitFor('its line in the log', () => log.includes(cause), { lastSeen: () => log });
    expect(proxy.asked).toEqual(['login.behind.test:443']);

    proxy.react('tunnel');
    // A failed call is repeated after five seconds.
    await waitFor('the keys', async () => (await ask()).status === 404, { lastSeen: () => log });
    expect(new Set(proxy.asked)).toEqual(new Set(['login.behind.test:443', 'keys.behind.test:443']));
    for (const secret of proxy.secrets) expect(log).not.toContain(secret);
  });
});

describe('a program', () => {
  it('requests its token through the proxy', async () => {
    const TOKEN_ENDPOINT = `${issuer}/token`;
    const client = { TOKEN_CLIENT_ID: 'smoke', TOKEN_CLIENT_SECRET: 'secret' };
    const { stderr } = run('pagebridge', ['smoke-test'], { KAFKA_BROKERS: nobody, TOKEN_ENDPOINT, ...client, ...urls });
    expect(await text(stderr)).toContain(`${TOKEN_ENDPOINT} responded with 200 and no valid access_token`);
  });

  const keys = { CREDENTIALS_PRIVATE_KEYS: '{}', CREDENTIALS_PUBLIC_KEY: '{}' };
  it.each([
    ['pagebridge', ['topics', 'create', '--brokers', nobody], {}],
    ['pagebridge', ['dead-letters', 'ls', '--kafka', '--brokers', nobody], {}],
    ['pagebridge', ['smoke-test'], { KAFKA_BROKERS: nobody, ...urls }],
    ['pagebridge', ['reseal', '--plan'], { KAFKA_BROKERS: nobody, ...urls, ...keys }],
  ] as const)(
    'that is given something else than a proxy does not begin, and names the variable: %s',
    async (name, args, env) => {
      const { stderr } = run(name, args, { ...env, HTTPS_PROXY: 'proxy:3128' });
      expect(await text(stderr)).toContain('HTTPS_PROXY must be http:// or https://, host and port of a proxy');
    },
  );
});
