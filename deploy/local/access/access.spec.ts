import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OidcAuthenticator, parsePolicy, roles } from '@pagebridge/access';
import { waitFor } from '@pagebridge/testing';
import { folderOf } from '../folder.ts';
import { childEnvironment, Processes } from '../processes/processes.ts';
import { call } from '../stack/call.ts';
import { cliClient } from './clients.ts';
import { type LocalAccess, startOpenIdProvider } from './openid-provider.ts';
import { Tokens } from './tokens.ts';

const folder = folderOf(`spec-access-${process.pid}`);
let processes = new Processes(folder);
let access: LocalAccess;

beforeAll(async () => {
  mkdirSync(folder.logs, { recursive: true });
  access = await startOpenIdProvider(folder, processes);
  writeFileSync(join(folder.path, 'stack.json'), JSON.stringify({ access: access.info }));
});

afterAll(async () => {
  await processes.stopAll();
  rmSync(folder.path, { recursive: true });
});

/** Runs `npm run -s token` with these arguments. */
function printToken(...args: readonly string[]) {
  const script = join(import.meta.dirname, 'print-token.ts');
  const options = { encoding: 'utf8', env: childEnvironment() } as const;
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], options);
  return { status, stdout, stderr };
}

/** Returns the identity that a service derives from this token: it reads the policy and fetches the keys of the provider. */
async function bearerOf(token: string) {
  const policy = parsePolicy(readFileSync(access.policyFile, 'utf8'));
  const authenticator = new OidcAuthenticator({ policy }, () => undefined);
  // A busy machine may not answer within the time that a request has for it.
  return waitFor('the keys of the provider', async () => {
    const answer = await authenticator.authenticate(token);
    if ('identity' in answer) return answer.identity;
    return answer.refusal.reason === 'issuer-unreachable' ? undefined : answer.refusal;
  });
}

const headerOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[0] ?? '', 'base64url').toString());

describe("a stack's OpenID provider", () => {
  it.each([
    ['ada', 'acme-us', roles.admin],
    ['vik', 'acme-us', roles.viewer],
    ['bea', 'initech-us', roles.admin],
    ['olga', '*', roles.operator],
    ['machine', 'acme-us', roles.editor],
  ])('issues %s a token that services accept, with a role on %s', async (name, sourceOrg, role) => {
    const token = await new Tokens(access.info).of(name);
    const permissions = new Set(role);
    expect(await bearerOf(token)).toEqual({
      issuer: access.info.issuer,
      subject: name,
      grants: [{ sourceOrg, permissions }],
    });
    expect(headerOf(token)).toMatchObject({ alg: 'ES256', typ: 'at+jwt' });
  });

  it('accepts the secret in the body too, without scope or resource', async () => {
    const { tokenEndpoint, clients } = access.info;
    const { clientId = '', clientSecret = '' } = clients.find(({ name }) => name === 'vik') ?? {};
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const response = await fetch(tokenEndpoint, { method: 'POST', body: new URLSearchParams(form) });
    const { access_token } = (await response.json()) as { access_token: string };
    expect(await bearerOf(access_token)).toMatchObject({ subject: 'vik' });
  });

  it('issues no token for a wrong secret', async () => {
    const wrong = access.info.clients.map((client) => ({ ...client, clientSecret: 'guessed' }));
    await expect(new Tokens({ ...access.info, clients: wrong }).of('ada')).rejects.toThrow('rejected ada: 401');
  });

  it('publishes the URLs of its token endpoint and keys, as a provider must', async () => {
    const { issuer, tokenEndpoint } = access.info;
    const { body } = await call('GET', `${issuer}/.well-known/openid-configuration`);
    expect(body).toMatchObject({ issuer, token_endpoint: tokenEndpoint, jwks_uri: `${issuer}/jwks` });
  });

  it('stores its secrets and its signing key readable by the owner only', () => {
    expect(statSync(join(folder.path, 'keys/access.json')).mode & 0o777).toBe(0o600);
    expect(new Set(access.info.clients.map(({ clientSecret }) => clientSecret)).size).toBe(5);
  });

  it('accepts earlier tokens after a restart', async () => {
    const token = await new Tokens(access.info).of('machine');
    const port = Number(new URL(access.info.issuer).port);
    await processes.stopAll();
    processes = new Processes(folder);
    access = await startOpenIdProvider(folder, processes, { port });
    expect(await bearerOf(token)).toMatchObject({ subject: 'machine' });
  });
});

