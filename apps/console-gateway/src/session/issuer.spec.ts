import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { loadGatewayConfig } from '../config.ts';
import { variables } from '../console-gateway.fixtures.ts';
import { Upstream } from '../upstream.fixtures.ts';
import { Issuer } from './issuer.ts';

const log = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

describe('an issuer', () => {
  let upstream: Upstream;
  let issuer: Issuer;

  beforeAll(async () => {
    upstream = await Upstream.start();
  });

  afterAll(() => upstream.stop());

  beforeEach(() => {
    upstream.reset();
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
});
