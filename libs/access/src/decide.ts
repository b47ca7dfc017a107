import type { Identity } from './identity.ts';
import type { Permission } from './permissions.ts';

/** What a request needs: all of these permissions in this source org, or each in any source org if none is given. */
export interface Need {
  readonly permissions: readonly Permission[];
  readonly sourceOrg?: string;
}

/** `foreign-org` also covers an org that does not exist, so that callers cannot tell them apart. */
export type Decision = { readonly kind: 'allowed' | 'foreign-org' } | MissingPermission;
interface MissingPermission {
  readonly kind: 'missing-permission';
  readonly permission: Permission;
}

/** Decides whether an identity has the permissions that a request needs. */
export function decide({ grants }: Identity, { permissions, sourceOrg }: Need): Decision {
  const here = grants.filter((grant) => sourceOrg === undefined || covers(grant.sourceOrg, sourceOrg));
  if (here.length === 0 && sourceOrg !== undefined) return { kind: 'foreign-org' };
  const missing = permissions.find((permission) => !here.some((grant) => grant.permissions.has(permission)));
  return missing === undefined ? { kind: 'allowed' } : { kind: 'missing-permission', permission: missing };
}

/** Returns the source orgs in which an identity holds a permission; `all` for a grant on every source org. */
export function orgsWith({ grants }: Identity, permission: Permission): ReadonlySet<string> | 'all' {
  const orgs = grants.filter((grant) => grant.permissions.has(permission)).map(({ sourceOrg }) => sourceOrg);
  return orgs.includes('*') ? 'all' : new Set(orgs);
}

const covers = (granted: string, requested: string): boolean => granted === '*' || granted === requested;
