import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TestIssuer, type TokenParts } from '@pagebridge/testing';
import fc from 'fast-check';
import { parsePolicy } from '../policy/parse-policy.ts';
import { OidcAuthenticator } from './oidc-authenticator.ts';

let issuer: TestIssuer;
let failures: string[];
let policies: { policy: ReturnType<typeof parsePolicy> | undefined };
let authenticator: OidcAuthenticator;

beforeEach(async () => {
  issuer = await TestIssuer.start();
  failures = [];
  policies = { policy: parsePolicy(issuer.policy) };
  authenticator = new OidcAuthenticator(policies, (_issuer, detail) => void failures.push(detail));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await issuer.close();
});

/** Returns why a token is refused, or `accepted`. */
async function resultFor(token: string | undefined): Promise<string> {
  const answer = await authenticator.authenticate(token);
  return 'refusal' in answer ? answer.refusal.reason : 'accepted';
}

function advance(ms: number): void {
  const [wall, elapsed] = [Date.now() + ms, performance.now() + ms];
  jest.spyOn(Date, 'now').mockReturnValue(wall);
  jest.spyOn(performance, 'now').mockReturnValue(elapsed);
}

const now = () => Math.floor(Date.now() / 1000);

describe('without a policy in force', () => {
  it('every token is refused as not checkable', async () => {
    policies.policy = undefined;
    expect(await resultFor(await issuer.tokenOf('ada', 'acme-us-viewer'))).toBe('policy-unusable');
  });
});

