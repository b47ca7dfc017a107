import { decide, type Permission } from '@pagebridge/access';
import type { IdentifiedRequest } from './identity-of.decorator.ts';
import { missingPermission } from './problems.ts';

/** Throws a 403 that names the permission unless the caller holds it; for permissions beyond those that the route declares. */
export function requireHeld({ identity, sourceOrg }: IdentifiedRequest, permission: Permission): void {
  const need = { permissions: [permission], ...(sourceOrg === undefined ? {} : { sourceOrg }) };
  if (!identity || decide(identity, need).kind !== 'allowed') throw missingPermission(permission);
}
