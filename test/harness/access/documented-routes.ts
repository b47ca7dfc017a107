import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { root, type StackInfo } from '@pagebridge/local-stack';

/** A route of an OpenAPI document. */
export interface DocumentedRoute {
  /** `get /v1/source-orgs/{org}` */
  readonly name: string;
  readonly service: keyof StackInfo['services'];
  readonly method: string;
  readonly path: string;
  readonly permissions: readonly string[];
  readonly statuses: readonly string[];
  /** Returns the codes of the problems with a status. */
  readonly codesOf: (status: number) => readonly string[];
}

interface Operation {
  readonly 'x-permissions'?: readonly string[];
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: Schema }>> }>
  >;
}

interface Schema {
  readonly allOf?: readonly { readonly properties?: { readonly code: { readonly enum: readonly string[] } } }[];
}

interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

const services: Readonly<Record<string, DocumentedRoute['service']>> = {
  'connection-management': 'connectionManagement',
  'handle-sync': 'handleSync',
  'page-routing': 'pageRouting',
  'page-history': 'pageHistory',
  'alert-intake': 'alertIntake',
};

/** The callers of these routes have no roles, only tokens of integrations: alert-intake.int.spec.ts shows what these may do. */
const ofIntegrations = 'alerts:write';

/** Returns every route of every document whose callers have roles; throws for a document of an unknown service. */
export const documentedRoutes = (): DocumentedRoute[] =>
  globSync(join(root, 'docs/openapi/*.json')).flatMap((file) => {
    const service = services[basename(file, '.json')];
    if (!service) throw new Error(`${file} is the document of an unknown service: add it to services`);
    const { paths } = JSON.parse(readFileSync(file, 'utf8')) as OpenApi;
    const routes: DocumentedRoute[] = Object.entries(paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { 'x-permissions': permissions = [], responses }]) => ({
        name: `${method} ${path}`,
        service,
        method: method.toUpperCase(),
        path,
        permissions,
        statuses: Object.keys(responses),
        codesOf: (status) =>
          (responses[status]?.content?.['application/problem+json']?.schema.allOf ?? []).flatMap(
            ({ properties }) => properties?.code.enum ?? [],
          ),
      })),
    );
    return routes.filter(({ permissions }) => !permissions.includes(ofIntegrations));
  });
