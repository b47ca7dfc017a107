import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from '@jest/globals';
import { UsageError } from '@pagebridge/process';
import { accessTokenOf } from '../login/access-token.ts';
import { LoginStore } from '../login/login-store.ts';
import { program } from '../program.ts';
import { chosenContext } from './chosen-context.ts';

const folder = mkdtempSync(join(tmpdir(), 'contexts-'));
const file = join(folder, 'contexts.yaml');
const env = { PAGEBRIDGE_CONFIG: file };
beforeEach(() => {
  process.env.PAGEBRIDGE_CONFIG = file;
  writeFileSync(
    file,
    'current: prod\ncontexts:\n  prod: { url: "https://a.example", issuer: "https://login.example" }\n',
  );
});
afterAll(() => {
  delete process.env.PAGEBRIDGE_CONFIG;
  rmSync(folder, { recursive: true });
});

describe('the contexts', () => {
  it('are changed field by field, in a file that only its owner may read', async () => {
    expect(await program(['contexts', 'set', 'prod', '--org', 'acme-us'])).toBe(0);
    expect(
      await program(['contexts', 'set', 'test', '--url', 'http://127.0.0.1:8081', '--token-command', 'cat t']),
    ).toBe(0);
    expect(await program(['contexts', 'set', 'prod', '--issuer', ''])).toBe(0);
    expect(await program(['contexts', 'use', 'test'])).toBe(0);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(chosenContext(env).context['token-command']).toBe('cat t');
    expect(chosenContext({ ...env, PAGEBRIDGE_CONTEXT: 'prod' }).context).toEqual({
      url: 'https://a.example',
      org: 'acme-us',
    });
    await new LoginStore(env).set('test', { accessToken: 'of-login' });
    expect(await program(['contexts', 'rm', 'test'])).toBe(0);
    expect(new LoginStore(env).find('test')).toBeUndefined();
    expect(readFileSync(file, 'utf8')).not.toContain('test');
  });

  it.each([
    ['an unknown field', ['set', 'prod', '--urls', 'x'], /unknown option '--urls'/],
    ['an address in clear text', ['set', 'prod', '--url', 'http://a.example'], /url is not allowed: .*in clear text/],
    ['no org', ['set', 'prod', '--org', 'Acme US'], /org must be a source org id/],
    ['an issuer in clear text', ['set', 'prod', '--issuer', 'http://login.example'], /issuer must begin with https/],
    ['a name that files cannot have', ['set', '__proto__', '--org', 'a'], /invalid context name/],
    ['an unknown context', ['use', 'absent'], /no context absent\nhint: use one of: prod/],
  ])('refuse %s, and stay as they are', async (_what, line, message) => {
    const before = readFileSync(file, 'utf8');
    await expect(program(['contexts', ...line])).rejects.toThrow(message);
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('are chosen by option, variable or file, and then know no address of the environment', () => {
    const more = { ...env, PAGE_ROUTING_URL: 'http://127.0.0.1:1' };
    expect(chosenContext(more)).toMatchObject({ name: 'prod', context: { url: 'https://a.example' } });
    expect(chosenContext(more).context['page-routing']).toBeUndefined();
    expect(() => chosenContext({ ...more, PAGEBRIDGE_CONTEXT: 'absent' })).toThrow(UsageError);
    writeFileSync(file, 'contexts: { prod: { org: acme-us }, other: { ca-file: /absent }, odd: { colour: red } }');
    expect(chosenContext({ ...more, PAGEBRIDGE_CONTEXT: 'prod' }).context.org).toBe('acme-us');
    expect(() => chosenContext({ ...more, PAGEBRIDGE_CONTEXT: 'other' })).toThrow(
      'other: ca-file /absent contains no PEM certificate',
    );
    expect(() => chosenContext({ ...more, PAGEBRIDGE_CONTEXT: 'odd' })).toThrow('odd: unknown field colour');
    writeFileSync(file, '');
    expect(chosenContext(more).context['page-routing']).toBe('http://127.0.0.1:1');
  });
});

describe('the token of a command', () => {
  const store = new LoginStore(env);
  const { name } = { name: 'prod' };
  const tokenWith = (more: NodeJS.ProcessEnv = {}, command?: string) => {
    const { context } = chosenContext(env);
    return accessTokenOf(
      { name, isNamed: true, context: command ? { ...context, 'token-command': command } : context },
      { ...env, ...more },
    );
  };

  it('is that of the environment, else of the command, else of the login', async () => {
    await store.set(name, { accessToken: 'of-login', issuer: 'https://login.example' });
    expect(await tokenWith({ PAGEBRIDGE_TOKEN: 'of-env' }, 'echo of-command')).toBe('of-env');
    expect(await tokenWith({}, 'echo of-command')).toBe('of-command');
    expect(await tokenWith()).toBe('of-login');
  });

  it('is never that of another issuer', async () => {
    await store.set(name, { accessToken: 'of-login', issuer: 'https://former.example' });
    expect(await tokenWith()).toBeUndefined();
  });

  it('that was given is dropped once the addresses of the context change', async () => {
    const given = join(folder, 'given');
    writeFileSync(given, 'given');
    expect(await program(['--context', 'prod', 'login', '--token-file', given])).toBe(0);
    delete process.env.PAGEBRIDGE_CONTEXT;
    expect(await tokenWith()).toBe('given');
    expect(await program(['contexts', 'set', 'prod', '--handle-sync', 'https://b.example'])).toBe(0);
    await expect(tokenWith()).rejects.toMatchObject({ exitCode: 4, message: expect.stringContaining('deleted') });
    expect(await tokenWith()).toBeUndefined();
  });

  it('is missing if the command fails or prints something else, which is not shown', async () => {
    await expect(tokenWith({}, 'exit 3')).rejects.toMatchObject({
      exitCode: 1,
      message: 'token-command failed: exit code 3',
    });
    await expect(tokenWith({}, 'echo two words')).rejects.toThrow(/^the output of token-command: not a token/);
  });

  it('says that the login has ended, if nothing can renew it', async () => {
    await store.set(name, { accessToken: 'of-login', issuer: 'https://login.example', expiresAt: 1 });
    await expect(tokenWith()).rejects.toMatchObject({
      exitCode: 4,
      message: expect.stringContaining('pagebridge login'),
    });
  });
});
