/**
 * The permissions that a destination's service account needs, each with its purpose.
 *
 * Datadog's list for Cross-Org Paging omits `teams_read`, but listing teams needs it. Roles created in the UI have the two
 * `restricted` permissions by default; roles created by Terraform lack them unless they are listed.
 */
export const requiredPermissions = [
  { name: 'on_call_read', purpose: 'reading which teams are on call', restricted: false },
  { name: 'on_call_page', purpose: 'creating pages', restricted: false },
  { name: 'on_call_respond', purpose: 'resolving pages on recovery', restricted: false },
  { name: 'user_access_read', purpose: 'reading the service account and its roles', restricted: true },
  { name: 'teams_read', purpose: 'listing teams and their handles', restricted: true },
] as const;
export type PermissionName = (typeof requiredPermissions)[number]['name'];

/** Returns how to give a service account a permission that it lacks. */
export const cureOfPermission = (name: string): string =>
  requiredPermissions.some((permission) => permission.name === name && permission.restricted)
    ? `Add an additional role that holds ${name} to the service account; roles made by Terraform with default_permissions_opt_out lack it.`
    : `Add ${name} to the service account's role in the destination org.`;

/** Returns what to do about a credential that does not work. */
export function cureOfCredential(its: {
  readonly missingPermission?: string | undefined;
  readonly unopenable?: boolean | undefined;
}): string {
  if (its.missingPermission) return cureOfPermission(its.missingPermission);
  return its.unopenable
    ? 'Add the private key to CREDENTIALS_PRIVATE_KEYS of page-delivery and handle-sync, or replace the keys of the connection.'
    : 'Replace the keys of the connection.';
}
