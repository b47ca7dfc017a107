import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { routesAt } from './proxied-routes.ts';

const root = join(import.meta.dirname, '../../../..');
const documents = globSync('docs/openapi/*.json', { cwd: root });
const documented = documents.flatMap((file) => {
  const { paths } = JSON.parse(readFileSync(join(root, file), 'utf8')) as { paths: Record<string, object> };
  return Object.entries(paths).flatMap(([path, operations]) =>
    Object.keys(operations).map((method) => [method.toUpperCase(), path, basename(file, '.json')] as const),
  );
});
// Alerting systems send to alert-intake, with tokens of their own.
const isForPrograms = (path: string) => /\/sealed$|^\/v1\/intake\/|^\/v2\//.test(path);
const ids: Readonly<Record<string, string>> = { org: 'acme-us', id: '8f7e4ab8-0b51-4c80-a2bd-6c1f4d1f4b0e' };
const filled = (path: string) => path.replaceAll(/\{(\w+)\}/g, (_, name: string) => ids[name] ?? 'x');

describe('of the documented routes', () => {
  it.each(documented.filter(([, path]) => !isForPrograms(path)))(
    '%s %s of %s is passed on',
    (method, path, service) => {
      expect(routesAt(filled(path))?.get(method)?.services).toContain(service);
    },
  );

  it.each(documented.filter(([, path]) => isForPrograms(path)))('%s %s of %s is not', (method, path) => {
    expect(routesAt(filled(path))?.get(method)).toBeUndefined();
  });

  it('exactly one may have a body of 1 MiB', () => {
    const routes = documented.map(([method, path]) => [method, path, routesAt(filled(path))?.get(method)?.maxBytes]);
    expect(routes.filter(([, , maxBytes]) => maxBytes === 1024 * 1024)).toEqual([
      ['PUT', '/v1/source-orgs/{org}', 1024 * 1024],
    ]);
  });
});

describe('what the caller may do', () => {
  it('is asked of the service that needs least, and then of the others', () => {
    expect(routesAt('/v1/me')?.get('GET')?.services).toEqual([
      ...['page-routing', 'handle-sync', 'connection-management', 'page-history', 'alert-intake'],
    ]);
  });
});

describe('a path', () => {
  it.each([
    '/v1',
    '/v1/',
    '/v1/unknown',
    '/v1/source-orgs/',
    '/v1/source-orgs/acme-us/',
    '/v1//source-orgs/acme-us',
    '/V1/source-orgs/acme-us',
    '/v1/source-orgs/../openapi.json',
    '/v1/source-orgs/..',
    '/v1/source-orgs/%2e%2e',
    '/v1/source-orgs/acme-us%2Ftokens',
    '/v1/source-orgs/acme-us;x/tokens',
    '/v1/source-orgs/acme-us/connections/1/Credentials',
    '/v1/source-orgs/acme-us/connections/1/credentials/sealed',
    '/v1/source-orgs/acme-us/connections/1/credentials%2Fsealed',
    '/v1/intake/alerts',
    '/v2/enqueue',
    '/openapi.json',
    '/health/ready',
    '/metrics',
  ])('%s is not passed on', (path) => {
    expect(routesAt(path)).toBeUndefined();
  });
});
