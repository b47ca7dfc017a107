import { once } from 'node:events';
import { type AddressInfo, createServer, type Server, type Socket } from 'node:net';
import { type Destination, openDestination, type Result } from '@pagebridge/destination';
import fc from 'fast-check';
import { rateLimitOf, retryAfterMsOf } from '../../../libs/destination/src/datadog/rate-limit.ts';
import { anyJson, bytesOf, spoiled } from '../json.ts';
import { promise, type Target, target } from '../target.ts';

const timeoutMs = 250;
const maxMs = 5000;
const maxDetail = 1000;
const maxId = 256;

/** The bytes that the destination sends as an answer, or instead of one. */
interface Script {
  readonly head: Buffer;
  readonly body: Buffer;
  readonly end: 'whole' | 'cut' | 'silent' | 'reset' | 'endless';
}

const statuses = [
  100, 103, 200, 200, 200, 201, 202, 204, 301, 304, 400, 401, 403, 404, 408, 425, 429, 500, 503, 520, 999,
];
const headerNames = [
  'content-type',
  'content-encoding',
  'location',
  'retry-after',
  'x-ratelimit-limit',
  'x-ratelimit-remaining',
  'x-ratelimit-reset',
  'x-ratelimit-period',
  'x-ratelimit-name',
];
const texts = [
  '',
  '0',
  '-1',
  '1.5',
  '1e9',
  '9'.repeat(400),
  'NaN',
  'gzip',
  'text/html',
  'Thu, 01 Jan 2500 00:00:00 GMT',
];
const headerText = fc.oneof(fc.constantFrom(...texts), fc.string({ maxLength: 20 }), fc.string({ unit: 'binary' }));
const headers = fc.array(fc.tuple(fc.constantFrom(...headerNames), headerText), { maxLength: 6 });

