import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { Result } from '../result.ts';
import { OncallApi } from './oncall-api.ts';
import { closePools } from './pools.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, body: string) => void;
type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string };

/** A host that gives the same answer to all requests and records the requests. */
class FakeHost {
  answer: Answer = (_request, response) => response.end('{}');
  seen: Seen[] = [];
  readonly server: Server = createServer(async (request, response) => {
    let body = '';
    for await (const chunk of request) body += chunk;
    this.seen.push({ method: request.method ?? '', url: request.url ?? '', headers: request.headers, body });
    this.answer(request, response, body);
  });

  async start(): Promise<void> {
    this.server.listen(0, '127.0.0.1');
    await once(this.server, 'listening');
  }

  get url(): string {
    return `http://127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  answers(status: number, body: string, headers: Record<string, string> = {}): void {
    this.answer = (_request, response) => response.writeHead(status, headers).end(body);
  }
}

const api = new FakeHost();
const paging = new FakeHost();
const credential = { apiKey: 'api-key-0123456789', applicationKey: 'ddapp_0123456789abcdef' };
const page = { title: 'High memory', urgency: 'high', teamId: 'team-1' } as const;

const oncall = (
  options: { timeoutMs?: number; signal?: AbortSignal; apiUrl?: string; pagingUrl?: string; apiKey?: string } = {},
) =>
  new OncallApi({
    dataCenter: {
      name: 'EU1',
      site: 'example.test',
      location: 'here',
      apiUrl: options.apiUrl ?? api.url,
      pagingUrl: options.pagingUrl ?? paging.url,
    },
    credential: { ...credential, apiKey: options.apiKey ?? credential.apiKey },
    timeoutMs: options.timeoutMs ?? 10_000,
    ...(options.signal ? { signal: options.signal } : {}),
  });

/** On-Call's answer for an object that it does not know. */
const unknown = '{"errors":[{"title":"Generic Error","detail":"page[4f1d] not found"}]}';

const missing = '{"errors":["Forbidden","Failed permission authorization checks"]}';

const idOf = (id: string): string => JSON.stringify({ data: { type: 'pages', id } });

const failureOf = (result: Result<unknown>) => {
  if (result.ok) throw new Error(`expected a failure, got ${inspect(result)}`);
  return result.failure;
};

beforeAll(() => Promise.all([api.start(), paging.start()]));
afterEach(() => {
  for (const host of [api, paging]) {
    host.seen = [];
    host.answers(200, '{}');
  }
});
afterAll(async () => {
  for (const { server } of [api, paging]) {
    server.close();
    server.closeAllConnections();
  }
  await closePools();
});

/** What a result tells of a call that was answered with this status. */
const made = (status: number) => ({ status, durationMs: expect.any(Number) });

describe('a request', () => {
  it('creates a page at the paging host with exactly the documented body', async () => {
    paging.answers(200, '{"data":{"id":"4f1d","type":"pages"}}');
    const tags = ['service:web'];
    const result = await oncall().createPage({ ...page, description: 'Details', tags });
    expect(result).toEqual({ ok: true, value: { id: '4f1d' }, call: made(200) });
    const [request] = paging.seen;
    expect(request).toMatchObject({ method: 'POST', url: '/api/v2/on-call/pages' });
    expect(request?.headers).toMatchObject({
      'dd-api-key': credential.apiKey,
      'dd-application-key': credential.applicationKey,
      'content-type': 'application/json',
      accept: 'application/json',
    });
    const target = { type: 'team_id', identifier: 'team-1' };
    const attributes = { title: 'High memory', urgency: 'high', description: 'Details', tags, target };
    expect(JSON.parse(request?.body ?? '')).toEqual({ data: { type: 'pages', attributes } });
    expect(api.seen).toEqual([]);
  });

  it('replaces a lone surrogate, with which a cut text may end, by the replacement character', async () => {
    await oncall().createPage({ ...page, title: 'Disk \u{1f525}'.slice(0, -1), tags: ['mood:\udd25'] });
    const { title, tags } = JSON.parse(paging.seen[0]?.body ?? '').data.attributes;
    expect([title, ...tags]).toEqual(['Disk \ufffd', 'mood:\ufffd']);
  });

  it('resolves without a body, at the paging host, with the id encoded', async () => {
    paging.answers(202, '');
    expect(await oncall().resolvePage('a/b')).toEqual({ ok: true, value: undefined, call: made(202) });
    expect(paging.seen.map(({ url }) => url)).toEqual(['/api/v2/on-call/pages/a%2Fb/resolve']);
    expect(paging.seen[0]?.headers).toMatchObject({ accept: '*/*', 'content-length': '0' });
    expect(paging.seen[0]?.headers['content-type']).toBeUndefined();
  });

  it('lists teams sorted by name, all teams or those with a keyword', async () => {
    await oncall().teams({ pageNumber: 2, pageSize: 100 });
    await oncall().teams({ pageNumber: 0, pageSize: 10, keyword: 'core infra&' });
    const page = (number: number, size: number) => `page%5Bnumber%5D=${number}&page%5Bsize%5D=${size}&sort=name`;
    expect(api.seen.map(({ url }) => url)).toEqual([
      `/api/v2/team?${page(2, 100)}`,
      `/api/v2/team?${page(0, 10)}&filter%5Bkeyword%5D=core%20infra%26`,
    ]);
  });

  it('lists pages, the latest modified ones first, and reads one, at the API host', async () => {
    await oncall().listPages(2, 100);
    await oncall().getPage('a/b');
    expect(api.seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /api/v2/on-call/pages?page%5Bsize%5D=100&page%5Bnumber%5D=2&sort=-modified_at',
      'GET /api/v2/on-call/pages/a%2Fb',
    ]);
    expect(paging.seen).toEqual([]);
  });

  it('validates the API key without sending the application key', async () => {
    api.answers(200, '{"valid":true}');
    expect(await oncall().validateApiKey()).toEqual({ ok: true, value: true, call: made(200) });
    expect(api.seen[0]?.headers['dd-application-key']).toBeUndefined();
  });

  it('is not sent with an id made of dots or a key that is invalid in a header', async () => {
    expect(failureOf(await oncall().resolvePage('..'))).toMatchObject({ kind: 'permanent', sent: false });
    const failure = failureOf(await oncall({ apiKey: 'a\r\nx: y' }).currentUser());
    expect(failure).toMatchObject({ kind: 'credential', cause: 'unauthorized', sent: false });
    expect([...api.seen, ...paging.seen]).toEqual([]);
  });
});

describe('the value of an answer', () => {
  it('is the user with its org and permissions', async () => {
    api.answers(
      200,
      JSON.stringify({
        data: {
          type: 'users',
          id: 'u1',
          attributes: { name: 'svc', handle: 'h', service_account: true, disabled: false },
        },
        included: [
          { type: 'roles', id: 'r1', attributes: { name: 'Pagers' } },
          { type: 'permissions', id: 'p1', attributes: { name: 'on_call_read' } },
          { type: 'orgs', id: 'o1', attributes: { name: 'Globex' } },
        ],
      }),
      { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9', 'x-ratelimit-reset': '1' },
    );
    expect(await oncall().currentUser()).toEqual({
      ok: true,
      call: made(200),
      value: {
        id: 'u1',
        serviceAccount: true,
        disabled: false,
        org: { id: 'o1', name: 'Globex' },
        permissions: ['on_call_read'],
      },
      rateLimit: { limit: 10, remaining: 9, periodMs: 0, resetMs: 1000 },
    });
  });

  it('is the list of application keys from all pages', async () => {
    const key = (id: number, scopes: string[] | null) => ({
      id: `k${id}`,
      attributes: { name: 'n', last4: 'abcd', scopes },
    });
    api.answer = (request, response) => {
      const first = request.url?.includes('number%5D=0');
      const data = first ? Array.from({ length: 100 }, (_, i) => key(i, null)) : [key(100, ['on_call_read'])];
      response.end(JSON.stringify({ data }));
    };
    const result = await oncall().applicationKeys();
    if (!result.ok) throw new Error(result.failure.detail);
    expect(result.value).toHaveLength(101);
    expect(result.value[0]).toEqual({ id: 'k0', name: 'n', last4: 'abcd', scopes: null });
    expect(result.value[100]?.scopes).toEqual(['on_call_read']);
  });

  it('is true for a team with routing rules, and false for a team without them or unknown to On-Call', async () => {
    const rules = (data: unknown) => JSON.stringify({ data: { id: 't', relationships: { rules: { data } } } });
    api.answers(200, rules([{ id: 'r1', type: 'team_routing_rules' }]));
    expect(await oncall().isOnCall('t')).toEqual({ ok: true, value: true, call: made(200) });
    api.answers(200, rules([]));
    expect(await oncall().isOnCall('t')).toEqual({ ok: true, value: false, call: made(200) });
    const rateLimit = { limit: 10, remaining: 9, periodMs: 0, resetMs: 0 };
    api.answers(404, unknown, { 'x-ratelimit-limit': '10', 'x-ratelimit-remaining': '9' });
    expect(await oncall().isOnCall('t')).toEqual({ ok: true, value: false, rateLimit, call: made(404) });
    api.answers(404, '{"errors":["Team for ID t not found"]}');
    expect(await oncall().isOnCall('t')).toEqual({ ok: true, value: false, call: made(404) });
    api.answers(404, '{"errors":["Not found"]}');
    expect(failureOf(await oncall().isOnCall('t'))).toMatchObject({ kind: 'retry', status: 404 });
    api.answers(403, missing);
    expect(failureOf(await oncall().isOnCall('t')).cause).toBe('missing-permission');
  });

  it('is read for users, teams and the validation of both keys', async () => {
    api.answers(200, '{"data":[{"id":"u1","attributes":{"name":"n","handle":"h"}}]}');
    expect(await oncall().readUsers()).toEqual({ ok: true, value: true, call: made(200) });
    expect(await oncall().teams({ pageNumber: 2, pageSize: 100 })).toMatchObject({ value: { last: true } });
    api.answers(200, '{"status":"ok"}');
    expect((await oncall().validateKeys()).ok).toBe(true);
  });
});

describe('pages that are read back', () => {
  const item = { type: 'pages', id: 'p1', attributes: { status: 'triggered' } };
  const read = { id: 'p1', status: 'triggered' };
  const both = () => Promise.all([oncall().listPages(0, 100), oncall().getPage('p1')]);

  it('are a list, or one page', async () => {
    api.answers(200, JSON.stringify({ data: [item] }));
    expect((await both())[0]).toEqual({ ok: true, value: [read], call: made(200) });
    api.answers(200, JSON.stringify({ data: item }));
    expect((await both())[1]).toEqual({ ok: true, value: read, call: made(200) });
  });

  it.each(['', '{}', '[]', '{"data":7}', '{"data":[', '<html></html>'])(
    'are missing in the answer %s',
    async (body) => {
      api.answers(200, body);
      for (const result of await both())
        expect(failureOf(result)).toMatchObject({ kind: 'retry', cause: 'bad-answer' });
    },
  );

  it.each([
    [401, '{"errors":["Unauthorized"]}', 'unauthorized'],
    [403, missing, 'missing-permission'],
    [404, unknown, 'not-found'],
    [404, '{"errors":["Not found"]}', 'server'],
    [429, '', 'rate-limited'],
    [503, '', 'server'],
  ])('are refused with %i %s', async (status, body, cause) => {
    api.answers(status, body);
    for (const result of await both()) expect(failureOf(result)).toMatchObject({ cause, status });
  });

  it('are read from an answer of up to 4 MiB', async () => {
    const ofBytes = (bytes: number) => {
      const rest = JSON.stringify({ data: [item], meta: '' });
      return rest.replace('""', `"${'x'.repeat(bytes - rest.length)}"`);
    };
    api.answers(200, ofBytes(4 * 1024 * 1024));
    expect((await both())[0].ok).toBe(true);
    api.answers(200, ofBytes(4 * 1024 * 1024 + 1));
    expect(failureOf((await both())[0])).toMatchObject({
      cause: 'bad-answer',
      detail: expect.stringMatching(/too long/),
    });
  });
});

describe('the classification of a failure', () => {
  it.each([
    [400, '{"errors":[{"title":"Bad Request","detail":"no"}]}', 'permanent', 'rejected'],
    [401, '{"errors":["Unauthorized"]}', 'credential', 'unauthorized'],
    [403, '{"errors":["Forbidden"]}', 'credential', 'forbidden'],
    [403, '{"status":"error","code":403,"errors":["Forbidden"]}', 'credential', 'forbidden'],
    [403, missing, 'credential', 'missing-permission'],
    [404, unknown, 'permanent', 'not-found'],
    [404, '{"errors":["Team for ID t not found"]}', 'permanent', 'not-found'],
    // A wrong host answers so, also for a page that exists.
    [404, '{"errors":["Not found"]}', 'retry', 'server'],
    [404, '{"status":"error","code":404,"errors":["Not found"]}', 'retry', 'server'],
    [400, '{"status":"error","code":400,"errors":["Bad Request"]}', 'retry', 'server'],
    [408, '', 'retry', 'timeout'],
    [409, '{"errors":["unique"]}', 'permanent', 'rejected'],
    [425, '', 'retry', 'server'],
    [429, '{"errors":["Too many requests"]}', 'retry', 'rate-limited'],
    [500, '<html><title>Oops</title></html>', 'retry', 'server'],
    [503, 'upstream', 'retry', 'server'],
    [304, '', 'retry', 'redirect'],
  ])('%i %s is %s, %s', async (status, body, kind, cause) => {
    paging.answers(status, body, { 'content-type': 'text/plain' });
    expect(failureOf(await oncall().createPage(page))).toMatchObject({ kind, cause, status, sent: true });
  });

  const ofAnEdge = [
    '<html><title>Request blocked</title></html>',
    '{"message":"no Route matched with those values"}',
    '{"errors":[]}',
    'denied by policy',
    '',
  ];
  it.each([400, 401, 402, 403, 404, 405, 406, 409, 410, 413, 421, 422, 451, 494])(
    '%i of a proxy, a firewall or an ingress refuses nothing',
    async (status) => {
      for (const body of ofAnEdge) {
        paging.answers(status, body);
        expect(failureOf(await oncall().createPage(page))).toMatchObject({ kind: 'retry', cause: 'server', status });
      }
    },
  );

  it('knows a refusal of the destination however long it is', async () => {
    const detail = `got "${'x'.repeat(20_000)}"`;
    paging.answers(400, JSON.stringify({ errors: [{ title: 'Bad Request', detail }] }));
    expect(failureOf(await oncall().createPage(page))).toMatchObject({ kind: 'permanent', cause: 'rejected' });
  });

  it('includes the time until the rate limit resets', async () => {
    const headers = { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': '7' };
    paging.answers(429, '', headers);
    const result = await oncall().createPage(page);
    expect(failureOf(result).retryAfterMs).toBe(7000);
    expect(result.rateLimit?.remaining).toBe(0);
  });

  it('names the call and the answer in one line', async () => {
    paging.answers(503, 'try\nlater');
    const { detail } = failureOf(await oncall().createPage(page));
    expect(detail).toBe('POST /api/v2/on-call/pages answered 503: try later');
  });

  it.each([
    ['nothing', ''],
    ['no data', '{}'],
    ['no id', '{"data":{"type":"pages"}}'],
    ['broken JSON', '{"data":'],
    ['an error page', '<html></html>'],
    ['an id of 257 characters', idOf('p'.repeat(257))],
    ['an id of a megabyte', idOf('p'.repeat(1_000_000))],
    ['an id of two lines', idOf('page\n1')],
    ['a lone surrogate in its id', '{"data":{"id":"page-\\ud83d"}}'],
  ])('a success with %s may have made the page', async (_what, body) => {
    paging.answers(200, body);
    const failure = failureOf(await oncall().createPage(page));
    expect(failure).toMatchObject({ kind: 'retry', cause: 'bad-answer', status: 200, sent: true });
  });

  it.each(['p'.repeat(256), '€'.repeat(256), '😀'.repeat(128), 'page 1/2'])(
    'keeps the id %.20s unchanged',
    async (id) => {
      paging.answers(200, idOf(id));
      expect(await oncall().createPage(page)).toMatchObject({ ok: true, value: { id } });
    },
  );

  it('follows no redirect, so that the keys are sent to no other host', async () => {
    paging.answers(307, '', { location: `${api.url}/elsewhere` });
    const failure = failureOf(await oncall().createPage(page));
    expect(failure).toMatchObject({ cause: 'redirect', status: 307, sent: true });
    expect(api.seen).toEqual([]);
  });
});

describe('a destination that misbehaves', () => {
  it('produces only texts, details and limits of bounded length', async () => {
    const long = 'x'.repeat(200_000);
    const included = [{ type: 'orgs', id: long, attributes: { name: long } }];
    api.answers(200, JSON.stringify({ data: { id: 'u' }, included }));
    const result = await oncall().currentUser();
    expect(result).toMatchObject({ ok: true, value: { org: { id: '', name: 'x'.repeat(1024) } } });
    expect(JSON.stringify(result).length).toBeLessThan(5000);
    const limits = { 'x-ratelimit-limit': '1', 'x-ratelimit-remaining': '0', 'x-ratelimit-name': 'n'.repeat(8000) };
    api.answers(400, JSON.stringify({ errors: [{ title: long, detail: long, source: { pointer: long } }] }), limits);
    expect(JSON.stringify(await oncall().currentUser()).length).toBeLessThan(1000);
  });

  it('never causes an exception, even with ids and keywords that cannot be encoded', async () => {
    expect(await oncall().teams({ pageNumber: 0, pageSize: 10, keyword: 'core-\ud83d' })).toMatchObject({ ok: false });
    expect(api.seen[0]?.url).toContain('=core-%EF%BF%BD');
    paging.answers(404, unknown);
    expect(failureOf(await oncall().resolvePage('page-\ud83d'))).toMatchObject({ cause: 'not-found' });
  });

  it('is cut off during a 2xx answer that is too long', async () => {
    paging.answers(200, 'x'.repeat(1024 * 1024 + 1));
    const failure = failureOf(await oncall().createPage(page));
    expect(failure).toMatchObject({ kind: 'retry', cause: 'bad-answer', sent: true });
    expect(failure.detail).toMatch(/too long/);
  });

  it('is cut off during an error that is too long, which is classified by its status', async () => {
    paging.answers(429, 'x'.repeat(2 * 1024 * 1024));
    const failure = failureOf(await oncall().createPage(page));
    expect(failure).toMatchObject({ kind: 'retry', cause: 'rate-limited' });
    expect(failure.detail.length).toBeLessThan(400);
  });

  it.each([
    ['never answers', () => {}],
    ['never ends its answer', (_q: IncomingMessage, r: ServerResponse) => void r.writeHead(200).write('{')],
  ])('causes a timeout at the deadline if it %s', async (_what, answer) => {
    paging.answer = answer;
    const failure = failureOf(await oncall({ timeoutMs: 3000 }).createPage(page));
    expect(failure).toMatchObject({ kind: 'retry', cause: 'timeout', sent: true });
  });

  it('gets no more calls after the deadline for all calls together', async () => {
    const deadline = new AbortController();
    paging.answer = () => deadline.abort();
    const requests = paging.seen.length;
    const client = oncall({ signal: deadline.signal });
    const late = { kind: 'retry', cause: 'timeout', detail: expect.stringContaining('all calls together') };
    expect(failureOf(await client.createPage(page))).toMatchObject({ ...late, sent: true });
    expect(failureOf(await client.createPage(page))).toMatchObject({ ...late, sent: false });
    expect(paging.seen.length).toBe(requests + 1);
  });

  it('has answered in time if the answer arrived by the deadline, even if this process was too busy to read it', async () => {
    paging.answer = (_request, response) => {
      response.end('{"data":{"id":"in-time"}}');
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 2200);
    };
    expect(await oncall({ timeoutMs: 2000 }).createPage(page)).toEqual({
      ok: true,
      value: { id: 'in-time' },
      call: made(200),
    });
  });

  it('may have created a page if it resets the connection after the request', async () => {
    paging.answer = (request) => request.socket.resetAndDestroy();
    const failure = failureOf(await oncall().createPage(page));
    expect(failure).toMatchObject({ kind: 'retry', cause: 'network', sent: true });
  });

  it('has its error classified by status even if the body is incomplete', async () => {
    paging.answer = (request, response) => {
      response.writeHead(429, { 'content-length': '1000' }).write('{"errors":["Too ma');
      setImmediate(() => request.socket.destroy());
    };
    expect(failureOf(await oncall().createPage(page))).toMatchObject({ kind: 'retry', cause: 'rate-limited' });
  });

  it('was sent nothing if the connection is refused or the host unknown', async () => {
    for (const pagingUrl of ['http://127.0.0.1:1', 'http://pagebridge.invalid']) {
      const failure = failureOf(await oncall({ pagingUrl }).createPage(page));
      // Without a name server the lookup of the unknown host may last until the deadline.
      expect(failure).toMatchObject({ kind: 'retry', sent: false });
    }
  });

  it('does not give the late answer of an abandoned call to the next call', async () => {
    const givenUp = Promise.withResolvers<void>();
    paging.answer = (_request, response) => {
      void givenUp.promise.then(() => response.end('{"data":{"id":"late"}}'));
    };
    const first = await oncall({ timeoutMs: 60 }).createPage(page);
    paging.answers(200, '{"data":{"id":"second"}}');
    const second = oncall().createPage(page);
    givenUp.resolve();
    expect(first.ok).toBe(false);
    expect(await second).toEqual({ ok: true, value: { id: 'second' }, call: made(200) });
  });
});

describe('credentials', () => {
  it('are removed from texts that a destination echoes', async () => {
    paging.answers(400, `{"errors":["bad key ${credential.apiKey} and ${credential.applicationKey}"]}`);
    const { detail } = failureOf(await oncall().createPage(page));
    expect(detail).toMatch(/bad key \[redacted\] and \[redacted\]/);
  });

  it('are not shown by a client that is printed, inspected or serialised', () => {
    const client = oncall();
    const shown = [String(client), inspect(client, { depth: 9, showHidden: true }), JSON.stringify(client)].join(' ');
    expect(shown).toContain('OncallApi(EU1)');
    expect(shown).not.toContain(credential.apiKey);
    expect(shown).not.toContain(credential.applicationKey);
  });
});
