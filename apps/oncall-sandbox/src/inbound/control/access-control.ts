import { type ApiKey, type ApplicationKey, type Keys, last4 } from '../../domain/access/keys.ts';
import { permissionNamed, permissions } from '../../domain/access/permissions.ts';
import type { Role } from '../../domain/access/roles.ts';
import type { User } from '../../domain/access/users.ts';
import type { Org } from '../../domain/org.ts';
import { Fields, invalid } from '../../fields.ts';
import { unknown } from './control-refusal.ts';
import { teamIn } from './team-control.ts';

/** Returns a role by id or name; throws a ControlRefusal if it is unknown. */
export function roleIn(org: Org, idOrName: string): Role {
  const role = org.roles.find(idOrName);
  if (!role) throw unknown('role', idOrName);
  return role;
}

export function userIn(org: Org, idOrName: string): User {
  const user = org.users.find(idOrName);
  if (!user) throw unknown('user', idOrName);
  return user;
}

export function permissionIn(name: string): string {
  if (!permissionNamed(name))
    throw invalid(`There is no permission ${name}; there are ${permissions.map((p) => p.name).join(', ')}.`);
  return name;
}

export function addRole(org: Org, body: unknown): Role {
  const fields = new Fields(body, ['name', 'permissions']);
  const named = (fields.optionalTexts('permissions') ?? []).map(permissionIn);
  return org.roles.add(org.dependencies.uuid(), fields.text('name'), named, org.dependencies.now());
}

/** Adds a service account, or a person where `serviceAccount` is false. */
export function addUser(org: Org, body: unknown): User {
  const fields = new Fields(body, ['name', 'email', 'serviceAccount', 'roles']);
  const id = org.dependencies.uuid();
  const name = fields.text('name');
  const email = fields.optionalText('email') ?? `${id}@${org.name}.example`;
  const serviceAccount = fields.optionalFlag('serviceAccount') ?? true;
  const roleIds = (fields.optionalTexts('roles') ?? []).map((role) => roleIn(org, role).id);
  const handle = serviceAccount ? id : email;
  return org.users.add({ id, name, handle, email, serviceAccount, roleIds, createdAt: org.dependencies.now() });
}

export function changeUser(org: Org, user: User, body: unknown): User {
  const fields = new Fields(body, ['disabled', 'roles', 'name', 'hiddenTeams']);
  user.disabled = fields.optionalFlag('disabled') ?? user.disabled;
  user.name = fields.optionalText('name') ?? user.name;
  user.roleIds = fields.optionalTexts('roles')?.map((role) => roleIn(org, role).id) ?? user.roleIds;
  const hidden = fields.optionalTexts('hiddenTeams')?.map((team) => teamIn(org, team).id);
  if (hidden) user.hiddenTeamIds = new Set(hidden);
  user.modifiedAt = org.dependencies.now();
  return user;
}

export function addApiKey(org: Org, body: unknown): ApiKey {
  const fields = new Fields(body, ['name', 'key']);
  const { uuid, secret, now } = org.dependencies;
  const key = fields.optionalText('key') ?? secret(32);
  return org.apiKeys.add({ id: uuid(), name: fields.text('name'), key, createdAt: now() });
}

/** Adds an application key for an existing `owner`, or for a new service account of its own that has `roles`. */
export function addApplicationKey(org: Org, body: unknown): ApplicationKey {
  const fields = new Fields(body, ['name', 'owner', 'roles', 'scopes', 'key', 'about']);
  const { uuid, secret, now } = org.dependencies;
  const name = fields.text('name');
  const owner = fields.optionalText('owner');
  const roles = fields.optionalTexts('roles') ?? ['cross-org-paging'];
  const ownerId = owner === undefined ? addUser(org, { name: `${name}-service`, roles }).id : userIn(org, owner).id;
  return org.applicationKeys.add({
    id: uuid(),
    name,
    key: fields.optionalText('key') ?? `ddapp_${secret(34)}`,
    ownerId,
    scopes: fields.raw('scopes') === null ? null : (fields.optionalTexts('scopes')?.map(permissionIn) ?? null),
    about: fields.optionalText('about') ?? '',
    createdAt: now(),
  });
}

export const roleView = (role: Role) => ({ id: role.id, name: role.name, permissions: [...role.permissions] });

export const userView = (org: Org, { roleIds, hiddenTeamIds, createdAt, modifiedAt, ...user }: User) => ({
  ...user,
  roles: roleIds.map((roleId) => org.roles.find(roleId)?.name ?? roleId),
  hiddenTeams: [...hiddenTeamIds].map((id) => org.teams.withId(id)?.handle ?? id),
});

/** A key in clear: this org's keys open nothing but this sandbox. */
export const apiKeyView = ({ id, name, key, createdAt }: ApiKey) => ({ id, name, key, createdAt });

export const applicationKeyView = (org: Org, key: ApplicationKey) => {
  const owner = org.users.find(key.ownerId);
  const { ownerId, scopes, about } = key;
  return { ...apiKeyView(key), last4: last4(key), scopes, owner: owner?.name ?? null, ownerId, about };
};

/** Every key of the org by name, and the pair to begin with. */
export function credentialsView(org: Org) {
  const keys = org.applicationKeys.all();
  return {
    apiKey: org.apiKeys.all()[0]?.key ?? null,
    applicationKey: keys.find(({ name }) => name === 'good')?.key ?? null,
    apiKeys: org.apiKeys.all().map(apiKeyView),
    applicationKeys: Object.fromEntries(keys.map((key) => [key.name, applicationKeyView(org, key)])),
  };
}

/** Takes a key away: it is shown no more at once, and works no more after the time that the org takes for it. */
export function revoke<Key extends ApiKey>(org: Org, keys: Keys<Key>, what: string, idOrName: string): void {
  const key = keys.find(idOrName);
  if (!key) throw unknown(what, idOrName);
  const { settings, dependencies } = org;
  keys.revoke(key, new Date(dependencies.now().getTime() + settings.revocationSeconds * 1000));
}