/** Sends what a browser sends to the provider, with its cookies, and follows its redirects. Returns the page. */
async function browse(
  cookies: Map<string, string>,
  url: string,
  form?: Readonly<Record<string, string>>,
): Promise<string> {
  const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
  const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
  const response = await fetch(new URL(url, access.info.issuer), { headers: { cookie }, redirect: 'manual', ...sent });
  for (const line of response.headers.getSetCookie()) {
    const [name = '', value = ''] = line.split('; ')[0]?.split('=', 2) ?? [];
    cookies.set(name, value);
  }
  const location = response.headers.get('location');
  return location === null ? response.text() : browse(cookies, location);
}

/** Asks the token endpoint as a client without a secret. */
async function askToken(form: Readonly<Record<string, string>>) {
  const body = new URLSearchParams({ client_id: cliClient, ...form });
  return (await (await fetch(access.info.tokenEndpoint, { method: 'POST', body })).json()) as Record<string, string>;
}

const fieldOf = (page: string, name: string) => new RegExp(`name="${name}" value="([^"]+)"`).exec(page)?.[1] ?? '';

describe('a person at a terminal', () => {
  it('logs in by a code, with one click and without a password, and gets tokens that are renewed once each', async () => {
    const { issuer } = access.info;
    const asked = await call<Record<string, string>>(
      'POST',
      `${issuer}/device/auth`,
      `client_id=${cliClient}&scope=openid offline_access`,
      { 'content-type': 'application/x-www-form-urlencoded' },
    );
    const { device_code = '', user_code = '' } = asked.body;
    const waiting = { grant_type: 'urn:ietf:params:oauth:grant-type:device_code', device_code };
    expect(await askToken(waiting)).toMatchObject({ error: 'authorization_pending' });

    const cookies = new Map<string, string>();
    const xsrf = fieldOf(await browse(cookies, '/device'), 'xsrf');
    const confirmed = await browse(cookies, '/device', { xsrf, user_code });
    expect(confirmed).toContain(`Does your terminal show ${user_code}?`);
    const choice = await browse(cookies, '/device', { xsrf, user_code, confirm: 'yes' });
    expect(choice).toContain('no password is required');
    expect([...choice.matchAll(/<b>(\w+)<\/b>, ([^<]+)</g)].map(([, who, does]) => `${who}: ${does}`)).toEqual([
      'ada: admin of acme-us',
      'vik: viewer of acme-us',
      'bea: admin of initech-us',
      'olga: operator over all source orgs',
    ]);
    const [, action = ''] = /action="([^"]+\/vik)"/.exec(choice) ?? [];
    expect(await browse(cookies, action.replace('vik', 'mallory'), {})).toBe('Not Found');
    expect(await browse(cookies, action, {})).toContain('Return to your terminal');

    const { access_token = '', refresh_token = '', expires_in } = await askToken(waiting);
    expect(await bearerOf(access_token)).toMatchObject({ subject: 'vik', grants: [{ sourceOrg: 'acme-us' }] });
    expect(expires_in).toBe(600);
    const renewal = { grant_type: 'refresh_token', refresh_token };
    const renewed = await askToken(renewal);
    expect(await bearerOf(renewed.access_token ?? '')).toMatchObject({ subject: 'vik' });
    expect(await askToken(renewal)).toMatchObject({ error: 'invalid_grant' });
  });
});

describe('npm run token', () => {
  it('prints only the token of the named client', async () => {
    const { status, stdout, stderr } = printToken('--name', folder.name, '--as', 'bea');
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toMatch(/^[\w-]+\.[\w-]+\.[\w-]+\n$/);
    expect(await bearerOf(stdout.trim())).toMatchObject({ subject: 'bea' });
  });

  it('lists the clients if none or an unknown one is named', () => {
    const names = '--as with one of ada, vik, bea, olga, machine';
    expect(printToken()).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(names) });
    const unknown = printToken('--as', 'bob');
    expect(unknown).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining(`no client "bob"`) });
    expect(unknown.stderr).toContain(names);
  });

  it('names the command to start a stack if none runs', () => {
    const { status, stderr } = printToken('--name', `${folder.name}-absent`, '--as', 'ada');
    expect(status).toBe(2);
    expect(stderr).toContain(`run npm start -- --name ${folder.name}-absent in another terminal`);
  });
});
