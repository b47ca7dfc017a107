import { decide, type Identity, type Permission } from '@pagebridge/access';
import { missingPermission } from './problems.ts';

/** A request after the access guard; `sourceOrg` `*` stands for all. */
interface Caller {
  readonly identity?: Identity | undefined;
  readonly sourceOrg?: string | undefined;
}

/** Throws a 403 that names the permission unless the caller holds it; for permissions beyond those that the route declares. */
export function requireHeld({ identity, sourceOrg }: Caller, permission: Permission): void {
  const need = { permissions: [permission], ...(sourceOrg === undefined ? {} : { sourceOrg }) };
  if (!identity || decide(identity, need).kind !== 'allowed') throw missingPermission(permission);
}
