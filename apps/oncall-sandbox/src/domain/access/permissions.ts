import { seededId } from '../seeded-id.ts';

/** A permission as the real API describes it. A role made by Terraform has `restricted` permissions only if it lists them. */
export interface Permission {
  readonly id: string;
  readonly name: string;
  readonly displayName: string;
  readonly description: string;
  readonly groupName: string;
  readonly displayType: 'read' | 'write';
  readonly restricted: boolean;
}

const permission = (
  name: string,
  displayName: string,
  groupName: string,
  displayType: 'read' | 'write',
  description: string,
  restricted = false,
): Permission => ({
  id: seededId('permission', name),
  name,
  displayName,
  groupName,
  displayType,
  description,
  restricted,
});

/** Every permission that the sandbox knows. */
export const permissions: readonly Permission[] = [
  permission('on_call_read', 'On-Call Read', 'On-Call', 'read', 'View On-Call teams, schedules and policies.'),
  permission('on_call_page', 'On-Call Page', 'On-Call', 'write', 'Page On-Call teams and users.'),
  permission('on_call_respond', 'On-Call Responder', 'On-Call', 'write', 'Acknowledge and resolve pages.'),
  permission('on_call_write', 'On-Call Write', 'On-Call', 'write', 'Create, update and delete On-Call teams.'),
  permission('on_call_admin', 'On-Call Admin', 'On-Call', 'write', 'Change sensitive On-Call settings.'),
  permission('user_access_read', 'User Access Read', 'Access Management', 'read', 'View users and their roles.', true),
  permission('teams_read', 'Teams Read', 'Teams', 'read', 'View team names, metadata and members.', true),
  permission('user_app_keys', 'User App Keys', 'API and Application Keys', 'write', 'Manage own application keys.'),
  permission(
    'org_app_keys_read',
    'Org App Keys Read',
    'API and Application Keys',
    'read',
    'View all application keys.',
  ),
  permission('service_account_write', 'Service Account Write', 'Access Management', 'write', 'Use service accounts.'),
];

export const permissionNamed = (name: string): Permission | undefined => permissions.find((p) => p.name === name);
