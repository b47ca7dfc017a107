import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closePools, openDestination } from '@pagebridge/destination';
import { SandboxOrg } from '@pagebridge/oncall-sandbox';
import { waitFor } from '@pagebridge/testing';
import { ConnectProxy, type Reaction } from './connect-proxy.ts';

const { env } = process;
const { https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY, HTTP_PROXY } = env;
const given = { https_proxy, HTTPS_PROXY, no_proxy, NO_PROXY, HTTP_PROXY };
const trusted = getCACertificates('default');
let proxy: ConnectProxy;
let globex: SandboxOrg;
let teamId: string;

const setEnv = (its: Readonly<Record<string, string | undefined>>) => {
  for (const name of Object.keys(given)) {
    if (its[name] === undefined) delete env[name];
    else env[name] = its[name];
  }
};

beforeAll(async () => {
  [proxy, globex] = await Promise.all([ConnectProxy.start(), SandboxOrg.start()]);
  setDefaultCACertificates([...trusted, proxy.ca]);
  teamId = globex.add('core-infra').id;
});
beforeEach(() => {
  setEnv({ HTTPS_PROXY: proxy.url });
  proxy.react('tunnel');
  proxy.asked.length = 0;
});
afterEach(async () => {
  globex.org.faults.clear();
  await closePools();
});
afterAll(async () => {
  setEnv(given);
  setDefaultCACertificates(trusted);
  await Promise.all([proxy.stop(), globex.stop()]);
});

const behind = () => ({
  apiUrl: proxy.leadTo('api', globex.dataCenter.apiUrl),
  pagingUrl: proxy.leadTo('paging', globex.dataCenter.pagingUrl),
});
const page = (hosts: Partial<SandboxOrg['dataCenter']> = behind()) =>
  openDestination({
    dataCenter: { ...globex.dataCenter, ...hosts },
    credential: globex.credential(),
    timeoutMs: 20_000,
  }).createPage({ title: 'High memory', urgency: 'high', teamId });

describe('a call to an https destination', () => {
  it('goes through the proxy with its password, and later calls use its tunnel again', async () => {
    for (let call = 0; call < 10; call += 1) expect(await page()).toMatchObject({ ok: true });
    expect(new Set(proxy.asked)).toEqual(new Set(['paging.behind.test:443']));
    // As without a proxy, the second call may begin before the connection of the first is free.
    expect(proxy.asked.length).toBeLessThanOrEqual(2);
  });

  it('waits for no other call: each has a tunnel of its own', async () => {
    globex.strike({ kind: 'hang' });
    const called = Array.from({ length: 8 }, () => page());
    await waitFor('8 calls at once', () => globex.struck === 8, { lastSeen: () => globex.struck });
    proxy.react('tunnel');
    for (const { ok } of await Promise.all(called)) expect(ok).toBe(false);
    expect(proxy.asked).toHaveLength(8);
  });

  it.each([
    ['refuse', 'it answers 403', 'network'],
    ['close', 'other side closed', 'network'],
    ['reset', 'ECONNRESET', 'network'],
    ['babble', 'HTTP', 'network'],
    ['hang', 'Headers Timeout', 'timeout'],
  ] as const)(
    'was not sent if the proxy reacts with %s, and its error names the proxy without its password',
    async (reaction: Reaction, reason, cause) => {
      proxy.react(reaction);
      const pages = globex.pages.length;
      const called = await page();
      const detail = expect.stringContaining(`the proxy ${proxy.host} opens no tunnel: `);
      expect(called).toMatchObject({ ok: false, failure: { kind: 'retry', cause, sent: false, detail } });
      expect(JSON.stringify(called)).toContain(reason);
      for (const secret of proxy.secrets) expect(JSON.stringify(called)).not.toContain(secret);
      // Whoever retries decides when: one call is one attempt.
      expect(proxy.asked).toHaveLength(1);
      proxy.react('tunnel');
      expect(await page()).toMatchObject({ ok: true });
      expect(globex.pages).toHaveLength(pages + 1);
    },
  );

  it.each([
    ['the password of the proxy is wrong', () => `http://pagebridge:wrong@${proxy.host}`, 'it answers 407'],
    ['nobody listens at the address of the proxy', () => 'http://127.0.0.1:1', 'ECONNREFUSED'],
    ['nobody knows the name of the proxy', () => 'http://proxy.invalid:3128', 'proxy.invalid'],
  ])('was not sent if %s', async (_, url, reason) => {
    setEnv({ HTTPS_PROXY: url() });
    const detail = expect.stringMatching(new RegExp(`the proxy .* opens no tunnel: .*${reason}`));
    expect(await page()).toMatchObject({ ok: false, failure: { kind: 'retry', sent: false, detail } });
  });

  it('may have been sent if the proxy ends the tunnel afterwards', async () => {
    globex.strike({ kind: 'hang' });
    const called = page();
    await waitFor('a call', () => globex.struck > 0);
    proxy.react('tunnel');
    expect(await called).toMatchObject({ ok: false, failure: { kind: 'retry', cause: 'network', sent: true } });
  });
});

describe('a call that the environment sends directly', () => {
  it.each([
    ['by its name in NO_PROXY', { NO_PROXY: 'login.test, paging.behind.test' }],
    ['by a domain in no_proxy, which takes precedence', { NO_PROXY: '', no_proxy: '.behind.test' }],
    ['by its port', { NO_PROXY: 'paging.behind.test:443' }],
    ['by *', { NO_PROXY: '*' }],
    ['by an empty https_proxy, which takes precedence', { https_proxy: '' }],
  ])('is not seen by the proxy: %s', async (_, its) => {
    setEnv({ HTTPS_PROXY: proxy.url, ...its });
    expect(await page()).toMatchObject({
      ok: false,
      failure: { detail: expect.stringMatching(/ENOTFOUND|EAI_AGAIN/) },
    });
    expect(proxy.asked).toEqual([]);
  });

  it('is one over plain http, which stays on this machine, whatever HTTP_PROXY is', async () => {
    setEnv({ HTTPS_PROXY: proxy.url, HTTP_PROXY: proxy.url });
    expect(await page({})).toMatchObject({ ok: true });
    expect(proxy.asked).toEqual([]);
  });
});
