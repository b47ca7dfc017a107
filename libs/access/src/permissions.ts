/** What a caller may be allowed: a resource, and what is done to it. Each route names those that it needs. */
export const permissions = [
  'connections:read',
  'connections:write',
  'credentials:write',
  // Puts the same keys back, sealed for the present key: for who holds the private keys.
  'credentials:reseal',
  'source-orgs:read',
  'source-orgs:write',
  'handles:read',
  'alerts:explain',
  'dead-letters:replay',
  'tokens:read',
  'tokens:write',
  'audit:read',
  // Names somebody else as the one on whose behalf a change is made.
  'audit:on-behalf',
] as const;
export type Permission = (typeof permissions)[number];

const viewer: readonly Permission[] = ['connections:read', 'source-orgs:read', 'handles:read', 'alerts:explain'];
const editor: readonly Permission[] = [...viewer, 'connections:write', 'source-orgs:write'];
const admin: readonly Permission[] = [...editor, 'credentials:write', 'tokens:read', 'tokens:write', 'audit:read'];

/** What each role may do: `viewer`, `editor` and `admin` on one source org, `operator` on all of them. */
export const roles = { viewer, editor, admin, operator: permissions } as const satisfies Record<
  string,
  readonly Permission[]
>;
export type Role = keyof typeof roles;
