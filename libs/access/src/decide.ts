import type { Identity } from './identity.ts';
import type { Permission } from './permissions.ts';

/** What a request needs: all of these permissions, in this source org, or in any one where none is named. */
export interface Need {
  readonly permissions: readonly Permission[];
  readonly sourceOrg?: string;
}

/** A foreign org is not to be told from one that does not exist. */
export type Decision = { readonly kind: 'allowed' | 'foreign-org' } | MissingPermission;
interface MissingPermission {
  readonly kind: 'missing-permission';
  readonly permission: Permission;
}

/** Whether this identity may do what it asks for. */
export function decide({ grants }: Identity, { permissions, sourceOrg }: Need): Decision {
  const here = grants.filter((grant) => sourceOrg === undefined || covers(grant.sourceOrg, sourceOrg));
  if (here.length === 0 && sourceOrg !== undefined) return { kind: 'foreign-org' };
  const missing = permissions.find((permission) => !here.some((grant) => grant.permissions.has(permission)));
  return missing === undefined ? { kind: 'allowed' } : { kind: 'missing-permission', permission: missing };
}

/** The source orgs in which this permission is held; `all` where every one is meant. */
export function orgsWith({ grants }: Identity, permission: Permission): ReadonlySet<string> | 'all' {
  const its = grants.filter((grant) => grant.permissions.has(permission)).map(({ sourceOrg }) => sourceOrg);
  return its.includes('*') ? 'all' : new Set(its);
}

const covers = (granted: string, asked: string): boolean => granted === '*' || granted === asked;
