import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { TestIssuer, type TokenParts } from '@pagebridge/testing';
import fc from 'fast-check';
import { parsePolicy } from '../policy/parse-policy.ts';
import { OidcAuthenticator } from './oidc-authenticator.ts';

let issuer: TestIssuer;
let told: string[];
let policies: { policy: ReturnType<typeof parsePolicy> | undefined };
let authenticator: OidcAuthenticator;

beforeEach(async () => {
  issuer = await TestIssuer.start();
  told = [];
  policies = { policy: parsePolicy(issuer.policy) };
  authenticator = new OidcAuthenticator(policies, (_issuer, detail) => void told.push(detail));
});
afterEach(async () => {
  jest.restoreAllMocks();
  await issuer.close();
});

/** Why a token is not believed; `believed` where it is. */
async function answerTo(token: string | undefined): Promise<string> {
  const answer = await authenticator.authenticate(token);
  return 'refusal' in answer ? answer.refusal.reason : 'believed';
}

function passes(ms: number): void {
  const [wall, elapsed] = [Date.now() + ms, performance.now() + ms];
  jest.spyOn(Date, 'now').mockReturnValue(wall);
  jest.spyOn(performance, 'now').mockReturnValue(elapsed);
}

const now = () => Math.floor(Date.now() / 1000);

describe('where no policy is in force', () => {
  it('nothing is said of any token', async () => {
    policies.policy = undefined;
    expect(await answerTo(await issuer.tokenOf('ada', 'acme-us-viewer'))).toBe('policy-unusable');
  });
});

describe('a token that is believed', () => {
  it('says who its bearer is by its issuer and subject, and what they may do by the policy', async () => {
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
    expect(await answerTo(await issuer.token(parts()))).toBe('believed');
  });

  it('makes us ask its issuer for keys once', async () => {
    await Promise.all([1, 2, 3].map(async () => answerTo(await issuer.token())));
    expect(issuer.asked).toEqual(['/.well-known/openid-configuration', '/keys']);
  });

  it('counts by the policy that is in force when it comes', async () => {
    const token = await issuer.tokenOf('ada', 'acme-us-viewer');
    await answerTo(token);
    policies.policy = parsePolicy(issuer.policy.replaceAll('-viewer', '-readers'));
    expect(await authenticator.authenticate(token)).toMatchObject({ identity: { grants: [] } });
  });
});

describe('a token that was believed', () => {
  it('is not believed any more once it has expired, nor with other bytes', async () => {
    const token = await issuer.token({ claims: { exp: now() + 10 } });
    expect(await answerTo(token)).toBe('believed');
    expect(await answerTo(token)).toBe('believed');
    expect(await answerTo(`${token.slice(0, -4)}AAAA`)).toBe('bad-signature');
    const later = new Date(Date.now() + 41_000);
    passes(41_000);
    jest.useFakeTimers({ now: later, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'performance'] });
    expect(await answerTo(token)).toBe('expired');
    jest.useRealTimers();
  });

  it('is not believed longer than a minute after its key is gone and another was fetched', async () => {
    const token = await issuer.token();
    await answerTo(token);
    await issuer.rotate();
    passes(61_000);
    expect(await answerTo(await issuer.token())).toBe('believed');
    expect(await answerTo(token)).toBe('bad-signature');
  });
});

describe('a token that is not believed', () => {
  const foreign = 'https://elsewhere.example';
  it.each([
    ['expired', 'expired', () => issuer.token({ claims: { exp: now() - 60 } })],
    ['not yet valid', 'not-yet-valid', () => issuer.token({ claims: { nbf: now() + 60 } })],
    ['without an end', 'malformed', () => issuer.token({ claims: { exp: undefined } })],
    ['without a subject', 'malformed', () => issuer.token({ claims: { sub: undefined } })],
    ['with an empty subject', 'malformed', () => issuer.token({ claims: { sub: '' } })],
    ['with a subject of two lines', 'malformed', () => issuer.token({ claims: { sub: 'ada\nolga' } })],
    ['for somebody else', 'wrong-audience', () => issuer.token({ claims: { aud: 'billing' } })],
    ['for nobody', 'wrong-audience', () => issuer.token({ claims: { aud: undefined } })],
    ['of another type', 'wrong-type', () => issuer.token({ header: { typ: 'JWT' } })],
    ['of no type', 'wrong-type', () => issuer.token({ header: { typ: undefined } })],
    ['of an issuer that the policy does not name', 'unknown-issuer', () => issuer.token({ claims: { iss: foreign } })],
    ['of nobody', 'malformed', () => issuer.token({ claims: { iss: undefined } })],
    ['not signed', 'bad-signature', async () => issuer.mint.unsigned()],
    ['signed with the public key as a secret', 'bad-signature', () => issuer.mint.signedWithPublicKey()],
    ['signed by another key under the same name', 'bad-signature', () => issuer.mint.signedByAnother()],
    [
      'signed by a key of a name that the issuer has not',
      'bad-signature',
      () => issuer.token({ header: { kid: '7' } }),
    ],
    ['longer than 8 KiB', 'malformed', () => issuer.token({ claims: { groups: ['g'.repeat(8192)] } })],
    ['missing', 'no-token', async () => undefined],
  ])('is one that is %s', async (_what, reason, token) => {
    expect(await answerTo(await token())).toBe(reason);
  });

  it('is one that was changed after it was signed', async () => {
    const [header, , signature] = (await issuer.token()).split('.');
    const [, body] = (await issuer.tokenOf('ada', 'operators')).split('.');
    expect(await answerTo([header, body, signature].join('.'))).toBe('bad-signature');
  });

  it('is one that brings its own key, or says where to fetch one', async () => {
    const another = await TestIssuer.start();
    const jwk = { kty: 'EC', crv: 'P-256', x: 'AA', y: 'AA' };
    const header = { jku: `${another.url}/keys`, x5u: `${another.url}/keys`, jwk } as object;
    const token = await another.token({ claims: { iss: issuer.url }, header });
    expect(await answerTo(token)).toBe('bad-signature');
    expect(another.asked).toEqual([]);
    await another.close();
  });

  it('is refused with a reason, whatever it is', async () => {
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
        expect(await answerTo(token)).toMatch(/malformed|unknown-issuer|bad-signature/);
      }),
    );
  });
});

