import fc from 'fast-check';
import { OidcAuthenticator, PolicyError, parsePolicy } from '../../../libs/access/src/index.ts';
import { anyJson, spoiled, textOf } from '../json.ts';
import { promise, type Target, target } from '../target.ts';

// Nobody listens there, so no token is accepted; other tests cover valid tokens.
const issuer = 'http://127.0.0.1:9';
const rule = { claim: 'groups', value: '{sourceOrg}-admin', role: 'admin' };
const policy = { issuers: [{ issuer, audience: 'pagebridge', jwksUri: `${issuer}/keys` }], rules: [rule] };
const authenticator = new OidcAuthenticator({ policy: parsePolicy(textOf(policy)) }, () => undefined);

const base64 = (json: fc.Arbitrary<unknown>) =>
  json.map((value) => Buffer.from(textOf(value) ?? '').toString('base64url'));
const header = base64(spoiled(fc.constant({ alg: 'ES256', kid: '1', typ: 'at+jwt' })));
const claims = base64(spoiled(fc.constant({ iss: issuer, aud: 'pagebridge', sub: 'ada', exp: 4_000_000_000 })));
const signature = fc
  .uint8Array({ minLength: 0, maxLength: 80 })
  .map((bytes) => Buffer.from(bytes).toString('base64url'));
const token = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.tuple(header, claims, signature).map((parts) => parts.join('.')),
);
const policyText = fc.oneof(
  spoiled(fc.constant(policy)).map(textOf),
  anyJson.map(textOf),
  fc.string({ unit: 'binary' }),
);

export const accessTargets = (): Target[] => [
  target('access token', token, async (drawn) => {
    promise('refusal' in (await authenticator.authenticate(drawn)), 'a forged token was believed');
  }),
  target('access policy', policyText, (drawn) => {
    try {
      parsePolicy(drawn);
    } catch (error) {
      promise(error instanceof PolicyError, `not refused as a usage error: ${(error as Error).stack}`);
    }
  }),
];