const id = fc.oneof(
  fc.constantFrom<unknown>('page-1', 7, 1e300, '', '\u0000', 'a\ud800', '..', 'i'.repeat(1_000_000), null, [], {}),
  fc.string({ unit: 'binary' }),
);
const time = fc.constantFrom<unknown>('2026-12-01T12:00:00Z', '9999-99-99T99:99:99Z', 1e300, '', null, {});
const resource = fc.tuple(id, time).map(([its, at]) => ({
  id: its,
  type: 'pages',
  attributes: {
    handle: its,
    name: its,
    email: its,
    uuid: its,
    last4: its,
    status: 'ok',
    permissions: [its],
    tags: [its],
    closed_at: at,
    modified_at: at,
  },
  relationships: { org: { data: { id: its, type: 'orgs' } }, roles: { data: [{ id: its, type: 'roles' }] } },
}));
const document = fc.oneof(
  resource.map((data) => ({ data })),
  fc.array(resource, { maxLength: 120 }).map((data) => ({ data, meta: { pagination: { total: data.length } } })),
  fc.constantFrom({ valid: true }, { status: 'ok' }, { errors: ['Forbidden'] }, { errors: [{ detail: 'x' }] }),
);
const body = fc.oneof(
  { weight: 4, arbitrary: bytesOf(spoiled(document)) },
  { weight: 1, arbitrary: bytesOf(anyJson) },
  { weight: 1, arbitrary: fc.constant(Buffer.from('<html><title>502</title><h1>Bad Gateway</h1></html>'.repeat(50))) },
  { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
);

const script: fc.Arbitrary<Script> = fc
  .record({
    status: fc.oneof(fc.constantFrom(...statuses), fc.integer({ min: -1, max: 1200 })),
    headers,
    body,
    length: fc.constantFrom('right', 'right', 'right', 'none', 'chunked', 'more', 'less', 'bad'),
    end: fc.constantFrom<Script['end'][]>('whole', 'whole', 'whole', 'whole', 'cut', 'silent', 'reset', 'endless'),
    garbage: fc.option(fc.uint8Array({ maxLength: 60 }), { freq: 12, nil: undefined }),
  })
  .map(({ status, headers, body, length, end, garbage }) => {
    const sizes = { right: body.length, more: body.length + 9, less: body.length >> 1, bad: '-1, 4' };
    const size =
      length === 'chunked'
        ? ['transfer-encoding: chunked']
        : length === 'none'
          ? []
          : [`content-length: ${sizes[length as keyof typeof sizes]}`];
    const lines = [...headers.map(([name, text]) => `${name}: ${text}`), ...size, 'connection: close'];
    const head = garbage ? Buffer.from(garbage) : Buffer.from(`HTTP/1.1 ${status} X\r\n${lines.join('\r\n')}\r\n\r\n`);
    return { head, body, end };
  });

type Call = (api: Destination, id: string) => Promise<Result<unknown>> | undefined;

const page = { teamId: 'team-1', title: 'title\ud800', urgency: 'high', tags: ['a:b'] } as const;
const calls: Readonly<Record<string, Call>> = {
  validateApiKey: (api) => api.validateApiKey(),
  validateKeys: (api) => api.validateKeys(),
  currentUser: (api) => api.currentUser(),
  applicationKeys: (api) => api.applicationKeys(),
  readUsers: (api) => api.readUsers(),
  teams: (api, id) => api.teams({ pageNumber: 0, pageSize: 100, keyword: id }),
  isOnCall: (api, id) => api.isOnCall(id),
  createPage: (api) => api.createPage(page),
  resolvePage: (api, id) => api.resolvePage(id),
  listPages: (api) => api.listPages?.(0, 100),
  getPage: (api, id) => api.getPage?.(id),
};

/** A host that answers each request by the script. */
class OddHost {
  script: Script | undefined;
  readonly #server: Server;

  constructor() {
    this.#server = createServer((socket) => this.#serve(socket)).unref();
  }

  async url(): Promise<string> {
    if (!this.#server.listening) await once(this.#server.listen(0, '127.0.0.1'), 'listening');
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  #serve(socket: Socket): void {
    // The client may close the connection at any time.
    socket.on('error', () => socket.destroy()).setTimeout(2000, () => socket.destroy());
    let request = '';
    socket.on('data', (chunk) => {
      request += chunk;
      if (!request.includes('\r\n\r\n')) return;
      request = '';
      this.#answer(socket);
    });
  }

  #answer(socket: Socket): void {
    if (!this.script) return;
    const { head, body, end } = this.script;
    if (end === 'reset') {
      socket.resetAndDestroy();
      return;
    }
    socket.write(head);
    const half = body.subarray(0, body.length >> 1);
    if (end === 'endless') writeOn(socket, Buffer.concat([body, Buffer.alloc(65_536, ' ')]));
    else if (end === 'silent') socket.write(half);
    else socket.end(end === 'cut' ? half : body);
  }
}

function writeOn(socket: Socket, bytes: Buffer): void {
  if (socket.destroyed) return;
  if (socket.write(bytes)) setImmediate(() => writeOn(socket, bytes));
  else socket.once('drain', () => writeOn(socket, bytes));
}

const isCount = (value: number | undefined) => value === undefined || (Number.isFinite(value) && value >= 0);

const answers = fc.record({
  script,
  call: fc.constantFrom(...Object.keys(calls)),
  id: fc.oneof(
    fc.constantFrom('id-1', '..', '', '\ud800', 'a/b?c#d', 'i'.repeat(20_000)),
    fc.string({ unit: 'binary' }),
  ),
});

export function destinationTargets(): Target[] {
  const host = new OddHost();
  const credential = { apiKey: 'api-key-12345678', applicationKey: 'application-key-12345678' };
  return [
    target('answers of a destination', answers, async ({ script, call, id }) => {
      const url = await host.url();
      host.script = script;
      const dataCenter = { name: 'ODD', site: 'odd', location: 'here', apiUrl: url, pagingUrl: url };
      const start = performance.now();
      const result = await calls[call]?.(openDestination({ dataCenter, credential, timeoutMs }), id);
      promise(performance.now() - start < maxMs, `${call} took ${performance.now() - start} ms`);
      if (!result) return;
      promise(isCount(result.rateLimit?.resetMs) && isCount(result.rateLimit?.remaining), 'a rate limit that is none');
      if (!result.ok) {
        const { detail, retryAfterMs } = result.failure;
        promise(detail.length <= maxDetail && !detail.includes('\n'), `a detail of ${detail.length} characters`);
        promise(isCount(retryAfterMs) && (retryAfterMs ?? 0) <= 3_600_000, `a wait of ${retryAfterMs} ms`);
      } else if (call === 'createPage' || call === 'getPage') {
        const { id, modifiedAt } = result.value as { id: string; modifiedAt?: number };
        promise(isCount(modifiedAt), `a time of ${modifiedAt}`);
        promise(id.length > 0 && id.length <= maxId && id.isWellFormed(), `an id of ${id.length} characters`);
      }
    }),
    target('headers of a rate limit', fc.tuple(fc.constantFrom(...statuses), headers), ([status, pairs]) => {
      const its = Object.fromEntries(pairs);
      const limit = rateLimitOf(its);
      promise(isCount(limit?.periodMs) && isCount(limit?.resetMs) && isCount(limit?.limit), 'a limit that is none');
      const wait = retryAfterMsOf(status, its, Date.now());
      promise(isCount(wait) && (wait ?? 0) <= 3_600_000, `a wait of ${wait} ms`);
    }),
  ];
}
