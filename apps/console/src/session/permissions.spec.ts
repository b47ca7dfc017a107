import { describe, expect, it } from '@jest/globals';
import { roles } from '@pagebridge/access';
import { heldIn, needs, type Permission, roleFrom, roleOf } from './permissions.ts';

const someone = (sourceOrg: string, permissions: readonly string[]) => ({ grants: [{ sourceOrg, permissions }] });

describe('what a person may do', () => {
  it('is that in the org of the grant, and in no other', () => {
    const ada = someone('acme-us', ['connections:write']);
    expect(heldIn(ada, 'acme-us')).toEqual(['connections:write']);
    expect(heldIn(ada, 'initech-us')).toEqual([]);
  });

  it('is that in every org for an operator', () => {
    expect(heldIn(someone('*', ['tokens:read']), 'any')).toEqual(['tokens:read']);
  });

  it('is said with the least role that has it, as the services know the roles', () => {
    for (const [permission, role] of Object.entries(roleOf)) {
      const least = (['viewer', 'editor', 'admin', 'operator'] as const).find((name) =>
        roles[name].some((held) => held === permission),
      );
      expect([permission, role]).toEqual([permission, least]);
    }
    expect(needs('acme-us', 'credentials:write')).toBe('Requires credentials:write in acme-us (role admin).');
  });
});

const all = Object.keys(roleOf) as Permission[];
const viewers = all.filter((permission) => roleOf[permission] === 'viewer');

describe('the role that permissions make', () => {
  it.each([
    ['everything and more', [...all, 'credentials:reseal'], 'operator'],
    ['those of an admin', roles.admin, 'admin'],
    ['all but one of the admins', all.filter((permission) => permission !== 'audit:read'), 'editor'],
    ['those of a viewer', viewers, 'viewer'],
    ['those of a viewer, and a single other one', [...viewers, 'tokens:write'], 'viewer'],
    ['single ones', ['handles:read', 'audit:read'], undefined],
    ['none', [], undefined],
  ])('with %s is %s', (_what, permissions, role) => {
    expect(roleFrom(permissions)).toBe(role);
  });
});
