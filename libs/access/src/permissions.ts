/** The permissions, each named as `<resource>:<action>`. Each route declares those that it needs. */
export const permissions = [
  'connections:read',
  'connections:write',
  'credentials:write',
  // Replaces a sealed credential by the same keys sealed for the current sealing key; for a holder of the private keys.
  'credentials:reseal',
  'source-orgs:read',
  'source-orgs:write',
  'handles:read',
  'alerts:explain',
  // Reads alerts and pages with their texts, dead letters, and traces.
  'history:read',
  // Sends alerts over HTTP. An API token that holds it names the integration whose alerts they are.
  'alerts:write',
  // Pages a team that is on call, for a test.
  'alerts:test',
  // Previews and sends dead letters again through page-history. Over Kafka, its rights decide who may.
  'dead-letters:replay',
  'tokens:read',
  'tokens:write',
  'audit:read',
  // Names another person on whose behalf a change is made.
  'audit:on-behalf',
] as const;
export type Permission = (typeof permissions)[number];

const viewer: readonly Permission[] = [
  'connections:read',
  'source-orgs:read',
  'handles:read',
  'alerts:explain',
  'history:read',
];
const editor: readonly Permission[] = [...viewer, 'connections:write', 'source-orgs:write', 'alerts:test'];
const admin: readonly Permission[] = [
  ...editor,
  'credentials:write',
  'tokens:read',
  'tokens:write',
  'alerts:write',
  'audit:read',
];

/** The permissions of each role: `viewer`, `editor` and `admin` are for one source org, `operator` is for all. */
export const roles = { viewer, editor, admin, operator: permissions } as const satisfies Record<
  string,
  readonly Permission[]
>;
export type Role = keyof typeof roles;
