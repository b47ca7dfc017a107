import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadGatewayConfig } from '../config.ts';
import { variables } from '../console-gateway.fixtures.ts';
import { Upstream } from '../upstream.fixtures.ts';
import { Issuer } from './issuer.ts';

const warned: unknown[] = [];
const log = { debug: () => {}, info: () => {}, warn: (...line: unknown[]) => warned.push(line), error: () => {} };

describe('an issuer', () => {
  let upstream: Upstream;
  let issuer: Issuer;

  beforeAll(async () => {
    upstream = await Upstream.start();
  });

  afterAll(() => upstream.stop());

  beforeEach(() => {
    upstream.reset();
    warned.length = 0;
    issuer = new Issuer(loadGatewayConfig({ ...variables, OIDC_ISSUER: upstream.url }), log);
    const { url } = upstream;
    const metadata = { issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token` };
    upstream.answer = (_request, response) =>
      void response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
  });

  it('is asked once for all the logins that begin at the same time', async () => {
    const logins = await Promise.all(Array.from({ length: 50 }, () => issuer.begin()));
    expect(upstream.requests.map(({ url }) => url)).toEqual(['/.well-known/openid-configuration']);
    expect(new Set(logins.map(({ checks }) => checks.state)).size).toBe(50);
  });

  it('is asked anew for a later login, which so learns that it is away', async () => {
    await issuer.begin();
    upstream.answer = (_request, response) => void response.writeHead(500).end();
    const unreachable = { details: expect.objectContaining({ status: 503, code: 'issuer-unreachable' }) };
    await expect(issuer.begin()).rejects.toMatchObject(unreachable);
    expect(upstream.requests).toHaveLength(2);
  });

  it('that does not answer a login is still known to renewals', async () => {
    await issuer.begin();
    const renewed = JSON.stringify({ access_token: 'renewed', token_type: 'bearer' });
    upstream.answer = ({ url }, response) =>
      void (url === '/token'
        ? response.writeHead(200, { 'content-type': 'application/json' }).end(renewed)
        : response.writeHead(429).end());
    await expect(issuer.begin()).rejects.toMatchObject({ details: { code: 'issuer-unreachable' } });
    expect(await issuer.renew('a-token')).toEqual({ accessToken: 'renewed' });
  });

  describe('at which a session ends', () => {
    const tokens = { refreshToken: 'a-refresh-token', idToken: 'an-id-token' };

    /** Has the issuer say that it has these pages, and answer a revocation with a status. */
    const withEndpoints = (names: readonly string[], revocation = 200) => {
      const { url } = upstream;
      const its = Object.fromEntries(names.map((name) => [name, `${url}/${name}`]));
      const metadata = { issuer: url, authorization_endpoint: `${url}/auth`, token_endpoint: `${url}/token`, ...its };
      upstream.answer = (request, response) => {
        const status = request.url === '/revocation_endpoint' ? revocation : 200;
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(metadata));
      };
    };

    it('revokes its refresh token, and is told by the ID token which session is over', async () => {
      withEndpoints(['revocation_endpoint', 'end_session_endpoint']);
      const { isTokenRevoked, endSessionUrl = '' } = await issuer.end(tokens);
      expect(isTokenRevoked).toBe(true);
      expect(new URL(endSessionUrl).searchParams.get('id_token_hint')).toBe('an-id-token');
    });

    it('ends its own session though it does not revoke the token', async () => {
      withEndpoints(['revocation_endpoint', 'end_session_endpoint'], 500);
      const { isTokenRevoked, endSessionUrl = '' } = await issuer.end(tokens);
      expect(isTokenRevoked).toBe(false);
      expect(new URL(endSessionUrl).pathname).toBe('/end_session_endpoint');
    });

    it('says what it cannot do, and the log says so once', async () => {
      withEndpoints([]);
      expect(await issuer.end(tokens)).toEqual({ isTokenRevoked: false });
      await issuer.begin();
      await issuer.begin();
      const lacks = { lacks: ['revocation_endpoint', 'end_session_endpoint'] };
      expect(warned).toEqual([[lacks, 'issuer cannot end a session completely (docs/security.md)']]);
    });
  });
});
