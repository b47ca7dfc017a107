import { decide, type Permission } from '@pagebridge/access';
import type { IdentifiedRequest } from './identity-of.decorator.ts';
import { missingPermission } from './problems.ts';

/** For what a request needs beyond its route: throws the 403 that names the permission, unless its identity holds it. */
export function requireHeld({ identity, sourceOrg }: IdentifiedRequest, permission: Permission): void {
  const need = { permissions: [permission], ...(sourceOrg === undefined ? {} : { sourceOrg }) };
  if (!identity || decide(identity, need).kind !== 'allowed') throw missingPermission(permission);
}
