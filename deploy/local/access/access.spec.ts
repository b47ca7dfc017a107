import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { OidcAuthenticator, parsePolicy, roles } from '@pagebridge/access';
import { folderOf } from '../folder.ts';
import { childEnvironment, Processes } from '../processes/processes.ts';
import { call } from '../stack/call.ts';
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
  const answer = await new OidcAuthenticator({ policy }, () => undefined).authenticate(token);
  return 'identity' in answer ? answer.identity : answer.refusal;
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
    await expect(new Tokens({ ...access.info, clients: wrong }).of('ada')).rejects.toThrow('refuses ada: 401');
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
    access = await startOpenIdProvider(folder, processes, port);
    expect(await bearerOf(token)).toMatchObject({ subject: 'machine' });
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
