import { permissionsOf } from '../../domain/access/access.ts';
import { permissions } from '../../domain/access/permissions.ts';
import type { User } from '../../domain/access/users.ts';
import type { Org } from '../../domain/org.ts';
import { type Answer, ok, textErrors } from '../answer.ts';
import { get, guarded, type KnownCall, type Route } from '../route.ts';
import { listPage, sliceOf } from './paging-query.ts';
import { orgResource, permissionResource, permissionsNamed, roleResource, rolesOf, userResource } from './resources.ts';

/** The routes of users, roles and permissions. Only `current_user` works without `user_access_read`. */
export const userRoutes: readonly Route[] = [
  get(
    '/api/v2/current_user',
    guarded(null, ({ org, caller }) => ok(withIncluded(org, caller.user))),
  ),
  get('/api/v2/users', guarded('user_access_read', listUsers)),
  get('/api/v2/users/:id', guarded('user_access_read', oneUser)),
  get('/api/v2/users/:id/permissions', guarded('user_access_read', userPermissions)),
  get(
    '/api/v2/permissions',
    guarded('user_access_read', () => ok({ data: permissions.map(permissionResource) })),
  ),
  get(
    '/api/v2/roles',
    guarded('user_access_read', ({ org }) => ok({ data: org.roles.all().map(roleResource) })),
  ),
  get('/api/v2/roles/:id/permissions', guarded('user_access_read', rolePermissions)),
];

// Returns the permissions of the roles. It is not known whether the real API reduces them to the key's scopes.
const withIncluded = (org: Org, user: User) => ({
  data: userResource(org, user),
  included: [
    ...rolesOf(org, user).map(roleResource),
    ...permissionsNamed(permissionsOf(org, user)).map(permissionResource),
    orgResource(org),
  ],
});

function listUsers({ org, query }: KnownCall): Answer {
  const page = listPage(query, 1000);
  if ('status' in page) return page;
  const filter = query.get('filter')?.toLowerCase() ?? '';
  const all = org.users.all();
  const found = all.filter(({ name, email }) => `${name}\n${email}`.toLowerCase().includes(filter));
  const data = sliceOf(found, page).map((user) => userResource(org, user));
  return ok({ data, meta: { page: { total_count: all.length, total_filtered_count: found.length } } });
}

function oneUser({ org, params }: KnownCall): Answer {
  const user = org.users.find(params.id ?? '');
  return user ? ok(withIncluded(org, user)) : textErrors(404, 'User not found');
}

function userPermissions({ org, params }: KnownCall): Answer {
  const user = org.users.find(params.id ?? '');
  if (!user) return textErrors(404, 'User not found');
  return ok({ data: permissionsNamed(permissionsOf(org, user)).map(permissionResource) });
}

function rolePermissions({ org, params }: KnownCall): Answer {
  const role = org.roles.find(params.id ?? '');
  return role
    ? ok({ data: permissionsNamed(role.permissions).map(permissionResource) })
    : textErrors(404, 'Role not found');
}
