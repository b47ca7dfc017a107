import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  call,
  integrate,
  type Progress,
  type ServiceName,
  Stack,
  type StackInfo,
  serviceNames,
  Tokens,
} from '@pagebridge/local-stack';
import { unlimited } from '@pagebridge/testing';
import { type IntegrationKind, integrationKinds } from '@pagebridge/vocabulary';
import fc from 'fast-check';
import { ServiceLogs } from '../../harness/service-logs.ts';
import { promise, type Target, target } from '../target.ts';
import { ask, closeClient, sendRaw } from './client.ts';
import {
  type DrawnRequest,
  managementOperations,
  type OpenApi,
  type Operation,
  operationsOf,
  rawRequests,
  requestsOf,
} from './requests.ts';

const sources = join(import.meta.dirname, '../../../apps/alert-intake/src/sources');
const example = (path: string): unknown => JSON.parse(readFileSync(join(sources, path), 'utf8'));
const event = {
  specversion: '1.0',
  type: 'com.pagebridge.alert.v1',
  source: '/fuzz',
  id: '1',
  data: {
    alertKey: 'a',
    transition: 'triggered',
    origin: 'monitor',
    title: 'a',
    message: '',
    occurredAt: '2026-11-26T12:00:00Z',
  },
};
const plain = {
  key: 'a',
  status: 'firing',
  title: 'a',
  message: '@oncall-core-infra',
  tags: ['a:b'],
  links: [],
  startsAt: 1_764_158_400,
};

const paths: Readonly<Record<IntegrationKind, readonly [path: string, good: readonly unknown[]]>> = {
  alertmanager: ['/v1/intake/alertmanager', [example('alertmanager/examples/group.json')]],
  grafana: ['/v1/intake/grafana', [example('grafana/examples/group.json')]],
  datadog: ['/v1/intake/datadog', [example('datadog/examples/triggered.json')]],
  pagerduty: ['/v2/enqueue', [{ ...(example('pagerduty/examples/trigger.json') as object), routing_key: ':token' }]],
  cloudevents: ['/v1/intake/cloudevents', [event, [event, event]]],
  alerts: ['/v1/intake/alerts', [plain, [plain, plain]]],
};
const documented = new Set([200, 202, 400, 401, 403, 404, 405, 408, 411, 413, 414, 415, 417, 429, 431, 503]);
const operations: readonly Operation[] = Object.values(paths).map(([path, good]) => ({
  method: 'POST',
  path,
  queries: [],
  body: fc.constantFrom(...good),
  statuses: documented,
}));

const intakeTargetName = 'http alert-intake';

/** Returns a target for the routes of alert-intake, each with a token of its own kind. */
async function intakeTarget(info: StackInfo): Promise<Target> {
  const tokens = new Map<string, string>();
  for (const kind of integrationKinds) tokens.set(paths[kind][0], await integrate(info, `fuzz-${kind}`, kind));
  return target(intakeTargetName, requestsOf(operations), (drawn) => look(info.services.alertIntake, drawn, tokens));
}

async function look(url: string, drawn: DrawnRequest, tokens: ReadonlyMap<string, string>): Promise<void> {
  const token = tokens.get(drawn.path.replace(/\?.*/, '')) ?? '';
  const isPagerDuty = drawn.path.startsWith('/v2/enqueue');
  const authorization = isPagerDuty ? {} : { authorization: `Bearer ${token}` };
  const isCloudEvent =
    drawn.path.startsWith('/v1/intake/cloudevents') && drawn.headers['content-type'] === 'application/json';
  const type = isCloudEvent ? { 'content-type': 'application/cloudevents+json' } : {};
  const body = drawn.headers['content-encoding'] ? drawn.body : filledIn(drawn.body, token);
  const reply = await ask(url, { ...drawn, headers: { ...authorization, ...drawn.headers, ...type }, body });
  if (!reply) return;
  const { status, contentType } = reply;
  promise(documented.has(status), `${status} is not documented: ${reply.body}`);
  if (status < 400 || drawn.method === 'HEAD' || (contentType === '' && reply.body.length === 0)) return;
  const answer = JSON.parse(reply.body.toString());
  if (contentType.startsWith('application/problem+json'))
    promise(answer.status === status, `${status} says ${answer.status}`);
  else promise(isPagerDuty && Array.isArray(answer.errors), `${status} as ${contentType}: ${reply.body}`);
}

const filledIn = (body: Buffer | undefined, token: string): Buffer | undefined =>
  body && Buffer.from(body.toString('latin1').replaceAll(':token', token), 'latin1');

/** A stack with the services whose routes are fed. */
export class FuzzedStack {
  #stack: Stack | undefined;
  #logs: ServiceLogs | undefined;

  constructor(private readonly progress: Progress) {}

  async start(): Promise<Target[]> {
    this.#stack = new Stack({
      name: 'fuzz',
      progress: this.progress,
      given: {},
      env: { 'connection-management': unlimited },
    });
    const info = await this.#stack.start();
    this.#logs = new ServiceLogs(this.#stack.folder.logs);
    return httpTargets(info);
  }

  /** Returns the ERROR lines in the logs, and the processes that ended. */
  complaints(): string[] {
    const ended = this.#stack ? serviceNames.flatMap((name) => this.#endOf(name)) : [];
    const lines = this.#logs?.text().split('\n') ?? [];
    const bad = lines.filter((line) => /"level":"(error|fatal)"|unhandled|^\s+at .*node:/i.test(line));
    return [...ended, ...bad.slice(0, 20).map((line) => line.slice(0, 1000))];
  }

  #endOf(name: ServiceName): string[] {
    const { end } = this.#stack?.service(name) ?? {};
    return end === undefined ? [] : [`${name} ended: ${end}`];
  }

  async stop(): Promise<void> {
    closeClient();
    await this.#stack?.stop();
  }

  kill(): void {
    this.#stack?.kill();
  }
}

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
