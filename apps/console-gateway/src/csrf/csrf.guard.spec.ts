import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { fromPage, startGateway, variables } from '../console-gateway.fixtures.ts';
import { documentedRoutes } from '../proxy/documented-routes.ts';

let app: NestExpressApplication;
let url: string;
beforeAll(async () => {
  app = await startGateway();
  url = await app.getUrl();
});
afterAll(() => app.close());

const unsafe = [
  ['POST', '/logout'],
  ['POST', '/session/renew'],
  ...documentedRoutes.flatMap(([template, , methods]) =>
    methods.filter((method) => method !== 'GET').map((method) => [method, template.replaceAll(/\{\w+\}/g, 'x')]),
  ),
] as [string, string][];

async function send(method: string, path: string, headers: Readonly<Record<string, string>>, body?: string) {
  const response = await fetch(url + path, { method, headers, ...(body === undefined ? {} : { body }) });
  const text = await response.text();
  return {
    status: response.status,
    code: text.startsWith('{') ? JSON.parse(text).code : undefined,
    headers: response.headers,
  };
}

const json = { 'content-type': 'application/json' };
const { 'sec-fetch-site': _site, ...withoutSite } = fromPage;
const refused = { status: 403, code: 'foreign-page' };

describe.each(unsafe)('%s %s', (method, path) => {
  it.each<[string, Record<string, string>]>([
    ['another site', { ...fromPage, 'sec-fetch-site': 'cross-site' }],
    ['another host of the same site', { ...fromPage, 'sec-fetch-site': 'same-site' }],
    ['the address bar', { ...fromPage, 'sec-fetch-site': 'none' }],
    ['an old browser on another site', { ...withoutSite, origin: 'https://evil.example.com' }],
    ['an old browser that hides the site', { ...withoutSite, origin: 'null' }],
    ['something that names no origin', withoutSite],
    ['a form, which cannot send the header', { 'sec-fetch-site': 'same-origin' }],
    ['the same origin with another header', { ...fromPage, 'x-pagebridge-console': '0' }],
  ])('is refused from %s', async (_whom, headers) => {
    expect(await send(method, path, { ...json, ...headers })).toMatchObject(refused);
  });

  it.each(['application/x-www-form-urlencoded', 'text/plain', 'multipart/form-data'])(
    'is refused with a body of %s',
    async (type) => {
      const answer = await send(method, path, { ...fromPage, 'content-type': type }, 'name=a');
      expect(answer).toMatchObject({ status: 415, code: 'unsupported-media-type' });
    },
  );

  it('is refused with a token', async () => {
    const answer = await send(method, path, { ...fromPage, authorization: 'Bearer a' });
    expect(answer).toMatchObject({ status: 400, code: 'token-not-taken' });
  });

  it('gets past the guard from the page, also of a browser that names only the origin', async () => {
    for (const headers of [fromPage, { ...withoutSite, origin: variables.PUBLIC_URL }]) {
      const { code, headers: answered } = await send(method, path, headers);
      expect(['signed-out', undefined]).toContain(code);
      expect(answered.get('access-control-allow-origin')).toBeNull();
    }
  });
});

it('a GET with a token is refused too', async () => {
  expect(await send('GET', '/v1/me', { authorization: 'Bearer a' })).toMatchObject({
    status: 400,
    code: 'token-not-taken',
  });
});

it('another origin gets no permission to send anything', async () => {
  const preflight = { origin: 'https://evil.example.com', 'access-control-request-method': 'POST' };
  const { headers } = await send('OPTIONS', '/v1/explain', preflight);
  expect([...headers.keys()].filter((name) => name.startsWith('access-control-'))).toEqual([]);
});
