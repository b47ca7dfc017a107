import { describe, expect, it } from '@jest/globals';
import { PolicyError, parsePolicy } from './parse-policy.ts';

const issuer = 'https://login.example.com/realms/ops';
const trusted = { issuer, audience: 'pagebridge' };
const rule = { claim: 'groups', value: 'acme-admins', role: 'admin', sourceOrg: 'acme-us' };
const policyWith = (fields: object) => JSON.stringify({ issuers: [trusted], rules: [rule], ...fields });
const ruleWith = (fields: object) => policyWith({ rules: [{ ...rule, ...fields }] });
const issuerWith = (fields: object) => policyWith({ issuers: [{ ...trusted, ...fields }] });

describe('a policy', () => {
  it('is read from YAML, with defaults for optional fields', () => {
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
    ['a duplicate key', 'issuers: []\nissuers: []', /line 2: Map keys must be unique/],
    ['nothing', '', /the policy must be object/],
    ['more than a MiB', ' '.repeat(2 ** 20 + 1), /larger than 1 MiB/],
    ['a policy without rules', policyWith({ rules: [] }), /rules must NOT have fewer than 1 items/],
    ['a policy without issuers', '{"rules":[]}', /issuers is missing/],
    ['an unknown field', ruleWith({ org: 'acme-us' }), /rules\/0\/org is unknown; remove it/],
    ['an unknown role', ruleWith({ role: 'owner' }), /role must be one of viewer, editor, admin, operator/],
    ['HMAC', issuerWith({ algorithms: ['HS256'] }), /issuers\/0\/algorithms\/0 must be one of RS256/],
    ['no signature', issuerWith({ algorithms: ['none'] }), /issuers\/0\/algorithms\/0 must be one of RS256/],
    [
      'an issuer without TLS',
      issuerWith({ issuer: 'http://login.example.com' }),
      /issuers\/0\/issuer must begin with https/,
    ],
    [
      'a host name that begins like a loopback address',
      issuerWith({ issuer: 'http://127.0.0.1.example.com' }),
      /must begin with https/,
    ],
    [
      'keys without TLS',
      issuerWith({ jwksUri: 'http://example.com/keys' }),
      /issuers\/0\/jwksUri must begin with https/,
    ],
    [
      'a password in a URL',
      issuerWith({ jwksUri: 'https://a:b@example.com' }),
      /jwksUri must not contain a user, password/,
    ],
    ['an issuer that is no URL', issuerWith({ issuer: 'login' }), /issuers\/0\/issuer must be a URL/],
    ['an issuer twice', policyWith({ issuers: [trusted, trusted] }), /issuers\/1\/issuer is already in issuers\/0/],
    [
      'a rule without an issuer although there are several',
      policyWith({ issuers: [trusted, { ...trusted, issuer: 'https://b.example' }] }),
      /rules\/0\/issuer is missing: issuers has several/,
    ],
    ['a rule of another issuer', ruleWith({ issuer: 'https://b.example' }), /rules\/0\/issuer is not in issuers/],
    [
      'a role without an org',
      ruleWith({ sourceOrg: undefined }),
      /rules\/0\/sourceOrg is missing: admin applies to one/,
    ],
    ['an operator on one org', ruleWith({ role: 'operator' }), /operator applies to all/],
    ['an org in both places', ruleWith({ value: '{sourceOrg}' }), /both sourceOrg and \{sourceOrg\}/],
    ['two places for the org', ruleWith({ value: '{sourceOrg}{sourceOrg}', sourceOrg: undefined }), /once/],
    ['a star for every org', ruleWith({ sourceOrg: '*' }), /rules\/0\/sourceOrg must match pattern/],
  ])('is refused with %s', (_what, text, complaint) => {
    expect(() => parsePolicy(text)).toThrow(PolicyError);
    expect(() => parsePolicy(text)).toThrow(complaint);
  });

  it('is refused with a short message, even if it has thousands of mistakes', () => {
    const rules = Array.from({ length: 2000 }, () => ({ ...rule, role: 'owner' }));
    expect(() => parsePolicy(policyWith({ rules }))).toThrow(/; and 1995 more \(docs\/access.md\)$/);
  });
});
