/** The permissions that the console asks for, with the least role that has each. */
export const roleOf = {
  'connections:read': 'viewer',
  'connections:write': 'editor',
  'credentials:write': 'admin',
  'source-orgs:read': 'viewer',
  'source-orgs:write': 'editor',
  'handles:read': 'viewer',
  'alerts:explain': 'viewer',
  'alerts:test': 'editor',
  'history:read': 'viewer',
  'tokens:read': 'admin',
  'tokens:write': 'admin',
  'audit:read': 'admin',
  'dead-letters:replay': 'operator',
} as const;
export type Permission = keyof typeof roleOf;

interface Granted {
  readonly grants: readonly { readonly sourceOrg: string; readonly permissions: readonly string[] }[];
}

/** Returns the permissions that somebody holds in a source org. */
export const heldIn = ({ grants }: Granted, org: string): readonly string[] => [
  ...new Set(
    grants.flatMap(({ sourceOrg, permissions }) => (sourceOrg === '*' || sourceOrg === org ? permissions : [])),
  ),
];

/** Says what an action needs: `Needs credentials:write in acme-us (role admin).` */
export const needs = (org: string, permission: Permission): string =>
  `Requires ${permission} in ${org} (role ${roleOf[permission]}).`;

const roles = ['viewer', 'editor', 'admin', 'operator'] as const;
export type Role = (typeof roles)[number];

/** Returns the highest role that all these permissions make; undefined if they make none. */
export function roleFrom(permissions: readonly string[]): Role | undefined {
  const missing = Object.entries(roleOf).filter(([permission]) => !permissions.includes(permission));
  const places = missing.map(([, role]) => roles.indexOf(role));
  return roles[Math.min(roles.length, ...places) - 1];
}
