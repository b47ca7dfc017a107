import { once } from 'node:events';
import { rmSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { consoleClient, type LocalAccess, resource, startOpenIdProvider } from '@pagebridge/local-stack';
import { claimFolder, freePorts, Processes } from '@pagebridge/local-stack/base';
import { loadGatewayConfig } from './config.ts';
import { Browser, fromPage, sessionKey, startGateway, variables } from './console-gateway.fixtures.ts';
import { Sealing } from './session/sealing.ts';
import { nowSeconds, type Session } from './session/session.ts';
import { Upstream } from './upstream.fixtures.ts';

const folder = claimFolder(`spec-console-gateway-${process.pid}`);
let processes = new Processes(folder);
let issuerPort: number;
let access: LocalAccess;
let routing: Upstream;
let management: Upstream;
let gateway: NestExpressApplication;
let url: string;
let its: Readonly<Record<string, string>>;

beforeAll(async () => {
  const [gatewayPort = 0, providerPort = 0] = await freePorts(2);
  issuerPort = providerPort;
  url = `http://127.0.0.1:${gatewayPort}`;
  access = await startOpenIdProvider(folder, processes, { port: issuerPort, consoleUrl: url });
  [routing, management] = await Promise.all([Upstream.start(), Upstream.start()]);
  its = {
    PORT: String(gatewayPort),
    PUBLIC_URL: url,
    OIDC_ISSUER: access.info.issuer,
    OIDC_CLIENT_ID: consoleClient,
    OIDC_RESOURCE: resource,
    PAGE_ROUTING_URL: routing.url,
    CONNECTION_MANAGEMENT_URL: management.url,
  };
  gateway = await startGateway(its);
});

afterAll(async () => {
  await gateway.close();
  await Promise.all([routing.stop(), management.stop(), processes.stopAll()]);
  rmSync(folder.path, { recursive: true });
});

beforeEach(() => {
  for (const upstream of [routing, management]) upstream.reset();
});

/** Logs a person in as the login page of the stack's OpenID provider does. */
async function login(person: string, target = '/', browser = new Browser()) {
  const page = await browser.visit(`${url}/login?return=${encodeURIComponent(target)}`);
  // A browser that is still logged in there is not asked.
  const ended = page.at.includes('/interaction/')
    ? await browser.visit(`${page.at}/${person}`, { method: 'POST' })
    : page;
  return { browser, at: ended.at.replace(url, ''), response: ended.response };
}

const get = (browser: Browser, path: string) => browser.fetch(url + path);
const post = (browser: Browser, path: string, body?: object) =>
  browser.fetch(url + path, {
    method: 'POST',
    headers: { ...fromPage, ...(body ? { 'content-type': 'application/json' } : {}) },
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
const answerOf = async (response: Response) => ({ status: response.status, ...((await response.json()) as object) });

/** Makes the access token in the cookie of a browser one that has expired. */
async function expireToken(browser: Browser): Promise<void> {
  const sealing = new Sealing(loadGatewayConfig({ ...variables, ...its, SESSION_KEYS: sessionKey }));
  const session = await sealing.open<Session>('session', browser.cookies.get('pagebridge-0') ?? '');
  if (!session) throw new Error('there is no session');
  const payload = Buffer.from(JSON.stringify({ exp: Math.floor(nowSeconds()) - 60 })).toString('base64url');
  const accessToken = `${Buffer.from('{"alg":"ES256"}').toString('base64url')}.${payload}.x`;
  browser.cookies.set('pagebridge-0', await sealing.seal('session', { ...session, accessToken }, session.endsAt));
}

describe('a login', () => {
  it('leads back to where it began, and leaves a session in a cookie that no script reads', async () => {
    const { browser, at, response } = await login('ada', '/o/acme-us/connections?status=failing');
    expect({ at, status: response.status }).toEqual({ at: '/o/acme-us/connections?status=failing', status: 200 });
    expect(browser.attributes.get('pagebridge-0')).toMatch(
      /^Max-Age=431\d\d; Path=\/; Expires=[^;]+; HttpOnly; SameSite=Lax$/,
    );
    const session = await answerOf(await get(browser, '/session'));
    expect(session).toMatchObject({
      status: 200,
      name: 'ada',
      subject: 'ada',
      issuer: access.info.issuer,
      services: ['page-routing', 'handle-sync', 'connection-management'],
      version: '0.1.0',
      mustRenew: false,
    });
    const { expiresAt, sessionEndsAt } = session as unknown as Record<string, string>;
    const minutesUntil = (time = '') => (Date.parse(time) - Date.now()) / 60_000;
    expect(minutesUntil(expiresAt)).toBeCloseTo(10, 0);
    expect(minutesUntil(sessionEndsAt)).toBeCloseTo(12 * 60, 0);
  });

  it('in a second tab does not disturb the first', async () => {
    const browser = new Browser();
    const first = await browser.visit(`${url}/login?return=/first`);
    const second = await browser.visit(`${url}/login?return=/second`);
    expect([...browser.cookies.keys()].filter((name) => name.startsWith('pagebridge-login-'))).toHaveLength(2);
    // The provider knows one browser: the second page is that of the person, and the first still leads back.
    expect((await browser.visit(`${second.at}/ada`, { method: 'POST' })).at).toBe(`${url}/second`);
    expect(first.at).toContain('/interaction/');
  });

  it('that nobody began here is refused, with a link to another try', async () => {
    const response = await new Browser().fetch(`${url}/callback?code=a&state=b`);
    expect(response.status).toBe(401);
    expect(await response.text()).toMatch(/href="\/login\?return=%2F"[\s\S]*login-expired/);
  });

  it('is completed once', async () => {
    const browser = new Browser();
    const { at } = await browser.visit(`${url}/login?return=/first`);
    let response = await browser.fetch(`${at}/ada`, { method: 'POST' });
    let callback = '';
    while (!callback.startsWith(`${url}/callback`)) {
      callback = response.headers.get('location') ?? '';
      response = await browser.fetch(callback);
    }
    expect(response.headers.get('location')).toBe(`${url}/first`);
    expect((await browser.fetch(callback)).headers.get('location')).toBe(`${url}/`);
    browser.cookies.delete('pagebridge-0');
    expect((await browser.fetch(callback)).status).toBe(401);
  });

  it('right after another says so instead of going round, and then lets the person try', async () => {
    const { browser } = await login('ada');
    const bounced = await get(browser, '/login?return=/o/acme-us');
    expect(bounced.status).toBe(401);
    expect(await bounced.text()).toContain('login-loop');
    expect((await get(browser, '/login?return=/o/acme-us')).status).toBe(302);
  });
});

describe('a request', () => {
  it('goes to its service with the token of the person and listed headers only, and comes back with listed headers', async () => {
    const { browser } = await login('ada');
    management.answer = (_request, response) => {
      const headers = {
        etag: '"7"',
        location: '/v1/x',
        ratelimit: '"a";r=1',
        'set-cookie': 'a=b',
        'x-powered-by': 'x',
      };
      response.writeHead(201, { 'content-type': 'application/json', ...headers }).end('{"name":"Globex EU"}');
    };
    const response = await browser.fetch(`${url}/v1/source-orgs/acme-us/connections?a=b%20c`, {
      method: 'POST',
      headers: { ...fromPage, 'content-type': 'application/json', 'x-actor': 'olga', 'x-forwarded-for': '1.2.3.4' },
      body: '{"name":"Globex EU"}',
    });
    expect(await answerOf(response)).toEqual({ status: 201, name: 'Globex EU' });
    const [request] = management.requests as [IncomingMessage];
    expect(request.url).toBe('/v1/source-orgs/acme-us/connections?a=b%20c');
    expect(Object.keys(request.headers).toSorted()).toEqual([
      'accept',
      'authorization',
      'connection',
      'content-length',
      'content-type',
      'host',
    ]);
    const [, payload = ''] = request.headers.authorization?.split('.') ?? [];
    expect(JSON.parse(Buffer.from(payload, 'base64url').toString())).toMatchObject({ sub: 'ada', aud: 'pagebridge' });
    expect(response.headers.get('etag')).toBe('"7"');
    expect(response.headers.get('location')).toBe('/v1/x');
    for (const name of ['set-cookie', 'x-powered-by']) expect(response.headers.get(name)).toBeNull();
  });

  it.each([
    ['GET', '/v1/unknown', 404, 'not-found'],
    ['GET', '/v1/source-orgs/acme-us/connections/1/credentials/sealed', 404, 'not-found'],
    ['DELETE', '/v1/source-orgs/acme-us', 405, 'method-not-allowed'],
    ['HEAD', '/v1/source-orgs/acme-us', 405, undefined],
  ])('%s %s is answered here with %d', async (method, path, status, code) => {
    const { browser } = await login('ada');
    const response = await browser.fetch(url + path, { method, headers: fromPage });
    expect(response.status).toBe(status);
    if (status === 405) expect(response.headers.get('allow')).toBe('GET, PUT');
    if (code) expect(await response.json()).toMatchObject({ code });
    expect(management.requests).toEqual([]);
  });

  it('without a session is refused', async () => {
    expect(await answerOf(await get(new Browser(), '/v1/me'))).toMatchObject({ status: 401, code: 'signed-out' });
    expect(routing.requests).toEqual([]);
  });

  it('with a body that is too large for its route is refused', async () => {
    const { browser } = await login('ada');
    const response = await post(browser, '/v1/explain', { message: 'a'.repeat(64 * 1024) });
    expect(await answerOf(response)).toMatchObject({ status: 413, code: 'body-too-large' });
    expect(routing.requests).toEqual([]);
  });

  it('to a service that is away names it, and the others still answer', async () => {
    const { browser } = await login('ada');
    await management.stop();
    const away = await answerOf(await get(browser, '/v1/source-orgs/acme-us'));
    expect(away).toMatchObject({ status: 502, code: 'service-away', service: 'connection-management' });
    expect(away).toMatchObject({ detail: 'connection-management does not respond (ECONNREFUSED).' });
    expect((await post(browser, '/v1/explain', {})).status).toBe(200);
    await management.restart();
    expect((await get(browser, '/v1/source-orgs/acme-us')).status).toBe(200);
  });

  it('whose response is lost after the service got it says that its change may have been made', async () => {
    const { browser } = await login('ada');
    management.answer = (request) => request.destroy();
    const lost = await answerOf(await post(browser, '/v1/source-orgs/acme-us/tokens', { name: 'ci' }));
    expect(lost).toMatchObject({ status: 502, code: 'answer-lost', service: 'connection-management' });
    expect(management.requests).toHaveLength(1);
    routing.answer = (request) => request.destroy();
    expect(await answerOf(await post(browser, '/v1/explain', {}))).toMatchObject({ code: 'service-away' });
    await management.stop();
    const unsent = await answerOf(await post(browser, '/v1/source-orgs/acme-us/tokens', { name: 'ci' }));
    expect(unsent).toMatchObject({ status: 502, code: 'service-away' });
    await management.restart();
  });

  it('that changes something is refused if its page was opened by another person', async () => {
    const { browser } = await login('ada');
    const send = (subject: string) =>
      browser.fetch(`${url}/v1/source-orgs/acme-us/tokens`, {
        method: 'POST',
        headers: { ...fromPage, 'content-type': 'application/json', 'x-pagebridge-subject': subject },
        body: '{}',
      });
    expect(await answerOf(await send('olga'))).toMatchObject({ status: 409, code: 'other-person' });
    expect(management.requests).toEqual([]);
    const { subject } = (await (await get(browser, '/session')).json()) as { subject: string };
    expect((await send(encodeURIComponent(subject))).status).toBe(200);
  });

  it('to a service that the installation lacks names it', async () => {
    const { browser } = await login('ada');
    const answer = await answerOf(await get(browser, '/v1/source-orgs/acme-us/alerts'));
    expect(answer).toMatchObject({ status: 502, code: 'service-away', service: 'page-history' });
    expect(answer).toMatchObject({ detail: 'This installation has no page-history.' });
  });

  it('for what the person may do is answered by another service if one is away', async () => {
    const { browser } = await login('ada');
    expect((await get(browser, '/v1/me')).status).toBe(200);
    await routing.stop();
    expect((await get(browser, '/v1/me')).status).toBe(200);
    await routing.restart();
    expect(management.requests.map((request) => request.url)).toEqual(['/v1/me']);
    expect(routing.requests.map((request) => request.url)).toEqual(['/v1/me']);
  });

  it('that the page gives up ends at the service', async () => {
    const { browser } = await login('ada');
    const waiting = new Promise<ServerResponse>((resolve) => {
      routing.answer = (_request, response) => resolve(response);
    });
    const leaving = new AbortController();
    const asked = browser.fetch(`${url}/v1/explain`, {
      method: 'POST',
      headers: { ...fromPage, 'content-type': 'application/json' },
      body: '{}',
      signal: leaving.signal,
    });
    const response = await waiting;
    const closed = once(response, 'close');
    leaving.abort();
    await expect(asked).rejects.toThrow('abort');
    await closed;
    expect(response.writableFinished).toBe(false);
  });

  it('for a stream gets each event as it happens', async () => {
    const { browser } = await login('ada');
    const begun = new Promise<ServerResponse>((resolve) => {
      management.answer = (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write('event: check\ndata: 1\n\n');
        resolve(response);
      };
    });
    const path = '/v1/source-orgs/acme-us/connections/1/check';
    const response = await browser.fetch(url + path, {
      method: 'POST',
      headers: { ...fromPage, accept: 'text/event-stream' },
    });
    expect(response.headers.get('x-accel-buffering')).toBe('no');
    const reader = (response.body as ReadableStream<Uint8Array>).getReader();
    const next = async () => new TextDecoder().decode((await reader.read()).value);
    expect(await next()).toBe('event: check\ndata: 1\n\n');
    (await begun).end('event: result\ndata: 2\n\n');
    expect(await next()).toBe('event: result\ndata: 2\n\n');
    expect((await reader.read()).done).toBe(true);
  });

  it('whose answer breaks off breaks off for the page too', async () => {
    const { browser } = await login('ada');
    routing.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': '100' });
      response.write('{', () => response.destroy());
    };
    const response = await post(browser, '/v1/explain', {});
    await expect(response.text()).rejects.toThrow();
  });
});

describe('an access token that has expired', () => {
  it('is used for nothing: the page renews the session, with a refresh token that is used once', async () => {
    const { browser } = await login('ada');
    await expireToken(browser);
    const former = new Map(browser.cookies);
    const refused = { status: 401, code: 'session-renew' };
    expect(await answerOf(await post(browser, '/v1/explain', {}))).toMatchObject(refused);
    expect(routing.requests).toEqual([]);
    expect(await answerOf(await get(browser, '/session'))).toMatchObject({ status: 200, mustRenew: true });

    const renewed = await answerOf(await post(browser, '/session/renew'));
    expect(renewed).toMatchObject({ status: 200, name: 'ada', mustRenew: false });
    expect((await post(browser, '/v1/explain', {})).status).toBe(200);

    // The former refresh token counts as stolen now.
    for (const [name, value] of former) browser.cookies.set(name, value);
    expect(await answerOf(await post(browser, '/session/renew'))).toMatchObject({ status: 401, code: 'session-over' });
    expect(browser.cookies.has('pagebridge-0')).toBe(false);
  });

  it('leaves the session as it is while the issuer is away', async () => {
    const { browser } = await login('ada');
    await expireToken(browser);
    await processes.stopAll();
    const away = { status: 503, code: 'issuer-unreachable', service: 'the login service' };
    expect(await answerOf(await post(browser, '/session/renew'))).toMatchObject(away);
    expect((await get(browser, '/session')).status).toBe(200);
    expect((await new Browser().visit(`${url}/login`)).response.status).toBe(503);
    processes = new Processes(folder);
    access = await startOpenIdProvider(folder, processes, { port: issuerPort, consoleUrl: url });
    expect((await login('bea')).at).toBe('/');
  });
});

describe('a logout', () => {
  it('ends the session here and at the issuer; a copy of the cookie is not renewed', async () => {
    const { browser } = await login('ada');
    const copy = new Browser();
    for (const [name, value] of browser.cookies) copy.cookies.set(name, value);
    const ending = (await (await post(browser, '/logout')).json()) as {
      endSessionUrl: string;
      isTokenRevoked: boolean;
    };
    const { endSessionUrl, isTokenRevoked } = ending;
    expect(isTokenRevoked).toBe(true);
    expect(new URL(endSessionUrl).searchParams.has('id_token_hint')).toBe(true);
    expect(await answerOf(await get(browser, '/session'))).toMatchObject({ status: 401, code: 'signed-out' });
    expect(await answerOf(await post(copy, '/session/renew'))).toMatchObject({ status: 401, code: 'session-over' });

    const page = await (await browser.fetch(endSessionUrl)).text();
    const [, action = ''] = /action="([^"]+)"/.exec(page) ?? [];
    const [, xsrf = ''] = /name="xsrf" value="([^"]+)"/.exec(page) ?? [];
    const ended = await browser.fetch(action, { method: 'POST', body: new URLSearchParams({ xsrf, logout: 'yes' }) });
    expect(ended.headers.get('location')).toBe(`${url}/`);
    expect((await browser.visit(`${url}/login`)).at).toContain('/interaction/');
  });

  it('without a session is one too', async () => {
    expect((await post(new Browser(), '/logout')).status).toBe(200);
  });
});

describe('two gateways with the same key', () => {
  it('share every session', async () => {
    const { browser } = await login('ada');
    const [port = 0] = await freePorts(1);
    const other = await startGateway({ ...its, PORT: String(port), SESSION_KEYS: `${'A'.repeat(43)}\n${sessionKey}` });
    const session = await answerOf(await browser.fetch(`http://127.0.0.1:${port}/session`));
    await other.close();
    expect(session).toMatchObject({ status: 200, name: 'ada' });
  });
});

describe('a gateway that stops', () => {
  it('ends the streams that would last as long as their page', async () => {
    const { browser } = await login('ada');
    const [port = 0] = await freePorts(1);
    const other = await startGateway({ ...its, PORT: String(port) });
    routing.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': begun\n\n');
    };
    const response = await browser.fetch(`http://127.0.0.1:${port}/v1/source-orgs/acme-us/conflicts`);
    const all = text(response.body as never).catch(() => 'broken off');
    await other.close();
    expect(await all).toMatch(/^(: begun\n\n|broken off)$/);
  });
});
