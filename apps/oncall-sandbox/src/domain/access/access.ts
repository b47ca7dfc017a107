import type { Org } from '../org.ts';
import type { ApiKey, ApplicationKey } from './keys.ts';
import type { User } from './users.ts';

/** The user behind a valid pair of keys. */
export interface Caller {
  readonly apiKey: ApiKey;
  readonly applicationKey: ApplicationKey;
  readonly user: User;
}

export interface Credential {
  readonly apiKey: string | undefined;
  readonly applicationKey: string | undefined;
}

/** Returns the caller, or `missing` if a header is absent, or `invalid` if a key is unknown, revoked or of a disabled user. */
export function identify(org: Org, credential: Credential, now: Date): Caller | 'missing' | 'invalid' {
  if (!credential.apiKey || !credential.applicationKey) return 'missing';
  const apiKey = org.apiKeys.withValue(credential.apiKey, now);
  const applicationKey = org.applicationKeys.withValue(credential.applicationKey, now);
  const user = applicationKey && org.users.find(applicationKey.ownerId);
  if (!apiKey || !applicationKey || !user || user.disabled) return 'invalid';
  return { apiKey, applicationKey, user };
}

/** Returns the permissions of a user's roles. */
export function permissionsOf(org: Org, user: User): Set<string> {
  return new Set(user.roleIds.flatMap((id) => [...(org.roles.find(id)?.permissions ?? [])]));
}

/** Returns whether the roles of the key's owner have the permission, and so do the scopes of the key if it has any. */
export function mayCall(org: Org, { user, applicationKey: { scopes } }: Caller, permission: string): boolean {
  const isAllowed = user.roleIds.some((id) => org.roles.find(id)?.permissions.has(permission));
  return isAllowed && (scopes === null || scopes.includes(permission));
}
