import type { Org } from '../org.ts';
import type { ApiKey, ApplicationKey } from './keys.ts';
import type { User } from './users.ts';

/** Who calls, known by both keys. */
export interface Caller {
  readonly apiKey: ApiKey;
  readonly applicationKey: ApplicationKey;
  readonly user: User;
}

export interface Credential {
  readonly apiKey: string | undefined;
  readonly applicationKey: string | undefined;
}

/** The caller, or why there is none: a header is missing, or a key is unknown, revoked or of a disabled user. */
export function identify(org: Org, credential: Credential, now: Date): Caller | 'missing' | 'invalid' {
  if (!credential.apiKey || !credential.applicationKey) return 'missing';
  const apiKey = org.apiKeys.withValue(credential.apiKey, now);
  const applicationKey = org.applicationKeys.withValue(credential.applicationKey, now);
  const user = applicationKey && org.users.find(applicationKey.ownerId);
  if (!apiKey || !applicationKey || !user || user.disabled) return 'invalid';
  return { apiKey, applicationKey, user };
}

/** What a user's roles allow. */
export function permissionsOf(org: Org, user: User): Set<string> {
  return new Set(user.roleIds.flatMap((id) => [...(org.roles.find(id)?.permissions ?? [])]));
}

/** A key may do what its owner's roles allow and its scopes, where it has any, name. */
export function mayCall(org: Org, { user, applicationKey: { scopes } }: Caller, permission: string): boolean {
  const isAllowed = user.roleIds.some((id) => org.roles.find(id)?.permissions.has(permission));
  return isAllowed && (scopes === null || scopes.includes(permission));
}
