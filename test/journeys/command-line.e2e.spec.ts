import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Tokens } from '@pagebridge/local-stack';
import { waitFor } from '@pagebridge/testing';
import { Journey } from '../harness/journey.ts';
import { linesWith, linesWithTokens, secretsOf } from '../harness/secrets.ts';

const journey = new Journey();
const main = join(import.meta.dirname, '../../apps/cli/dist/main.js');
// Another person's folder, in which the stack runs as if by `npm start`.
const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
const printed: string[] = [];
let operator = '';

beforeAll(async () => {
  const { info } = journey.driver;
  mkdirSync(join(folder, '.local'));
  writeFileSync(join(folder, '.local/stack.json'), JSON.stringify(info));
  operator = await new Tokens(info.access).of('olga');
});
afterAll(() => {
  rmSync(folder, { recursive: true });
  const { info } = journey.driver;
  const text = printed.join('\n');
  expect([...linesWith(text, secretsOf(info)), ...linesWithTokens(text)]).toEqual([]);
});

interface Given {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Gets what the program says while it runs. */
  readonly onSaid?: (said: string) => void;
}

/** Runs the program as a person does, without a terminal; by default as an operator. */
async function pagebridge(line: readonly string[], { input = '', env = {}, onSaid }: Given = {}) {
  const config = join(folder, 'config/contexts.yaml');
  const child = spawn(process.execPath, [main, ...line], {
    cwd: folder,
    env: { PAGEBRIDGE_CONFIG: config, PAGEBRIDGE_CONTEXT: 'stack', PAGEBRIDGE_TOKEN: operator, ...env },
  });
  child.stderr.on('data', (bytes) => onSaid?.(String(bytes)));
  child.stdin.end(input);
  const [stdout, stderr, [code]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  printed.push(stdout, stderr);
  return { code: code as number, stdout, stderr };
}
const nobody = { PAGEBRIDGE_TOKEN: '' };

describe('the command line', () => {
  it('adds, changes, checks and removes a connection, whose keys it takes from standard input and never shows', async () => {
    const { id: org } = journey.sourceOrg();
    const on = (...line: readonly string[]) => pagebridge(['connections', ...line, '--org', org]);
    const { dataCenter, apiKey, applicationKey } = journey.globex;
    const keys = JSON.stringify({ apiKey, applicationKey });
    const create = [
      'connections',
      'create',
      '--org',
      org,
      '--name',
      'Globex EU',
      '--data-center',
      dataCenter,
      '-f',
      '-',
    ];
    const wrong = JSON.stringify({ apiKey: 'x'.repeat(32), applicationKey });
    expect(await pagebridge(create, { input: wrong })).toMatchObject({
      ...{ code: 1, stdout: '' },
      stderr: expect.stringMatching(/^error: Key checks failed .*\n(.*\n)* {4}hint: Use an active API key/),
    });
    expect(await pagebridge(create, { input: keys })).toMatchObject({
      ...{ code: 0, stderr: `Accepted by stack (${journey.driver.info.services.connectionManagement}).\n` },
    });

    expect((await on('change', 'globex-eu', '--slug', 'globex')).code).toBe(0);
    expect((await on('change', 'globex', '--disable', '-o', 'name')).stdout).toBe('globex\n');
    expect((await on('show', 'Globex EU')).stdout).toMatch(/^status +disabled$/m);
    expect((await on('change', 'globex', '--enable')).code).toBe(0);
    expect((await on('change', 'globex', '--share', 'title')).code).toBe(0);
    expect((await on('revoke-snapshots', 'globex', '--yes')).stderr).toContain('New links share: title.');
    expect((await on('rotate', 'globex')).code).toBe(2);
    const rotated = await pagebridge(['connections', 'rotate', 'globex', '--org', org, '-f', '-'], { input: keys });
    expect(rotated.code).toBe(0);
    expect((await on('check', 'globex')).stdout).toMatch(/^api-key\tpassed/m);
    expect(await on('sync', 'globex', '--wait')).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^globex\t\d/),
    });
    const listed = JSON.parse((await on('ls', '-o', 'json')).stdout);
    expect(listed).toMatchObject([{ slug: 'globex', enabled: true, credentials: { revision: 2 } }]);

    expect(await on('rm', 'globex')).toMatchObject({ code: 2, stderr: expect.stringContaining('use --yes') });
    expect(await on('rm', 'globex', '--yes')).toMatchObject({ code: 0, stderr: expect.stringContaining('Started') });
    await waitFor('the removal', async () => (await on('ls', '-o', 'name')).stdout === '' || undefined);
    const audit = (await pagebridge(['audit', 'ls', '--org', org, '--limit', '100', '-o', 'jsonl'])).stdout;
    expect(audit).toContain('"connection.deleted"');
  });

  it('changes one setting of a source org, and keeps the others', async () => {
    const { id: org } = journey.sourceOrg();
    const change = (...line: readonly string[]) => pagebridge(['orgs', 'change', org, ...line, '-o', 'json']);
    expect((await change('--local-handle', 'web', 'db')).code).toBe(0);
    const { stdout, stderr } = await change('--fallback', 'core-infra');
    expect(JSON.parse(stdout)).toMatchObject({ localHandles: ['web', 'db'], fallbackHandle: 'core-infra' });
    expect(stderr).toMatch(/^warning: fallbackHandle: /m);
    expect((await pagebridge(['data-centers', 'ls', '-o', 'name'])).stdout).toContain(journey.globex.dataCenter);
  });

  it('says what a handle means, and sends an alert to Kafka and over HTTP that pages', async () => {
    const acme = journey.sourceOrg();
    const ofOrg = ['--org', acme.id];
    await acme.connect(journey.globex);
    expect(await pagebridge(['why', '@oncall-core-infra', ...ofOrg])).toMatchObject({
      ...{ code: 0, stdout: '@oncall-core-infra pages core-infra over globex-eu (globex-eu), urgency high\n' },
    });
    expect(await pagebridge(['why', 'core-infr', ...ofOrg])).toMatchObject({
      ...{ code: 3, stdout: expect.stringContaining('Did you mean @oncall-core-infra?') },
    });
    expect((await pagebridge(['handles', 'ls', '--query', 'core', '-o', 'name', ...ofOrg])).stdout).toBe(
      '@oncall-core-infra\n',
    );
    expect((await pagebridge(['handles', 'show', 'globex-eu/core-infra', ...ofOrg])).code).toBe(3);
    expect((await pagebridge(['handles', 'show', '@oncall-globex-eu/core-infra', ...ofOrg])).code).toBe(0);

    const alert = {
      sourceOrg: acme.id,
      alertKey: 'disk',
      transition: 'triggered',
      origin: 'monitor',
      title: 'Disk full',
    };
    const input = JSON.stringify({ ...alert, message: '@oncall-search', occurredAt: new Date() });
    expect((await pagebridge(['explain', '-f', '-', '--expect', '@oncall-search'], { input })).code).toBe(0);
    expect((await pagebridge(['explain', '-f', '-', '--expect', 'core-infra'], { input })).code).toBe(1);

    const kafka = ['alerts', 'send', '--alert-key', 'disk', '--kafka', 'Disk full. @oncall-search', ...ofOrg];
    expect(await pagebridge(kafka)).toMatchObject({
      code: 0,
      stderr: expect.stringContaining('Sent to paging.alerts.v1'),
    });
    await waitFor('the page', async () => (await acme.pages(journey.globex)).length === 1 || undefined);

    await pagebridge(['integrations', 'create', '--name', 'backups', '--kind', 'alerts', ...ofOrg]);
    const into = join(folder, 'backups.token');
    const token = ['tokens', 'create', '--name', 'backups', '--integration', 'backups', '--into', into, ...ofOrg];
    expect((await pagebridge(token)).code).toBe(0);
    expect(statSync(into).mode & 0o777).toBe(0o600);
    const send = [
      'alerts',
      'send',
      '--alert-key',
      'db-1',
      '--token-file',
      into,
      'No backup. @oncall-payments',
      ...ofOrg,
    ];
    await waitFor('the token', async () => (await pagebridge(send)).code === 0 || undefined);
    await waitFor('the page', async () => (await acme.pages(journey.globex)).length === 2 || undefined);

    expect((await pagebridge(['tokens', 'revoke', 'backups', '--yes', ...ofOrg])).code).toBe(0);
    await waitFor('the refusal', async () => (await pagebridge(send)).code === 4 || undefined);
  });

  it('sends a test page to a team, follows it until the destination accepts it, and resolves it', async () => {
    const acme = journey.sourceOrg();
    await acme.connect(journey.globex);
    const on = (...line: readonly string[]) => pagebridge(['test-page', ...line, '--org', acme.id]);
    const send = (...line: readonly string[]) => on('send', 'globex-eu', '--team', ...line, '-o', 'json');
    expect(await send('core-infra')).toMatchObject({ code: 2, stderr: expect.stringContaining('the person on call') });
    expect((await send('nobody', '--yes')).code).toBe(3);
    const { code, stdout } = await send('core-infra', '--yes');
    const { id, result, answer } = JSON.parse(stdout);
    expect({ code, result }).toEqual({ code: 0, result: 'paged' });
    const pages = await acme.pages(journey.globex);
    expect(pages).toMatchObject([{ title: expect.stringContaining('Test page from Pagebridge') }]);
    expect(answer).toContain('core-infra');
    expect((await on('end', id)).code).toBe(0);
    await waitFor('the end', async () => (await acme.pages(journey.globex))[0]?.status === 'resolved' || undefined);
  });

  it('logs a person in by a code, renews the login for many processes at once, and ends it', async () => {
    const env = nobody;
    const { issuer } = journey.driver.info.access;
    const said = { codes: [] as string[] };
    const login = pagebridge(['login'], {
      env,
      onSaid: (its) => said.codes.push(/user_code=([\w-]+)/.exec(its)?.[1] ?? ''),
    });
    await waitFor('the code', () => said.codes.find((code) => code !== ''));
    await confirmed(issuer, said.codes.find((code) => code !== '') ?? '', 'vik');
    expect(await login).toMatchObject({ code: 0, stdout: '' });
    const logins = join(folder, 'config/logins.json');
    expect(statSync(logins).mode & 0o777).toBe(0o600);

    writeFileSync(logins, readFileSync(logins, 'utf8').replace(/"expiresAt": \d+/, '"expiresAt": 1'));
    const all = await Promise.all(Array.from({ length: 4 }, () => pagebridge(['whoami'], { env })));
    expect(all.map(({ stderr }) => stderr)).toEqual(all.map(() => `vik of ${issuer}\n`));
    expect((await pagebridge(['connections', 'create', '--name', 'x'], { env })).code).toBe(4);
    expect((await pagebridge(['logout'], { env })).code).toBe(0);
    // Without a login, the stack of npm start is used as an admin of acme-us.
    expect((await pagebridge(['whoami'], { env })).stderr).toBe(`ada of ${issuer}\n`);
    expect((await pagebridge(['connections', 'ls'], { env })).code).toBe(0);
  });

  it('tells by its exit code what is not found, not allowed, and away', async () => {
    const { id: org } = journey.sourceOrg();
    expect((await pagebridge(['orgs', 'show', org], { env: nobody })).code).toBe(3);
    expect((await pagebridge(['orgs', 'ls'], { env: { PAGEBRIDGE_TOKEN: 'forged' } })).code).toBe(4);
    const env = { PAGEBRIDGE_CONTEXT: '', HANDLE_SYNC_URL: 'http://127.0.0.1:9' };
    expect((await pagebridge(['handles', 'ls', '--org', org], { env })).code).toBe(5);
    expect((await pagebridge(['--context', 'absent', 'orgs', 'ls'])).code).toBe(2);
    const { services } = journey.driver.info;
    await pagebridge(['contexts', 'set', 'near', '--connection-management', services.connectionManagement]);
    expect((await pagebridge(['--context', 'near', 'orgs', 'ls', '--limit', '1', '-o', 'name'])).code).toBe(0);
    const unknown = await pagebridge(['--context', 'near', 'orgs', 'ls'], { env: nobody });
    expect(unknown).toMatchObject({ code: 4, stderr: expect.stringContaining('pagebridge login') });
  });
});

/** Does in a browser what a person does after `login`. */
async function confirmed(issuer: string, user_code: string, person: string): Promise<void> {
  const cookies = new Map<string, string>();
  const browse = async (url: string, form?: Readonly<Record<string, string>>): Promise<string> => {
    const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const sent = form === undefined ? {} : { method: 'POST', body: new URLSearchParams(form) };
    const response = await fetch(new URL(url, issuer), { headers: { cookie }, redirect: 'manual', ...sent });
    for (const line of response.headers.getSetCookie()) {
      const [name = '', value = ''] = line.split('; ')[0]?.split('=', 2) ?? [];
      cookies.set(name, value);
    }
    const location = response.headers.get('location');
    return location === null ? response.text() : browse(location);
  };
  const xsrf = /name="xsrf" value="([^"]+)"/.exec(await browse('/device'))?.[1] ?? '';
  await browse('/device', { xsrf, user_code });
  const choice = await browse('/device', { xsrf, user_code, confirm: 'yes' });
  await browse(new RegExp(`action="([^"]+/${person})"`).exec(choice)?.[1] ?? '', {});
}