describe('the keys of an issuer', () => {
  it('are fetched anew for a token of a new key, but not twice within half a minute', async () => {
    await answerTo(await issuer.token());
    const former = await issuer.token();
    await issuer.rotate();
    expect(await answerTo(await issuer.token())).toBe('bad-signature');
    passes(31_000);
    expect(await answerTo(await issuer.token())).toBe('believed');
    expect(await answerTo(former)).toBe('bad-signature');
    expect(issuer.asked.filter((path) => path === '/keys')).toHaveLength(2);
  });

  it('are used on while the issuer is away', async () => {
    await answerTo(await issuer.token());
    issuer.isAway = true;
    expect(await answerTo(await issuer.token())).toBe('believed');
  });

  it('cannot be had while the issuer is away, which is asked again after five seconds', async () => {
    issuer.isAway = true;
    expect(await answerTo(await issuer.token())).toBe('issuer-unreachable');
    expect(await answerTo(await issuer.token())).toBe('issuer-unreachable');
    expect(issuer.asked).toHaveLength(1);
    expect(told).toEqual([expect.stringContaining('fetch failed')]);
    issuer.isAway = false;
    passes(5001);
    expect(await answerTo(await issuer.token())).toBe('believed');
  });

  it('are not waited for where the issuer takes the call and says nothing', async () => {
    issuer.isSilent = true;
    const timeout = jest.spyOn(AbortSignal, 'timeout').mockImplementation(() => AbortSignal.abort('too late'));
    expect(await answerTo(await issuer.token())).toBe('issuer-unreachable');
    expect(timeout.mock.calls).toEqual([[2000]]);
  });

  const configuration = '/.well-known/openid-configuration';

  const published = async () => (await fetch(`${issuer.url}/keys`)).text();
  it.each([
    ['nothing', () => '{}'],
    ['the former keys', (former: string) => former],
  ])('are found where the issuer has moved them and left %s in their place', async (_what, left) => {
    expect(await answerTo(await issuer.token())).toBe('believed');
    const former = await published();
    await issuer.rotate();
    issuer.answers.set('/moved', await published());
    issuer.answers.set('/keys', left(former));
    issuer.answers.set(configuration, JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/moved` }));
    passes(10 * 60_000 + 1);
    expect(await answerTo(await issuer.token())).toBe('believed');
  });

  it.each([
    ['a configuration of another issuer', configuration, '{"issuer":"https://b.example"}', /another issuer/],
    ['no configuration', configuration, '[]', /another issuer/],
    ['no JSON', configuration, 'hello', /JSON/],
    ['keys that are none', '/keys', '{"keys":7}', /malformed/],
    ['more than 256 KiB', '/keys', `{"keys":[],"x":"${'x'.repeat(256 * 1024)}"}`, /larger than 256 KiB/],
  ])('cannot be had where the issuer answers with %s', async (_what, path, text, detail) => {
    issuer.answers.set(path, text);
    expect(await answerTo(await issuer.token())).toBe('issuer-unreachable');
    expect(told).toEqual([expect.stringMatching(detail)]);
  });

  it('are not fetched without TLS from another machine', async () => {
    issuer.answers.set(configuration, JSON.stringify({ issuer: issuer.url, jwks_uri: 'http://keys.example/' }));
    expect(await answerTo(await issuer.token())).toBe('issuer-unreachable');
    expect(told).toEqual([expect.stringMatching(/jwks_uri must begin with https/)]);
  });
});