describe('an accepted token', () => {
  it('identifies its bearer by issuer and subject, with the grants that the policy gives', async () => {
    const answer = await authenticator.authenticate(await issuer.tokenOf('ada', 'acme-us-viewer'));
    expect(answer).toMatchObject({
      identity: { issuer: issuer.url, subject: 'ada', grants: [{ sourceOrg: 'acme-us' }] },
    });
  });

  it.each([
    ['expired less than 30 s ago', () => ({ claims: { exp: now() - 20 } })],
    ['valid in less than 30 s', () => ({ claims: { nbf: now() + 20 } })],
    ['for several audiences', () => ({ claims: { aud: ['x', 'pagebridge'] } })],
    ['with its type in full', () => ({ header: { typ: 'application/AT+JWT' } })],
  ])('may be %s', async (_what, parts: () => TokenParts) => {
    expect(await resultFor(await issuer.token(parts()))).toBe('accepted');
  });

  it('causes one fetch of the keys of its issuer', async () => {
    await Promise.all([1, 2, 3].map(async () => resultFor(await issuer.token())));
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('gets the grants of the policy that is in force at the request', async () => {
    const token = await issuer.tokenOf('ada', 'acme-us-viewer');
    await resultFor(token);
    policies.policy = parsePolicy(issuer.policy.replaceAll('-viewer', '-readers'));
    expect(await authenticator.authenticate(token)).toMatchObject({ identity: { grants: [] } });
  });
});

describe('a token that was accepted before', () => {
  it('is refused once it has expired, and with changed bytes', async () => {
    const token = await issuer.token({ claims: { exp: now() + 10 } });
    expect(await resultFor(token)).toBe('accepted');
    expect(await resultFor(token)).toBe('accepted');
    expect(await resultFor(`${token.slice(0, -4)}AAAA`)).toBe('bad-signature');
    const later = new Date(Date.now() + 41_000);
    advance(41_000);
    jest.useFakeTimers({ now: later, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'performance'] });
    expect(await resultFor(token)).toBe('expired');
    jest.useRealTimers();
  });

  it('is refused at the latest a minute after its key is gone and another key was fetched', async () => {
    const token = await issuer.token();
    await resultFor(token);
    await issuer.rotate();
    advance(61_000);
    expect(await resultFor(await issuer.token())).toBe('accepted');
    expect(await resultFor(token)).toBe('bad-signature');
  });
});

describe('a refused token', () => {
  const foreign = 'https://elsewhere.example';
  it.each([
    ['expired', 'expired', () => issuer.token({ claims: { exp: now() - 60 } })],
    ['not yet valid', 'not-yet-valid', () => issuer.token({ claims: { nbf: now() + 60 } })],
    ['without an expiry', 'malformed', () => issuer.token({ claims: { exp: undefined } })],
    ['without a subject', 'malformed', () => issuer.token({ claims: { sub: undefined } })],
    ['with an empty subject', 'malformed', () => issuer.token({ claims: { sub: '' } })],
    ['with a subject of two lines', 'malformed', () => issuer.token({ claims: { sub: 'ada\nolga' } })],
    ['for another audience', 'wrong-audience', () => issuer.token({ claims: { aud: 'billing' } })],
    ['without an audience', 'wrong-audience', () => issuer.token({ claims: { aud: undefined } })],
    ['of another type', 'wrong-type', () => issuer.token({ header: { typ: 'JWT' } })],
    ['without a type', 'wrong-type', () => issuer.token({ header: { typ: undefined } })],
    ['of an issuer that the policy does not name', 'unknown-issuer', () => issuer.token({ claims: { iss: foreign } })],
    ['without an issuer', 'malformed', () => issuer.token({ claims: { iss: undefined } })],
    ['not signed', 'bad-signature', async () => issuer.mint.unsigned()],
    ['signed with the public key as a secret', 'bad-signature', () => issuer.mint.signedWithPublicKey()],
    ['signed by another key under the same key id', 'bad-signature', () => issuer.mint.signedByAnother()],
    [
      'signed with a key id that the issuer does not have',
      'bad-signature',
      () => issuer.token({ header: { kid: '7' } }),
    ],
    ['longer than 8 KiB', 'malformed', () => issuer.token({ claims: { groups: ['g'.repeat(8192)] } })],
    ['missing', 'no-token', async () => undefined],
  ])('is one that is %s', async (_what, reason, token) => {
    expect(await resultFor(await token())).toBe(reason);
  });

  it('is one that was changed after it was signed', async () => {
    const [header, , signature] = (await issuer.token()).split('.');
    const [, body] = (await issuer.tokenOf('ada', 'operators')).split('.');
    expect(await resultFor([header, body, signature].join('.'))).toBe('bad-signature');
  });

  it('is one that contains its own key, or a URL to fetch one from', async () => {
    const another = await TestIssuer.start();
    const jwk = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' };
    const header = { jku: `${another.url}/keys`, x5u: `${another.url}/keys`, jwk } as object;
    const token = await another.token({ claims: { iss: issuer.url }, header });
    expect(await resultFor(token)).toBe('bad-signature');
    expect(another.requests).toEqual([]);
    await another.close();
  });

  it('has a reason, whatever text it is', async () => {
    const good = await issuer.token();
    const [header = '', body = '', signature = ''] = good.split('.');
    const base64 = fc.anything().map((value) => Buffer.from(JSON.stringify(value) ?? '').toString('base64url'));
    const part = fc.oneof(fc.constantFrom(header, body, signature, ''), fc.string({ unit: 'binary' }), base64);
    const iss = fc
      .dictionary(fc.string(), fc.anything())
      .map((claims) => Buffer.from(JSON.stringify({ ...claims, iss: issuer.url })).toString('base64url'));
    const parts = fc.tuple(fc.oneof(part, iss), fc.oneof(part, iss), part).map((all) => all.join('.'));
    await fc.assert(
      fc.asyncProperty(fc.oneof(fc.string({ unit: 'binary' }), parts), async (token) => {
        fc.pre(token !== good);
        expect(await resultFor(token)).toMatch(/malformed|unknown-issuer|bad-signature/);
      }),
    );
  });
});

describe('the keys of an issuer', () => {
  it('are fetched again for a token with an unknown key, but at most once in half a minute', async () => {
    await resultFor(await issuer.token());
    const former = await issuer.token();
    await issuer.rotate();
    expect(await resultFor(await issuer.token())).toBe('bad-signature');
    advance(31_000);
    expect(await resultFor(await issuer.token())).toBe('accepted');
    expect(await resultFor(former)).toBe('bad-signature');
    expect(issuer.requests.filter((path) => path === '/keys')).toHaveLength(2);
  });

  it('remain in use while the issuer does not answer', async () => {
    await resultFor(await issuer.token());
    issuer.isDown = true;
    expect(await resultFor(await issuer.token())).toBe('accepted');
  });

  it('are not available while the issuer does not answer, and are fetched again after five seconds', async () => {
    issuer.isDown = true;
    expect(await resultFor(await issuer.token())).toBe('issuer-unreachable');
    expect(await resultFor(await issuer.token())).toBe('issuer-unreachable');
    expect(issuer.requests).toHaveLength(1);
    expect(failures).toEqual([expect.stringContaining('fetch failed')]);
    issuer.isDown = false;
    advance(5001);
    expect(await resultFor(await issuer.token())).toBe('accepted');
  });

  it('are fetched with a timeout if the issuer accepts the call and never answers', async () => {
    issuer.isSilent = true;
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort('too late'));
    expect(await resultFor(await issuer.token())).toBe('issuer-unreachable');
    expect(timeout.mock.calls).toEqual([[2000]]);
  });

  const configuration = '/.well-known/openid-configuration';

  const published = async () => (await fetch(`${issuer.url}/keys`)).text();
  it.each([
    ['nothing', () => '{}'],
    ['the former keys', (former: string) => former],
  ])('are found after the issuer has moved them and left %s in their former place', async (_what, left) => {
    expect(await resultFor(await issuer.token())).toBe('accepted');
    const former = await published();
    await issuer.rotate();
    issuer.answers.set('/moved', await published());
    issuer.answers.set('/keys', left(former));
    issuer.answers.set(configuration, JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/moved` }));
    advance(10 * 60_000 + 1);
    expect(await resultFor(await issuer.token())).toBe('accepted');
  });

  it.each([
    ['a configuration of another issuer', configuration, '{"issuer":"https://b.example"}', /another issuer/],
    ['no configuration', configuration, '[]', /another issuer/],
    ['no JSON', configuration, 'hello', /JSON/],
    ['invalid keys', '/keys', '{"keys":7}', /malformed/],
    ['more than 256 KiB', '/keys', `{"keys":[],"x":"${'x'.repeat(256 * 1024)}"}`, /larger than 256 KiB/],
  ])('are not available if the issuer answers with %s', async (_what, path, text, detail) => {
    issuer.answers.set(path, text);
    expect(await resultFor(await issuer.token())).toBe('issuer-unreachable');
    expect(failures).toEqual([expect.stringMatching(detail)]);
  });

  it('are not fetched without TLS from another machine', async () => {
    issuer.answers.set(configuration, JSON.stringify({ issuer: issuer.url, jwks_uri: 'http://keys.example/' }));
    expect(await resultFor(await issuer.token())).toBe('issuer-unreachable');
    expect(failures).toEqual([expect.stringMatching(/jwks_uri of the issuer must begin with https/)]);
  });
});
