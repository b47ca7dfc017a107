import type { Service } from '../services.ts';

/** The routes that the console may call, as `npm run generate:reference` writes them from docs/openapi. */
export const documentedRoutes: readonly (readonly [method: string, template: string, service: Service])[] = [
  ['GET', '/v1/data-centers', 'connection-management'],
  ['POST', '/v1/source-orgs/{org}/connections', 'connection-management'],
  ['GET', '/v1/source-orgs/{org}/connections', 'connection-management'],
  ['GET', '/v1/source-orgs/{org}/connections/{id}', 'connection-management'],
  ['PATCH', '/v1/source-orgs/{org}/connections/{id}', 'connection-management'],
  ['DELETE', '/v1/source-orgs/{org}/connections/{id}', 'connection-management'],
  ['PUT', '/v1/source-orgs/{org}/connections/{id}/credentials', 'connection-management'],
  ['POST', '/v1/source-orgs/{org}/connections/{id}/check', 'connection-management'],
  ['POST', '/v1/source-orgs/{org}/connections/{id}/sync', 'connection-management'],
  ['GET', '/v1/source-orgs', 'connection-management'],
  ['GET', '/v1/source-orgs/{org}', 'connection-management'],
  ['PUT', '/v1/source-orgs/{org}', 'connection-management'],
  ['GET', '/v1/source-orgs/{org}/audit', 'connection-management'],
  ['POST', '/v1/source-orgs/{org}/tokens', 'connection-management'],
  ['GET', '/v1/source-orgs/{org}/tokens', 'connection-management'],
  ['GET', '/v1/source-orgs/{org}/tokens/{id}', 'connection-management'],
  ['DELETE', '/v1/source-orgs/{org}/tokens/{id}', 'connection-management'],
  ['GET', '/v1/me', 'connection-management'],
  ['GET', '/v1/source-orgs/{org}/handles/changes', 'handle-sync'],
  ['GET', '/v1/source-orgs/{org}/handles', 'handle-sync'],
  ['GET', '/v1/me', 'handle-sync'],
  ['POST', '/v1/explain', 'page-routing'],
  ['GET', '/v1/source-orgs/{org}/conflicts', 'page-routing'],
  ['GET', '/v1/me', 'page-routing'],
];
