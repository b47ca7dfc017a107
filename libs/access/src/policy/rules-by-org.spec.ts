import { describe, expect, it } from '@jest/globals';
import { parsePolicy } from './parse-policy.ts';
import { rulesByOrg } from './rules-by-org.ts';

const issuers = [{ issuer: 'https://a.example', audience: 'pagebridge' }];
const rules = [
  { claim: 'groups', value: 'acme-viewers', role: 'viewer', sourceOrg: 'acme-us' },
  { claim: 'groups', value: 'acme-bots', role: 'editor', sourceOrg: 'acme-us', onBehalf: true },
  { claim: 'groups', value: '/{sourceOrg}/admins', role: 'admin' },
  { claim: 'sub', value: 'olga', role: 'operator' },
];
const linesOf = (policy: object) => Object.fromEntries(rulesByOrg(parsePolicy(JSON.stringify(policy))));

describe('what a policy says', () => {
  it('is told by source org, and what concerns all of them under *', () => {
    expect(linesOf({ issuers, rules })).toEqual({
      'acme-us': [
        'editor and audit:on-behalf by groups acme-bots of https://a.example',
        'viewer by groups acme-viewers of https://a.example',
      ],
      '*': [
        'admin by groups /{sourceOrg}/admins of https://a.example',
        'operator by sub olga of https://a.example',
        'tokens of https://a.example for pagebridge, at+jwt RS256 PS256 ES256 EdDSA',
      ],
    });
  });

  it('is the same in another order, and with a rule twice', () => {
    expect(linesOf({ issuers, rules: [...rules.toReversed(), ...rules] })).toEqual(linesOf({ issuers, rules }));
  });
});
