import type { Permission } from '../../domain/access/permissions.ts';
import { permissionNamed } from '../../domain/access/permissions.ts';
import type { Role } from '../../domain/access/roles.ts';
import type { User } from '../../domain/access/users.ts';
import type { Org } from '../../domain/org.ts';

export const permissionResource = (permission: Permission) => ({
  type: 'permissions',
  id: permission.id,
  attributes: {
    name: permission.name,
    display_name: permission.displayName,
    description: permission.description,
    created: '2018-10-19T15:35:23.734317+00:00',
    group_name: permission.groupName,
    display_type: permission.displayType,
    restricted: permission.restricted,
  },
});

export const permissionsNamed = (names: Iterable<string>): Permission[] =>
  [...names].map(permissionNamed).filter((permission) => permission !== undefined);

export const roleResource = (role: Role) => ({
  type: 'roles',
  id: role.id,
  attributes: { name: role.name, managed: false, created_at: role.createdAt, modified_at: role.createdAt },
  relationships: {
    permissions: { data: permissionsNamed(role.permissions).map(({ id }) => ({ type: 'permissions', id })) },
  },
});

export const orgResource = (org: Org) => ({
  type: 'orgs',
  id: org.id,
  attributes: {
    public_id: org.id.slice(0, 8),
    name: org.name,
    description: null,
    sharing: 'all_private',
    url: null,
    disabled: false,
    created_at: '2024-01-01T00:00:00.000000+00:00',
    modified_at: '2024-01-01T00:00:00.000000+00:00',
  },
});

export const userResource = (org: Org, user: User) => ({
  type: 'users',
  id: user.id,
  attributes: {
    uuid: user.id,
    name: user.name,
    handle: user.handle,
    email: user.email,
    title: null,
    verified: true,
    service_account: user.serviceAccount,
    disabled: user.disabled,
    allowed_login_methods: [],
    status: user.disabled ? 'Disabled' : 'Active',
    last_login_time: null,
    created_at: user.createdAt,
    modified_at: user.modifiedAt,
    icon: 'https://secure.gravatar.com/avatar/0?s=48&d=retro',
  },
  relationships: {
    roles: { data: rolesOf(org, user).map(({ id }) => ({ type: 'roles', id })) },
    org: { data: { type: 'orgs', id: org.id } },
    team_roles: { data: [] },
  },
});

export const rolesOf = (org: Org, user: User): Role[] =>
  user.roleIds.map((id) => org.roles.find(id)).filter((role) => role !== undefined);
