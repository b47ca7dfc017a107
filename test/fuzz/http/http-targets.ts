import { call, type StackInfo, Tokens } from '@pagebridge/local-stack';
import fc from 'fast-check';
import { promise, type Target, target } from '../target.ts';
import { ask, sendRaw } from './client.ts';
import { intakeTarget, intakeTargetName } from './intake-target.ts';
import { managementOperations, type OpenApi, type Operation, operationsOf } from './operations.ts';
import { rawRequests } from './raw.ts';
import { type DrawnRequest, requestsOf } from './requests.ts';

const always = [400, 404, 405, 406, 411, 413, 414, 415, 431];
// A random request may match a route by chance.
const ofAnyRoute: ReadonlySet<number> = new Set([200, 201, 202, 204, 401, 409, 412, 422, 428]);
// The statuses of Node's HTTP parser, which answers before there is a request.
const bare = [400, 408, 413, 417, 431];

/** Returns targets for the routes of the running services, and for arbitrary bytes to their ports. */
export async function httpTargets(info: StackInfo): Promise<Target[]> {
  const { services, management, destinations, access } = info;
  const [destination] = destinations;
  if (!destination) throw new Error('this stack has no destination');
  const org = new FuzzedOrg(services.connectionManagement, destination, new Tokens(access));
  const routes = Object.entries({
    'http connection-management': services.connectionManagement,
    'http handle-sync': services.handleSync,
    'http page-routing': services.pageRouting,
  }).map(async ([name, url]) => {
    const { body } = await call<OpenApi>('GET', `${url}/openapi.json`);
    const operations = operationsOf(body);
    return target(
      name,
      requestsOf(operations),
      (drawn) => lookAtRoute(url, drawn, org),
      () => org.refresh(),
    );
  });
  const urls = [...Object.values(services), management.pageDelivery, destination.apiUrl];
  return [
    ...(await Promise.all(routes)),
    await intakeTarget(info),
    target('http management', requestsOf(managementOperations), (drawn) =>
      lookAtRoute(management.pageDelivery, drawn, org),
    ),
    target('http oncall-sandbox', requestsOf(sandboxOperations), (drawn) => lookAtSandbox(destination, drawn, org)),
    target('http raw sockets', fc.tuple(fc.constantFrom(...urls), rawRequests), ([url, raw]) => lookAtRaw(url, raw)),
  ];
}

export const httpTargetNames = [
  'http connection-management',
  'http handle-sync',
  'http page-routing',
  intakeTargetName,
  'http management',
  'http oncall-sandbox',
  'http raw sockets',
];

interface Destination {
  readonly dataCenter: string;
  readonly apiUrl: string;
  readonly pagingUrl: string;
  readonly apiKey: string;
  readonly applicationKey: string;
}

/** A source org with one connection, whose routes are fed; a deleted connection is replaced. */
class FuzzedOrg {
  readonly name = 'fuzz-acme';
  #id = '00000000-0000-4000-8000-000000000000';
  #etag = '';

  constructor(
    readonly url: string,
    private readonly destination: Destination,
    private readonly tokens: Tokens,
  ) {}

  /** Returns the headers of an operator's request. */
  authorized = async () => ({ authorization: `Bearer ${await this.tokens.of('olga')}` });

  async refresh(): Promise<void> {
    const headers = await this.authorized();
    const connections = `${this.url}/v1/source-orgs/${this.name}/connections`;
    const { body } = await call<{ items?: { id: string }[] }>('GET', connections, undefined, headers);
    const { dataCenter, apiKey, applicationKey } = this.destination;
    const newConnection = { name: 'fuzzed', dataCenter, apiKey, applicationKey };
    const known = body.items?.at(-1) ?? (await call<{ id?: string }>('POST', connections, newConnection, headers)).body;
    if (known.id === undefined) return;
    this.#id = known.id;
    const one = await call('GET', `${connections}/${known.id}`, undefined, headers);
    this.#etag = one.headers.get('etag') ?? '';
  }

