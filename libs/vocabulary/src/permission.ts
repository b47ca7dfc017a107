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
