import { describe, expect, it } from '@jest/globals';
import { PolicyError, parsePolicy } from './parse-policy.ts';

const issuer = 'https://login.example.com/realms/ops';
const trusted = { issuer, audience: 'pagebridge' };
const rule = { claim: 'groups', value: 'acme-admins', role: 'admin', sourceOrg: 'acme-us' };
const policyWith = (its: object) => JSON.stringify({ issuers: [trusted], rules: [rule], ...its });
const ruleWith = (its: object) => policyWith({ rules: [{ ...rule, ...its }] });
const issuerWith = (its: object) => policyWith({ issuers: [{ ...trusted, ...its }] });

describe('a policy', () => {
  it('is read from YAML, with what may be left out', () => {
    const policy = parsePolicy(`
issuers:
  - issuer: ${issuer}
    audience: pagebridge
rules:
  - { claim: groups, value: 'pagebridge-{sourceOrg}-viewers', role: viewer }
`);
    expect([...policy.issuers.values()]).toEqual([
      { ...trusted, algorithms: ['RS256', 'PS256', 'ES256', 'EdDSA'], types: ['at+jwt'] },
    ]);
    const viewers = { issuer, claim: 'groups', value: 'pagebridge-{sourceOrg}-viewers', role: 'viewer' };
    expect(policy.rules.get(issuer)).toEqual([
      { claim: 'groups', byValue: new Map(), byOrg: [{ rule: viewers, before: 'pagebridge-', after: '-viewers' }] },
    ]);
  });

  it('may be from an issuer on this machine without TLS', () => {
    for (const local of ['http://127.0.0.1:4444', 'http://localhost:4444/a', 'http://[::1]:4444']) {
      expect(parsePolicy(issuerWith({ issuer: local })).issuers.has(local)).toBe(true);
    }
  });

  it.each([
    ['text that is no YAML', 'issuers: [', /neither YAML nor JSON: line 1: /],
    ['a key that stands twice', 'issuers: []\nissuers: []', /line 2: Map keys must be unique/],
    ['nothing', '', /the policy must be object/],
    ['more than a MiB', ' '.repeat(2 ** 20 + 1), /larger than 1 MiB/],
    ['a policy without rules', policyWith({ rules: [] }), /rules must NOT have fewer than 1 items/],
    ['a policy without issuers', '{"rules":[]}', /issuers is missing/],
    ['a field that nobody knows', ruleWith({ org: 'acme-us' }), /rules\/0\/org is not known; remove it/],
    ['a role that there is not', ruleWith({ role: 'owner' }), /role must be one of viewer, editor, admin, operator/],
    ['HMAC', issuerWith({ algorithms: ['HS256'] }), /issuers\/0\/algorithms\/0 must be one of RS256/],
    ['no signature', issuerWith({ algorithms: ['none'] }), /issuers\/0\/algorithms\/0 must be one of RS256/],
    [
      'an issuer without TLS',
      issuerWith({ issuer: 'http://login.example.com' }),
      /issuers\/0\/issuer must begin with https/,
    ],
    [
      'a name that begins like loopback',
      issuerWith({ issuer: 'http://127.0.0.1.example.com' }),
      /must begin with https/,
    ],
    [
      'keys without TLS',
      issuerWith({ jwksUri: 'http://example.com/keys' }),
      /issuers\/0\/jwksUri must begin with https/,
    ],
    ['a password in a URL', issuerWith({ jwksUri: 'https://a:b@example.com' }), /jwksUri must hold no user, password/],
    ['an issuer that is no URL', issuerWith({ issuer: 'login' }), /issuers\/0\/issuer must be a URL/],
    ['an issuer twice', policyWith({ issuers: [trusted, trusted] }), /issuers\/1\/issuer stands in issuers\/0 already/],
    [
      'a rule that does not say of which issuer',
      policyWith({ issuers: [trusted, { ...trusted, issuer: 'https://b.example' }] }),
      /rules\/0\/issuer is missing: there are several/,
    ],
    ['a rule of another issuer', ruleWith({ issuer: 'https://b.example' }), /rules\/0\/issuer is none of issuers/],
    ['a role on no org', ruleWith({ sourceOrg: undefined }), /rules\/0\/sourceOrg is missing: admin is for one/],
    ['an operator on one org', ruleWith({ role: 'operator' }), /operator is for all of them/],
    ['an org in both places', ruleWith({ value: '{sourceOrg}' }), /both sourceOrg and \{sourceOrg\}/],
    ['two places for the org', ruleWith({ value: '{sourceOrg}{sourceOrg}', sourceOrg: undefined }), /once/],
    ['every org by a star', ruleWith({ sourceOrg: '*' }), /rules\/0\/sourceOrg must match pattern/],
  ])('is refused with %s', (_what, text, complaint) => {
    expect(() => parsePolicy(text)).toThrow(PolicyError);
    expect(() => parsePolicy(text)).toThrow(complaint);
  });

  it('is refused in a few words, however much is wrong with it', () => {
    const rules = Array.from({ length: 2000 }, () => ({ ...rule, role: 'owner' }));
    expect(() => parsePolicy(policyWith({ rules }))).toThrow(/; and 1995 more \(docs\/access.md\)$/);
  });
});
