import 'reflect-metadata';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { createApp } from '@pagebridge/service';
import { loadGatewayConfig } from './config.ts';
import { ConsoleGatewayModule } from './console-gateway.module.ts';

export const sessionKey = randomBytes(32).toString('base64url');

/** The variables of a gateway whose issuer and services nobody has started. */
export const variables = {
  PORT: '0',
  MANAGEMENT_PORT: '0',
  LOG_LEVEL: 'error',
  PUBLIC_URL: 'https://console.example.com',
  OIDC_ISSUER: 'http://127.0.0.1:9',
  OIDC_CLIENT_ID: 'console',
  SESSION_KEYS: sessionKey,
  CONNECTION_MANAGEMENT_URL: 'http://127.0.0.1:9',
  HANDLE_SYNC_URL: 'http://127.0.0.1:9',
  PAGE_ROUTING_URL: 'http://127.0.0.1:9',
};

export const script = 'export const answer = 42;\n'.repeat(100);

/** Writes a build with the files that a real one has. Returns its folder. */
export function aBuild(): string {
  const folder = mkdtempSync(join(tmpdir(), 'console-'));
  mkdirSync(join(folder, 'assets'));
  const page = '<html data-mantine-color-scheme="__SCHEME__"><meta name="csp-nonce" content="__NONCE__"></html>';
  writeFileSync(join(folder, 'index.html'), page);
  writeFileSync(join(folder, 'favicon.svg'), '<svg xmlns="http://www.w3.org/2000/svg"/>');
  writeFileSync(join(folder, 'assets', 'index-4f2a.js'), script);
  writeFileSync(join(folder, 'assets', 'index-4f2a.js.br'), brotliCompressSync(script));
  return folder;
}

/** Starts a gateway on a free port, or on that of its variables. */
export async function startGateway(its: Readonly<Record<string, string>> = {}): Promise<NestExpressApplication> {
  const config = loadGatewayConfig({ ...variables, ...its });
  const app = await createApp(ConsoleGatewayModule.forRoot(config, aBuild()));
  app.useLogger(false);
  await app.listen(config.PORT, '127.0.0.1');
  return app;
}

/** The headers that the page of the console sends. */
export const fromPage = { 'sec-fetch-site': 'same-origin', 'x-pagebridge-console': '1' };

type Sent = Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> };

/** The cookies of a browser, by name. As in a browser, all ports of a host share them. */
export class Browser {
  readonly cookies = new Map<string, string>();
  /** The attributes of the cookies that were set last. */
  readonly attributes = new Map<string, string>();

  async fetch(url: string, init: Sent = {}) {
    const cookie = [...this.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await fetch(url, { redirect: 'manual', ...init, headers: { cookie, ...init.headers } });
    for (const line of response.headers.getSetCookie()) this.take(line);
    return response;
  }

  /** Follows redirects. Returns the last answer, and where it came from. */
  async visit(url: string, init: Sent = {}) {
    let at = url;
    let response = await this.fetch(at, { ...init, headers: { accept: 'text/html', ...init.headers } });
    for (let hops = 0; response.status >= 300 && response.status < 400 && hops < 10; hops += 1) {
      at = new URL(response.headers.get('location') ?? '', at).href;
      response = await this.fetch(at, { headers: { accept: 'text/html' } });
    }
    return { at, response };
  }

  private take(line: string): void {
    const [pair = '', ...attributes] = line.split('; ');
    const [name = '', value = ''] = pair.split('=', 2);
    const expires = attributes.find((attribute) => /^expires=/i.test(attribute))?.slice('expires='.length);
    if (expires !== undefined && Date.parse(expires) < Date.now()) this.cookies.delete(name);
    else this.cookies.set(name, value);
    this.attributes.set(name, attributes.join('; '));
  }
}
