import type { JsonWebKey } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { Role } from '@pagebridge/access';
import { call, type Destination, root, type StackInfo } from '@pagebridge/local-stack';
import { anAlert, TokenMint } from '@pagebridge/testing';

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

const algorithm = { name: 'ECDSA', namedCurve: 'P-256' };

/** Signs tokens with the key of a stack's own OpenID provider, to make both valid and invalid ones. */
export async function stackMint(folder: string, { access }: StackInfo): Promise<TokenMint> {
  const { signingKey } = JSON.parse(readFileSync(join(folder, 'keys', 'access.json'), 'utf8'));
  const { body } = await call<{ keys: [JsonWebKey & { kid: string }] }>('GET', `${access.issuer}/jwks`);
  const [published] = body.keys;
  return new TokenMint(access.issuer, {
    id: published.kid,
    privateKey: await crypto.subtle.importKey('jwk', signingKey, algorithm, true, ['sign']),
    publicKey: await crypto.subtle.importKey('jwk', published, algorithm, true, ['verify']),
  });
}

/** The objects that requests refer to. */
export interface Subject {
  readonly sourceOrg: string;
  readonly connectionId: string;
  readonly tokenId: string;
  /** The name of an integration. */
  readonly integration: string;
  /** The destination of the connection, and that of a second one. */
  readonly destination: Destination;
  readonly another: Destination;
}

/** The role that a route requires, and a request that succeeds. */
interface RouteCase {
  /** The lowest sufficient role. */
  readonly role: Role;
  readonly status: number;
  /** The code of a problem that shows that the request was admitted. */
  readonly code?: string;
  readonly body?: (subject: Subject) => object;
  readonly query?: string;
  /** The route names no source org, so that the role in any org is sufficient. */
  readonly anywhere?: true;
  /** The route names no source org, and the role must be on all. */
  readonly everywhere?: true;
  /** The route requires no permission: any valid token is sufficient. */
  readonly signedIn?: true;
}

const keysOf = ({ apiKey, applicationKey }: Destination) => ({ apiKey, applicationKey });
const ofOrg = '/v1/source-orgs/{org}';
const connections = `${ofOrg}/connections`;
const integrations = `${ofOrg}/integrations`;

/** Asks for a letter that is not there: whoever may ask is told so. */
const noLetter: RouteCase = {
  role: 'operator',
  status: 404,
  code: 'dead-letter-unknown',
  body: () => ({ letters: [{ topic: 'paging.alerts.v1.dead', partition: 0, offset: Number.MAX_SAFE_INTEGER }] }),
};

/** All routes, in an order in which each request succeeds: deletions come last. */
export const routeMatrix: Readonly<Record<string, RouteCase>> = {
  'get /v1/me': { role: 'viewer', status: 200, anywhere: true, signedIn: true },
  'get /v1/data-centers': { role: 'viewer', status: 200, anywhere: true },
  'get /v1/source-orgs': { role: 'viewer', status: 200, anywhere: true },
  [`get ${ofOrg}`]: { role: 'viewer', status: 200 },
  [`put ${ofOrg}`]: { role: 'editor', status: 200, body: () => ({ localHandles: ['ours'] }) },
  [`get ${ofOrg}/audit`]: { role: 'admin', status: 200 },
  [`get ${ofOrg}/handles`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/handles/changes`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/conflicts`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/alerts`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/pages`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/page-counts`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/dead-letters`]: { role: 'viewer', status: 200 },
  'get /v1/dead-letters': { role: 'operator', status: 200, everywhere: true },
  [`post ${ofOrg}/dead-letters/preview`]: noLetter,
  [`post ${ofOrg}/dead-letters/replay`]: noLetter,
  [`get ${ofOrg}/trace`]: { role: 'viewer', status: 200, query: 'alertKey=none' },
  [`get ${ofOrg}/events`]: { role: 'viewer', status: 200 },
  'post /v1/explain': { role: 'viewer', status: 200, body: ({ sourceOrg }) => anAlert({ sourceOrg }) },

  [`post ${ofOrg}/test-pages`]: { role: 'editor', status: 201, body: () => ({ handle: '@oncall-nobody' }) },
  [`delete ${ofOrg}/test-pages/{id}`]: { role: 'editor', status: 204 },

  [`get ${ofOrg}/tokens`]: { role: 'admin', status: 200 },
  [`get ${ofOrg}/tokens/{id}`]: { role: 'admin', status: 200 },
  [`post ${ofOrg}/tokens`]: {
    role: 'admin',
    status: 201,
    body: () => ({ name: 'made', role: 'viewer', expiresInDays: 1 }),
  },
  [`delete ${ofOrg}/tokens/{id}`]: { role: 'admin', status: 200 },

  [`get ${integrations}`]: { role: 'admin', status: 200 },
  [`get ${integrations}/{name}`]: { role: 'admin', status: 200 },
  [`post ${integrations}`]: { role: 'admin', status: 201, body: () => ({ name: 'made', kind: 'alerts' }) },
  [`patch ${integrations}/{name}`]: { role: 'admin', status: 200, body: () => ({ repeatHours: 8 }) },
  [`delete ${integrations}/{name}`]: { role: 'admin', status: 204 },

  [`get ${connections}`]: { role: 'viewer', status: 200 },
  [`get ${connections}/{id}`]: { role: 'viewer', status: 200 },
  [`post ${connections}`]: {
    role: 'admin',
    status: 201,
    body: ({ another }) => ({ name: 'added', dataCenter: another.dataCenter, ...keysOf(another) }),
  },
  [`patch ${connections}/{id}`]: { role: 'editor', status: 200, body: () => ({ name: 'changed' }) },
  // The pair from before a rotation is not checked: there is none, and this test cannot seal one.
  [`put ${connections}/{id}/credentials/sealed`]: {
    role: 'operator',
    status: 200,
    body: () => ({ former: 'a.b.c.d.e' }),
  },
  [`put ${connections}/{id}/credentials`]: {
    role: 'admin',
    status: 200,
    body: ({ destination }) => keysOf(destination),
  },
  [`post ${connections}/{id}/check`]: {
    role: 'editor',
    status: 200,
    body: ({ destination }) => keysOf(destination),
  },
  [`post ${connections}/{id}/sync`]: { role: 'editor', status: 202 },
  [`post ${connections}/{id}/revoke-snapshots`]: { role: 'admin', status: 200 },
  [`delete ${connections}/{id}`]: { role: 'editor', status: 202 },
};
