import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { roles } from '../permissions.ts';
import { grantsOf } from './grants-of.ts';
import { parsePolicy } from './parse-policy.ts';

const issuer = 'https://a.example';
const other = 'https://b.example';
const policyOf = (...rules: object[]) =>
  parsePolicy(
    JSON.stringify({
      issuers: [issuer, other].map((url) => ({ issuer: url, audience: 'pagebridge' })),
      rules: rules.map((rule) => ({ issuer, ...rule })),
    }),
  );
const granted = (policy: ReturnType<typeof policyOf>, claims: Record<string, unknown>, by = issuer) =>
  Object.fromEntries(grantsOf(policy, by, claims).map(({ sourceOrg, permissions }) => [sourceOrg, [...permissions]]));

const viewers = { claim: 'groups', value: 'viewers', role: 'viewer', sourceOrg: 'acme-us' };

describe('the grants of a policy', () => {
  it('are those of a role if the claim has the value, alone or in a list', () => {
    const policy = policyOf(viewers);
    expect(granted(policy, { groups: 'viewers' })).toEqual({ 'acme-us': roles.viewer });
    expect(granted(policy, { groups: ['x', 'viewers'] })).toEqual({ 'acme-us': roles.viewer });
    for (const groups of [undefined, null, 'Viewers', 'viewers-2', [['viewers'], 7], { viewers: true }]) {
      expect(granted(policy, { groups })).toEqual({});
    }
  });

  it('are none for the same claim of another issuer', () => {
    expect(granted(policyOf(viewers), { groups: 'viewers' }, other)).toEqual({});
  });

  it('are found by a nested claim, or by a claim with dots in its name', () => {
    const at = (claim: string) => policyOf({ ...viewers, claim });
    expect(granted(at('realm_access.roles'), { realm_access: { roles: ['viewers'] } })).toHaveProperty('acme-us');
    expect(granted(at('https://x.example/roles'), { 'https://x.example/roles': 'viewers' })).toHaveProperty('acme-us');
    expect(granted(at('realm_access.roles'), { realm_access: 'viewers' })).toEqual({});
    expect(granted(at('constructor.name'), {})).toEqual({});
  });

  it('are for the org that is part of the value', () => {
    const policy = policyOf({ claim: 'groups', value: '/pagebridge/{sourceOrg}/admins', role: 'admin' });
    const groups = ['/pagebridge/acme-us/admins', '/pagebridge/initech-us/admins', '/pagebridge/acme-us/viewers'];
    expect(granted(policy, { groups })).toEqual({ 'acme-us': roles.admin, 'initech-us': roles.admin });
  });

  it.each([
    '/pagebridge/*/admins',
    '/pagebridge//admins',
    '/pagebridge/{sourceOrg}/admins',
    '/pagebridge/admins',
    '/pagebridge/a/b/admins',
    '/pagebridge/A/admins',
  ])('are none if %s names no org', (groups) => {
    expect(
      granted(policyOf({ claim: 'groups', value: '/pagebridge/{sourceOrg}/admins', role: 'admin' }), { groups }),
    ).toEqual({});
  });

  it('are one for each org, with the permissions of all its rules', () => {
    const policy = policyOf(viewers, { ...viewers, value: 'bots', role: 'editor', onBehalf: true });
    const { 'acme-us': permissions, ...none } = granted(policy, { groups: ['viewers', 'bots'] });
    expect(permissions?.toSorted()).toEqual([...roles.editor, 'audit:on-behalf'].toSorted());
    expect(none).toEqual({});
  });

  it('are all permissions in every org for an operator', () => {
    expect(granted(policyOf({ claim: 'sub', value: 'olga', role: 'operator' }), { sub: 'olga' })).toEqual({
      '*': roles.operator,
    });
  });

  it('are never for every org except by the role operator, whatever a token claims', () => {
    const policy = policyOf(
      { claim: 'groups', value: '{sourceOrg}', role: 'admin' },
      { claim: 'a.b', value: 'x{sourceOrg}', role: 'editor' },
    );
    fc.assert(
      fc.property(fc.dictionary(fc.constantFrom('groups', 'a', 'a.b'), fc.anything()), (claims) => {
        expect(granted(policy, { ...claims })).not.toHaveProperty('*');
      }),
    );
  });
});
