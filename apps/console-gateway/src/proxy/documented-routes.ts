import type { Service } from '../services.ts';

/** The routes that the console may call, as `npm run generate:reference` writes them from docs/openapi. */
export const documentedRoutes: readonly (readonly [template: string, service: Service, methods: string[]])[] = [
  ['/v1/data-centers', 'connection-management', ['GET']],
  ['/v1/source-orgs/{org}/connections', 'connection-management', ['POST', 'GET']],
  ['/v1/source-orgs/{org}/connections/{id}', 'connection-management', ['GET', 'PATCH', 'DELETE']],
  ['/v1/source-orgs/{org}/connections/{id}/credentials', 'connection-management', ['PUT']],
  ['/v1/source-orgs/{org}/connections/{id}/check', 'connection-management', ['POST']],
  ['/v1/source-orgs/{org}/connections/{id}/sync', 'connection-management', ['POST']],
  ['/v1/source-orgs', 'connection-management', ['GET']],
  ['/v1/source-orgs/{org}', 'connection-management', ['GET', 'PUT']],
  ['/v1/source-orgs/{org}/audit', 'connection-management', ['GET']],
  ['/v1/source-orgs/{org}/tokens', 'connection-management', ['POST', 'GET']],
  ['/v1/source-orgs/{org}/tokens/{id}', 'connection-management', ['GET', 'DELETE']],
  ['/v1/source-orgs/{org}/integrations', 'connection-management', ['POST', 'GET']],
  ['/v1/source-orgs/{org}/integrations/{name}', 'connection-management', ['GET', 'PATCH', 'DELETE']],
  ['/v1/me', 'connection-management', ['GET']],
  ['/v1/source-orgs/{org}/handles/changes', 'handle-sync', ['GET']],
  ['/v1/source-orgs/{org}/handles', 'handle-sync', ['GET']],
  ['/v1/me', 'handle-sync', ['GET']],
  ['/v1/explain', 'page-routing', ['POST']],
  ['/v1/source-orgs/{org}/conflicts', 'page-routing', ['GET']],
  ['/v1/me', 'page-routing', ['GET']],
];
