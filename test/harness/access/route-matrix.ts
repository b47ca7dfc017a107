import type { Role } from '@pagebridge/access';
import type { Destination } from '@pagebridge/local-stack';
import { anAlert } from '@pagebridge/testing';

/** What requests are about. */
export interface Subject {
  readonly sourceOrg: string;
  readonly connectionId: string;
  readonly tokenId: string;
  /** What the connection leads to, and where a second one may lead. */
  readonly destination: Destination;
  readonly another: Destination;
}

/** Who may use a route, and a request that it carries out. */
export interface RouteCase {
  /** The least role that may. */
  readonly role: Role;
  readonly status: number;
  readonly body?: (subject: Subject) => object;
  /** The route names no source org: whoever has the role anywhere may call it. */
  readonly anywhere?: true;
}

const keysOf = ({ apiKey, applicationKey }: Destination) => ({ apiKey, applicationKey });
const ofOrg = '/v1/source-orgs/{org}';
const connections = `${ofOrg}/connections`;

/** Every route, in an order in which each request can be carried out: what is removed is removed last. */
export const routeMatrix: Readonly<Record<string, RouteCase>> = {
  'get /v1/data-centers': { role: 'viewer', status: 200, anywhere: true },
  'get /v1/source-orgs': { role: 'viewer', status: 200, anywhere: true },
  [`get ${ofOrg}`]: { role: 'viewer', status: 200 },
  [`put ${ofOrg}`]: { role: 'editor', status: 200, body: () => ({ localHandles: ['ours'] }) },
  [`get ${ofOrg}/audit`]: { role: 'admin', status: 200 },
  [`get ${ofOrg}/handles`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/handles/changes`]: { role: 'viewer', status: 200 },
  [`get ${ofOrg}/conflicts`]: { role: 'viewer', status: 200 },
  'post /v1/explain': { role: 'viewer', status: 200, body: ({ sourceOrg }) => anAlert({ sourceOrg }) },

  [`get ${ofOrg}/tokens`]: { role: 'admin', status: 200 },
  [`get ${ofOrg}/tokens/{id}`]: { role: 'admin', status: 200 },
  [`post ${ofOrg}/tokens`]: {
    role: 'admin',
    status: 201,
    body: () => ({ name: 'made', role: 'viewer', expiresInDays: 1 }),
  },
  [`delete ${ofOrg}/tokens/{id}`]: { role: 'admin', status: 200 },

  [`get ${connections}`]: { role: 'viewer', status: 200 },
  [`get ${connections}/{id}`]: { role: 'viewer', status: 200 },
  [`post ${connections}`]: {
    role: 'admin',
    status: 201,
    body: ({ another }) => ({ name: 'added', dataCenter: another.dataCenter, ...keysOf(another) }),
  },
  [`patch ${connections}/{id}`]: { role: 'editor', status: 200, body: () => ({ name: 'changed' }) },
  // Nothing here can seal: the pair from before a rotation, of which there is none, is not looked at.
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
  [`delete ${connections}/{id}`]: { role: 'editor', status: 202 },
};
