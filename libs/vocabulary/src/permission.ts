/**
 * What a destination's service account must be allowed to do, and what fails without it.
 *
 * `teams_read` is missing from the original's list, but listing teams needs it. The two `restricted` ones come with
 * roles made in the UI and are missing from roles made by Terraform unless listed.
 */
export const requiredPermissions = [
  { name: 'on_call_read', purpose: 'reading which teams are on call', restricted: false },
  { name: 'on_call_page', purpose: 'creating pages', restricted: false },
  { name: 'on_call_respond', purpose: 'resolving pages on recovery', restricted: false },
  { name: 'user_access_read', purpose: 'reading the service account and its roles', restricted: true },
  { name: 'teams_read', purpose: 'listing teams and their handles', restricted: true },
] as const;
export type PermissionName = (typeof requiredPermissions)[number]['name'];
