import { Router } from 'express';
import type { Org } from '../../domain/org.ts';
import { Fields } from '../../fields.ts';
import {
  addApiKey,
  addApplicationKey,
  addRole,
  addUser,
  apiKeyView,
  applicationKeyView,
  changeUser,
  credentialsView,
  permissionIn,
  revoke,
  roleIn,
  roleView,
  userIn,
  userView,
} from './access-control.ts';

/** The routes of roles, users and keys; `:id` is an id or a name. */
export function accessControlRoutes(org: Org): Router {
  const router = Router();
  roleRoutes(router, org);
  userRoutes(router, org);
  keyRoutes(router, org);
  return router;
}

function roleRoutes(router: Router, org: Org): void {
  router.get('/roles', (_request, response) => response.json(org.roles.all().map(roleView)));
  router.post('/roles', ({ body }, response) => response.status(201).json(roleView(addRole(org, body))));
  router.put('/roles/:id/permissions/:permission', ({ params }, response) => {
    const role = roleIn(org, params.id);
    role.permissions.add(permissionIn(params.permission));
    response.json(roleView(role));
  });
  router.delete('/roles/:id/permissions/:permission', ({ params }, response) => {
    const role = roleIn(org, params.id);
    role.permissions.delete(permissionIn(params.permission));
    response.json(roleView(role));
  });
  router.put('/roles/:id/permissions', ({ params, body }, response) => {
    const role = roleIn(org, params.id);
    const names = (new Fields({ permissions: body }, ['permissions']).optionalTexts('permissions') ?? []).map(
      permissionIn,
    );
    role.permissions.clear();
    for (const name of names) role.permissions.add(name);
    response.json(roleView(role));
  });
}

function userRoutes(router: Router, org: Org): void {
  router.get('/users', (_request, response) => response.json(org.users.all().map((user) => userView(org, user))));
  router.post('/users', ({ body }, response) => response.status(201).json(userView(org, addUser(org, body))));
  router.patch('/users/:id', ({ params, body }, response) =>
    response.json(userView(org, changeUser(org, userIn(org, params.id), body))),
  );
}

function keyRoutes(router: Router, org: Org): void {
  router.get('/api-keys', (_request, response) => response.json(org.apiKeys.all().map(apiKeyView)));
  router.post('/api-keys', ({ body }, response) => response.status(201).json(apiKeyView(addApiKey(org, body))));
  router.delete('/api-keys/:id', ({ params }, response) => {
    revoke(org, org.apiKeys, 'API key', params.id);
    response.status(204).end();
  });
  router.get('/application-keys', (_request, response) =>
    response.json(org.applicationKeys.all().map((key) => applicationKeyView(org, key))),
  );
  router.post('/application-keys', ({ body }, response) =>
    response.status(201).json(applicationKeyView(org, addApplicationKey(org, body))),
  );
  router.delete('/application-keys/:id', ({ params }, response) => {
    revoke(org, org.applicationKeys, 'application key', params.id);
    response.status(204).end();
  });
  router.get('/credentials', (_request, response) => response.json(credentialsView(org)));
}
