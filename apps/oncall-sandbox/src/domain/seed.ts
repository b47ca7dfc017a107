import type { Dependencies } from './dependencies.ts';
import { Org } from './org.ts';
import type { OrgConfig, TeamConfig } from './org-config.ts';
import { seededId } from './seeded-id.ts';

const required = ['on_call_read', 'on_call_page', 'on_call_respond', 'user_access_read', 'teams_read'];
const without = (...missing: string[]) => required.filter((name) => !missing.includes(name));

const roles = [
  { name: 'cross-org-paging', permissions: required },
  { name: 'cross-org-paging-own-keys', permissions: [...required, 'user_app_keys'] },
  { name: 'terraform-made', permissions: without('user_access_read') },
  { name: 'no-teams', permissions: without('teams_read') },
  { name: 'reader', permissions: without('on_call_page', 'on_call_respond') },
  { name: 'responder', permissions: ['on_call_read', 'on_call_page', 'on_call_respond'] },
];

interface SeededAccount {
  readonly name: string;
  readonly role: string;
  readonly person?: boolean;
  readonly disabled?: boolean;
}

const accounts: readonly SeededAccount[] = [
  { name: 'paging-service', role: 'cross-org-paging' },
  { name: 'paging-service-own-keys', role: 'cross-org-paging-own-keys' },
  { name: 'terraform-service', role: 'terraform-made' },
  { name: 'teamless-service', role: 'no-teams' },
  { name: 'reading-service', role: 'reader' },
  { name: 'disabled-service', role: 'cross-org-paging', disabled: true },
  { name: 'Robin Responder', role: 'responder', person: true },
  { name: 'Hana Human', role: 'cross-org-paging', person: true },
];

interface SeededKey {
  readonly name: string;
  readonly owner: string;
  readonly scopes?: readonly string[];
  readonly about: string;
}

/** The application keys of every org: a valid one, and one for each possible fault. */
const applicationKeys: readonly SeededKey[] = [
  { name: 'good', owner: 'paging-service', about: 'Unscoped, of a service account with all required permissions.' },
  {
    name: 'good-own-keys',
    owner: 'paging-service-own-keys',
    about: 'Good, and its role has user_app_keys too, so that its scope can be read.',
  },
  { name: 'no-user-access-read', owner: 'terraform-service', about: 'Its role lacks user_access_read.' },
  { name: 'no-teams-read', owner: 'teamless-service', about: 'Its role lacks teams_read.' },
  { name: 'no-paging', owner: 'reading-service', about: 'Its role lacks on_call_page and on_call_respond.' },
  {
    name: 'scoped',
    owner: 'paging-service',
    scopes: ['on_call_read', 'on_call_page', 'on_call_respond'],
    about: 'Scoped: user_access_read and teams_read fail, although its role holds them. Its scope cannot be read.',
  },
  {
    name: 'scoped-own-keys',
    owner: 'paging-service-own-keys',
    scopes: [...required, 'user_app_keys'],
    about: 'Scoped to all it needs; its scope can be read.',
  },
  { name: 'human', owner: 'Hana Human', about: 'Of a person, not of a service account.' },
  { name: 'disabled', owner: 'disabled-service', about: 'Of a disabled service account, so no longer valid.' },
];

/** The on-call responder of every team. */
export const responderName = 'Robin Responder';

/** Creates an org from its configuration, with roles, accounts and keys for every valid and invalid case. */
export function seedOrg(config: OrgConfig, dependencies: Dependencies): Org {
  const org = new Org(config.org, dependencies);
  Object.assign(org.settings, config.settings);
  org.rateLimits.change(config.rateLimits ?? {});
  const now = dependencies.now();
  for (const { name, permissions } of roles) org.roles.add(seededId(org.name, 'role', name), name, permissions, now);
  for (const account of accounts) addAccount(org, account);
  const apiKey = config.apiKey ?? dependencies.secret(32);
  org.apiKeys.add({ id: seededId(org.name, 'api key', 'default'), name: 'default', key: apiKey, createdAt: now });
  for (const key of applicationKeys)
    addApplicationKey(org, key, key.name === 'good' ? config.applicationKey : undefined);
  for (const team of config.teams) addTeam(org, team);
  addMany(org, config);
  return org;
}

function addMany(org: Org, { teamCount = 0, serviceAccountCount = 0, applicationKeyCount = 0 }: OrgConfig): void {
  for (const handle of numbered('team', teamCount)) addTeam(org, { handle });
  const owners = numbered('service', serviceAccountCount);
  for (const name of owners) addAccount(org, { name, role: 'cross-org-paging' });
  const about = 'One of many, as valid as the first.';
  for (const [index, name] of numbered('key', applicationKeyCount).entries())
    addApplicationKey(org, { name, owner: owners[index % owners.length] ?? 'paging-service', about });
}

const numbered = (what: string, count: number): string[] =>
  Array.from({ length: count }, (_, index) => `${what}-${String(index + 1).padStart(4, '0')}`);

function addApplicationKey(org: Org, itsKey: SeededKey, given?: string): void {
  const { name, owner, scopes = null, about } = itsKey;
  const { secret, now } = org.dependencies;
  const id = seededId(org.name, 'application key', name);
  const ownerId = org.users.find(seededId(org.name, 'user', owner))?.id ?? '';
  const key = given ?? `ddapp_${secret(34)}`;
  org.applicationKeys.add({ id, name, key, ownerId, scopes, about, createdAt: now() });
}

function addAccount(org: Org, account: SeededAccount): void {
  const { name, role, person = false, disabled = false } = account;
  const id = seededId(org.name, 'user', name);
  const roleIds = [org.roles.find(role)?.id ?? ''];
  const email = `${name.toLowerCase().replaceAll(' ', '.')}@${org.name}.example`;
  const user = org.users.add({
    id,
    name,
    handle: person ? email : id,
    email,
    serviceAccount: !person,
    roleIds,
    createdAt: org.dependencies.now(),
  });
  user.disabled = disabled;
}

/** Returns the name of a team: Core Infra for `core-infra`. */
export const nameOf = (handle: string): string =>
  handle.replace(/[a-z0-9]+/g, (word) => word.charAt(0).toUpperCase() + word.slice(1)).replace(/[-_./:]+/g, ' ');

/** Adds a team; its id derives from the handle. */
export function addTeam(org: Org, team: TeamConfig): void {
  const { handle, name = nameOf(handle), id = seededId(org.name, 'team', handle), onCall = true } = team;
  const responder = org.users.find(seededId(org.name, 'user', responderName));
  org.teams.add({
    id,
    name,
    handle,
    description: null,
    onCall: onCall ? 'on-call' : 'never',
    memberIds: responder ? [responder.id] : [],
    createdAt: org.dependencies.now(),
  });
}
