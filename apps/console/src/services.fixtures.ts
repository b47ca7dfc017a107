import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { sample } from 'openapi-sampler';
import { roleOf } from './session/permissions.ts';

interface Operation {
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { schema: object }>> }>>;
}
interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
}

/** A route as the documents write it: `GET /v1/source-orgs/{org}/connections`. */
export type Route = string;
type Reply = (request: Request) => Response | Promise<Response>;

const names = ['connection-management', 'handle-sync', 'page-routing', 'alert-intake', 'page-history'];
const folder = join(import.meta.dirname, '../../../docs/openapi');
const replies = new Map<Route, Reply>();
for (const name of names) {
  const document = JSON.parse(readFileSync(join(folder, `${name}.json`), 'utf8')) as OpenApi;
  for (const [path, operations] of Object.entries(document.paths)) {
    for (const [method, { responses }] of Object.entries(operations)) {
      const [status, { content = {} } = {}] = Object.entries(responses).find(([code]) => code.startsWith('2')) ?? [];
      const schema = content['application/json']?.schema;
      replies.set(`${method.toUpperCase()} ${path}`, () => {
        const body = schema && JSON.stringify(sample(schema, { quiet: true }, document));
        return new Response(body ?? null, { status: Number(status), headers: { ...json, etag: '"1"' } });
      });
    }
  }
}

const json = { 'content-type': 'application/json' };
const problemJson = { 'content-type': 'application/problem+json' };

const session = {
  name: 'ada',
  issuer: 'https://login.example.com',
  subject: 'ada',
  mustRenew: false,
  services: names,
  helpText: 'Ask in #paging.',
};
const me = { grants: [{ sourceOrg: 'acme-us', permissions: Object.keys(roleOf) }] };

const matches = (route: Route, { method, url }: Request): boolean => {
  const [verb, template = ''] = route.split(' ');
  const pattern = `^${template.replaceAll(/\{\w+\}/g, '[^/]+')}$`;
  return verb === method && new RegExp(pattern).test(new URL(url).pathname);
};

/**
 * The gateway with the services behind it, in the place of `fetch`. Each route answers the example of its OpenAPI document until a test
 * says otherwise. Ada is signed in and holds every permission in acme-us.
 */
export class Services {
  readonly requests: Request[] = [];
  #replies = new Map(replies);

  constructor() {
    this.answer('GET /session', session);
    this.answer('POST /session/renew', session);
    this.answer('POST /logout', {});
    this.answer('GET /v1/me', me);
    // A stream without events, which does not end.
    this.on('GET /v1/source-orgs/{org}/events', () => {
      return new Response(new ReadableStream(), { headers: { 'content-type': 'text/event-stream' } });
    });
  }

  /** What stands in the place of `fetch`. Rejects for a route that nobody has. */
  readonly fetch = async (input: RequestInfo | URL, init?: RequestInit): Promise<Response> => {
    const request = input instanceof Request ? input : new Request(new URL(input, window.location.href), init);
    this.requests.push(request.clone());
    const [, reply] = [...this.#replies].findLast(([route]) => matches(route, request)) ?? [];
    if (!reply) throw new Error(`no service has ${request.method} ${request.url}`);
    return reply(request);
  };

  on(route: Route, reply: Reply): void {
    this.#replies.delete(route);
    this.#replies.set(route, reply);
  }

  /** Has a route answer a body from now on. */
  answer(route: Route, body: object, status = 200): void {
    this.on(route, () => new Response(JSON.stringify(body), { status, headers: { ...json, etag: '"1"' } }));
  }

  /** Has a route answer its example, changed: everywhere, or only at `where`, such as `GET /v1/source-orgs/other/connections`. */
  async change<T extends object>(route: Route, change: (example: T) => object, where = route): Promise<void> {
    const reply = replies.get(route);
    if (!reply) throw new Error(`no document has ${route}`);
    const answer = await reply(new Request('http://localhost/'));
    this.answer(where, change((await answer.json()) as T), answer.status);
  }

  /** Has a route answer a problem from now on. */
  refuse(route: Route, status: number, code: string, extra: object = {}): void {
    const body = JSON.stringify({ status, code, title: code, detail: `${code}.`, ...extra });
    this.on(route, () => new Response(body, { status, headers: problemJson }));
  }

  /** Has a route end without an answer from now on. */
  lose(route: Route): void {
    this.on(route, () => Promise.reject(new TypeError('Failed to fetch')));
  }

  /** Has a route keep its next answers back until the returned function is called. */
  hold(route: Route): () => void {
    const [, reply] = [...this.#replies].find(([its]) => its === route) ?? [];
    if (!reply) throw new Error(`no service has ${route}`);
    const { promise, resolve } = Promise.withResolvers<void>();
    this.on(route, async (request) => {
      await promise;
      return reply(request);
    });
    return resolve;
  }

  /** Returns the requests of a route so far. */
  asked(route: Route): Request[] {
    return this.requests.filter((request) => matches(route, request));
  }
}
