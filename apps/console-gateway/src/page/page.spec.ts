import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { ConfigError, createApp } from '@pagebridge/service';
import { loadGatewayConfig } from '../config.ts';
import { script, startGateway, variables } from '../console-gateway.fixtures.ts';
import { ConsoleGatewayModule } from '../console-gateway.module.ts';

let app: NestExpressApplication;
let url: string;
beforeAll(async () => {
  app = await startGateway();
  url = await app.getUrl();
});
afterAll(() => app.close());

const open = (path: string, headers: Readonly<Record<string, string>> = {}) =>
  fetch(url + path, { headers: { accept: 'text/html,*/*', ...headers }, redirect: 'manual' });

describe('the page', () => {
  it.each(['/', '/o/acme-us/connections?status=failing', '/o/acme-us/alerts?alert=a/b%25', '/index.html', '/v2/x'])(
    'is what a browser gets at %s',
    async (path) => {
      const response = await open(path);
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(response.headers.get('cache-control')).toBe('no-store');
      expect(await response.text()).toContain('<html data-mantine-color-scheme="auto">');
    },
  );

  it('has a nonce of its own in each response, which its policy names', async () => {
    const [first, second] = await Promise.all([open('/'), open('/')]);
    const nonceOf = async (response: Response) => /content="([^"]+)"/.exec(await response.text())?.[1];
    const nonce = await nonceOf(first);
    expect(await nonceOf(second)).not.toBe(nonce);
    expect(first.headers.get('content-security-policy')).toBe(
      `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data:; connect-src 'self'; ` +
        "font-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
    );
  });

  it.each([
    ['light', 'light'],
    ['dark', 'dark'],
    ['auto', 'auto'],
    ['"><script>', 'auto'],
    ['darker', 'auto'],
  ])('with the theme %s comes as %s', async (theme, scheme) => {
    const response = await open('/', { cookie: `a=b; pagebridge-theme=${theme}` });
    expect(await response.text()).toContain(`<html data-mantine-color-scheme="${scheme}">`);
  });

  it('is not the answer to a program', async () => {
    const response = await open('/o/acme-us/connections', { accept: 'application/json' });
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'not-found' });
  });

  it('comes while issuer and services are away, and a login says that the issuer is', async () => {
    const response = await open('/login?return=/o/acme-us');
    expect(response.status).toBe(503);
    const text = await response.text();
    expect(text).toContain('Login service does not respond');
    expect(text).toContain('href="/login?return=%2Fo%2Facme-us"');
    expect(text).toContain(/'nonce-([^']+)'/.exec(response.headers.get('content-security-policy') ?? '')?.[1]);
  });
});

describe('an asset', () => {
  it('comes compressed, and is kept for good', async () => {
    const response = await open('/assets/index-4f2a.js', { 'accept-encoding': 'gzip, br' });
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': expect.stringContaining('javascript'),
      'content-encoding': 'br',
      'cache-control': 'public, max-age=31536000, immutable',
      vary: 'Accept-Encoding',
    });
    expect(await response.text()).toBe(script);
  });

  it.each(['/assets/index-0000.js', '/assets/../index.html', '/assets/%2e%2e/index.html', '/assets/'])(
    'that is not there is a problem, and not the page: %s',
    async (path) => {
      const response = await open(path, { accept: '*/*' });
      expect(response.status).toBe(404);
      expect(response.headers.get('cache-control')).toBe('no-store');
    },
  );
});

describe('every answer', () => {
  it.each(['/', '/assets/index-4f2a.js', '/session', '/v1/me', '/login'])(
    'has the security headers: %s',
    async (path) => {
      const { headers } = await open(path);
      expect(Object.fromEntries(headers)).toMatchObject({
        'content-security-policy': expect.stringMatching(/^default-src 'none'/),
        'strict-transport-security': expect.stringContaining('max-age='),
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'x-content-type-options': 'nosniff',
      });
    },
  );

  it('asks for https only where the console is reached by https', async () => {
    const local = await startGateway({ PUBLIC_URL: 'http://127.0.0.1:8080' });
    const { headers } = await fetch(await local.getUrl(), { headers: { accept: 'text/html' } });
    await local.close();
    expect(headers.get('strict-transport-security')).toBeNull();
  });
});

it('a gateway without a build of the console does not start, and names the command', async () => {
  const start = createApp(ConsoleGatewayModule.forRoot(loadGatewayConfig(variables), '/nowhere'));
  const why = 'the console is not built: no /nowhere/index.html; in a checkout: npm run build';
  await expect(start).rejects.toThrow(new ConfigError(why));
});