  /** Fills the placeholders of a text with values of the running services. */
  filledIn(text: string): string {
    const { apiKey, applicationKey } = this.destination;
    const values = { org: this.name, id: this.#id, etag: this.#etag, apiKey, applicationKey };
    return text.replace(/:(org|id|etag|apiKey|applicationKey)\b/g, (_all, name: keyof typeof values) => values[name]);
  }

  /** Fills placeholders in bytes, one character a byte. */
  filledInBytes = (bytes: Buffer): Buffer => Buffer.from(this.filledIn(bytes.toString('latin1')), 'latin1');
}

function send(url: string, { method, path, headers, body }: DrawnRequest, org: FuzzedOrg) {
  const sent = Object.entries(headers).map(([name, value]) => [name, org.filledIn(value)]);
  // An encoded body has no placeholders that could be replaced.
  const bytes = body && !headers['content-encoding'] ? org.filledInBytes(body) : body;
  return ask(url, { method, path: org.filledIn(path), headers: Object.fromEntries(sent), body: bytes });
}

async function lookAtRoute(url: string, drawn: DrawnRequest, org: FuzzedOrg): Promise<void> {
  const headers = { ...(await org.authorized()), ...drawn.headers };
  const reply = await send(url, { ...drawn, headers }, org);
  if (!reply) return;
  const { status } = reply;
  const documented = drawn.statuses ?? ofAnyRoute;
  if (status < 400) {
    // A random path may match another route.
    promise(status < 300 || status === 304, `${status} for ${drawn.method}`);
    promise(documented.has(status) || status <= 204 || status === 304, `${status} is not documented`);
    // Later requests use the ids that exist now.
    if (drawn.method !== 'GET' && url === org.url) await org.refresh();
    return;
  }
  if (bare.includes(status) && reply.contentType === '' && reply.body.length === 0) return;
  promise(reply.contentType.startsWith('application/problem+json'), `${status} as ${reply.contentType}: ${reply.body}`);
  const problem = drawn.method === 'HEAD' ? { status } : JSON.parse(reply.body.toString());
  promise(problem.status === status, `${status} says that it is ${problem.status}`);
  const isOfDestination = String(problem.code).startsWith('destination-') && documented.has(status);
  promise(status < 500 || isOfDestination, `${status}: ${reply.body}`);
  promise(documented.has(status) || always.includes(status), `${status} is not documented: ${reply.body}`);
}

async function lookAtSandbox(destination: Destination, drawn: DrawnRequest, org: FuzzedOrg): Promise<void> {
  const keys = { 'dd-api-key': ':apiKey', 'dd-application-key': ':applicationKey' };
  const url = drawn.path.includes('/pages') && drawn.method !== 'GET' ? destination.pagingUrl : destination.apiUrl;
  const reply = await send(url, { ...drawn, headers: { ...drawn.headers, ...keys } }, org);
  promise(!reply || reply.status < 500, `${reply?.status}: ${reply?.body}`);
}

async function lookAtRaw(url: string, { pieces, pauseMs }: { pieces: Buffer[]; pauseMs: number }): Promise<void> {
  const { text, isClosed } = await sendRaw(url, pieces, pauseMs);
  promise(isClosed, 'the connection stays open');
  for (const [, status, head = ''] of text.matchAll(/HTTP\/1\.1 (\d+) [^\r]*\r\n([\s\S]*?)\r\n\r\n/g)) {
    promise(Number(status) < 500, `${status} for what is no request`);
    const isProblem = /content-type: application\/(problem\+)?json/i.test(head);
    promise(Number(status) < 400 || isProblem || bare.includes(Number(status)), `a bare ${status}`);
  }
  const next = await ask(url, { method: 'GET', path: '/health/live' });
  promise(next?.status === 200 || next?.status === 404, `it answers ${next?.status} from then on`);
}

const statuses = new Set<number>();
const sandboxOperations: readonly Operation[] = [
  ['GET', '/api/v1/validate'],
  ['GET', '/api/v2/validate_keys'],
  ['GET', '/api/v2/current_user'],
  ['GET', '/api/v2/current_user/application_keys'],
  ['GET', '/api/v2/users'],
  ['GET', '/api/v2/team'],
  ['GET', '/api/v2/on-call/teams/{id}/routing-rules'],
  ['GET', '/api/v2/on-call/pages'],
  ['GET', '/api/v2/on-call/pages/{id}'],
  ['POST', '/api/v2/on-call/pages'],
  ['POST', '/api/v2/on-call/pages/{id}/acknowledge'],
  ['POST', '/api/v2/on-call/pages/{id}/resolve'],
].map(([method = '', path = '']) => ({
  method,
  path,
  queries: ['page[size]', 'page[number]', 'sort', 'include', 'filter[keyword]'],
  ...(method === 'POST' && path.endsWith('pages') ? { body: pageBodies() } : {}),
  statuses,
}));

function pageBodies() {
  const page = {
    title: 't',
    urgency: 'high',
    tags: ['a:b'],
    target: { type: 'team_handle', identifier: 'core-infra' },
  };
  return fc.constant({ data: { type: 'pages', attributes: page } });
}
