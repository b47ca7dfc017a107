import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { anyJson, bytesOf, spoiled } from '../json.ts';

const host = 'host: a\r\n';
const headOf = (target: string, headers = host) => `GET ${target} HTTP/1.1\r\n${headers}\r\n`;
const post = (headers: string, body: string) =>
  `POST /v1/explain HTTP/1.1\r\n${host}content-type: application/json\r\n${headers}\r\n${body}`;

const odd: readonly string[] = [
  headOf('/health/live'),
  headOf('/%zz'),
  headOf('/\u0000'),
  headOf('http://elsewhere.example/metrics'),
  headOf('*'),
  headOf(`/${'a'.repeat(20_000)}`),
  headOf('/', ''),
  headOf('/', `${host}${host}`),
  headOf('/', `${host}${'x: y\r\n'.repeat(3000)}`),
  headOf('/', `${host}x: ${'y'.repeat(100_000)}\r\n`),
  headOf('/', `${host}expect: nonsense\r\n`),
  headOf('/', `${host}upgrade: websocket\r\nconnection: upgrade\r\n`),
  headOf('/', `${host} folded\r\nx\u0000: y\r\n`),
  'GET / HTTP/9.9\r\n\r\n',
  'GET /\r\n\r\n',
  'GET / HTTP/1.1\n\n',
  'CONNECT elsewhere.example:443 HTTP/1.1\r\nhost: a\r\n\r\n',
  'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n',
  '\u0016\u0003\u0001\u0002\u0000\u0001\u0000\u0001\u00fc\u0003\u0003',
  post('content-length: 100\r\n', '{"a":'),
  post('content-length: -1\r\n', '{}'),
  post('content-length: 99999999999999999999\r\n', '{}'),
  post('content-length: 2\r\ncontent-length: 3\r\n', '{}'),
  post('content-length: 2\r\ntransfer-encoding: chunked\r\n', '2\r\n{}\r\n0\r\n\r\n'),
  post('transfer-encoding: chunked\r\n', 'zz\r\n{}\r\n'),
  post('transfer-encoding: chunked\r\n', 'ffffffffffffffff\r\n{}\r\n'),
  post('transfer-encoding: chunked\r\n', `2;${'x'.repeat(50_000)}\r\n{}\r\n0\r\n\r\n`),
  post('transfer-encoding: chunked\r\n', '2\r\n{}\r\n0\r\nx: y\r\n\r\n'),
  post('transfer-encoding: nonsense\r\n', '{}'),
  headOf('/metrics').repeat(30),
];

/** Requests in pieces that no HTTP client would send. */
export const rawRequests = fc.record({
  pieces: fc.array(
    fc.oneof(
      { weight: 4, arbitrary: fc.constantFrom(...odd).map((text) => Buffer.from(text, 'latin1')) },
      { weight: 1, arbitrary: fc.uint8Array({ maxLength: 200 }).map((bytes) => Buffer.from(bytes)) },
    ),
    { minLength: 1, maxLength: 3 },
  ),
  pauseMs: fc.constantFrom(0, 0, 0, 20),
});

interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly format?: string;
  readonly pattern?: string;
  readonly enum?: readonly unknown[];
  readonly const?: unknown;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: Schema;
  readonly allOf?: readonly Schema[];
  readonly oneOf?: readonly Schema[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
}

interface Parameter {
  readonly name: string;
  readonly in: 'path' | 'query' | 'header';
}

interface DescribedOperation {
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Schema }>> };
  readonly responses: Readonly<Record<string, unknown>>;
}

/** The used fields of a service's `/openapi.json`. */
export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, DescribedOperation>>>>;
  readonly components?: { readonly schemas?: Readonly<Record<string, Schema>> };
}

/** A route of a service. */
export interface Operation {
  readonly method: string;
  /** The path as in OpenAPI: `/v1/source-orgs/{org}`. */
  readonly path: string;
  readonly queries: readonly string[];
  /** The bodies of the route; undefined if it has none. */
  readonly body?: fc.Arbitrary<unknown>;
  readonly statuses: ReadonlySet<number>;
}

const get = (path: string, ...statuses: number[]): Operation => ({
  method: 'GET',
  path,
  queries: [],
  statuses: new Set(statuses),
});

/** The routes of a management port. */
export const managementOperations: readonly Operation[] = [
  get('/health/started', 200, 503),
  get('/health/live', 200, 503),
  get('/health/ready', 200, 503),
  get('/metrics', 200),
];

export const operationsOf = (document: OpenApi): Operation[] => [
  ...Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, described]) => operationOf(document, path, method, described)),
  ),
  get('/openapi.json', 200),
];

function operationOf(document: OpenApi, path: string, method: string, described: DescribedOperation): Operation {
  const { parameters = [], requestBody, responses } = described;
  const schema = requestBody && Object.values(requestBody.content)[0]?.schema;
  return {
    method: method.toUpperCase(),
    path,
    queries: parameters.filter((each) => each.in === 'query').map(({ name }) => name),
    ...(schema ? { body: valuesOf(document, schema) } : {}),
    statuses: new Set(Object.keys(responses).map(Number)),
  };
}

// Values of the running services are placeholders `:name` until a request is sent.
const known: Readonly<Record<string, fc.Arbitrary<unknown>>> = {
  dataCenter: fc.constantFrom('SANDBOX-EU1', 'SANDBOX-AP1', 'NOWHERE'),
  apiKey: fc.constant(':apiKey'),
  applicationKey: fc.constant(':applicationKey'),
  connectionId: fc.constant(':id'),
  message: fc.constantFrom('@oncall-core-infra @oncall-nobody', '@oncall-'.repeat(1000)),
};

function valuesOf(document: OpenApi, schema: Schema): fc.Arbitrary<unknown> {
  const { $ref, allOf, oneOf, type, properties, items } = schema;
  const inner = (each: Schema) => valuesOf(document, each);
  if ($ref) return inner(document.components?.schemas?.[$ref.split('/').at(-1) ?? ''] ?? {});
  if (schema.const !== undefined) return fc.constant(schema.const);
  if (schema.enum) return fc.constantFrom(...schema.enum);
  const some = allOf ?? oneOf;
  if (some) return fc.oneof(...some.map(inner));
  if (properties) {
    const fields = Object.entries(properties).map(([name, each]) => [name, known[name] ?? inner(each)] as const);
    return fc.record(Object.fromEntries(fields), { requiredKeys: [...(schema.required ?? [])] });
  }
  if (type === 'array') return fc.array(inner(items ?? {}), { maxLength: 5 });
  if (type === 'boolean') return fc.boolean();
  if (type === 'integer' || type === 'number')
    return fc.integer({ min: schema.minimum ?? 0, max: schema.maximum ?? 9 });
  return type === 'string' ? textsOf(schema) : fc.jsonValue();
}

function textsOf({ pattern, format, minLength = 0, maxLength = 40 }: Schema): fc.Arbitrary<string> {
  if (format === 'uuid') return fc.uuid();
  if (format === 'date-time') return fc.constant(new Date().toISOString());
  if (format === 'uri') return fc.constant('https://a.example/');
  if (pattern) return fc.stringMatching(new RegExp(pattern));
  return fc.string({ minLength, maxLength: Math.max(minLength, Math.min(maxLength, 40)) });
}

/** A drawn request, with `:name` as a placeholder for values of the running services. */
export interface DrawnRequest {
  /** The documented statuses of the route; undefined for a request without a route. */
  readonly statuses?: ReadonlySet<number>;
  readonly method: string;
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: Buffer | undefined;
}

const oddSegments = [
  '',
  '.',
  '..',
  '..%2f..',
  '%00',
  '%',
  '%zz',
  '%E0%A4%A',
  '%ED%A0%80',
  'a%2Fb',
  '__proto__',
  'constructor',
  '%F0%9F%98%80',
  'a'.repeat(10_000),
  '0'.repeat(64),
];
const segment = (good: string) =>
  fc.oneof(
    { weight: good.startsWith(':') ? 12 : 60, arbitrary: fc.constant(good) },
    { weight: 1, arbitrary: fc.constantFrom(...oddSegments) },
    { weight: 1, arbitrary: fc.uuid() },
    { weight: 1, arbitrary: fc.string({ unit: 'binary' }).map(encoded) },
  );

/** Escapes characters that a request line cannot contain. */
const encoded = (text: string): string => encodeURIComponent(text.toWellFormed());

const queryNames = ['query', 'limit', 'cursor', '__proto__', 'a[b][c]', 'a[]', '', 'toString'];
const queryValues = [
  '',
  '1',
  '0',
  '-1',
  '1e99',
  '201',
  'NaN',
  'core',
  '%00',
  '%',
  '%zz',
  '[',
  'a'.repeat(8000),
  '%F0%9F%98%80',
];
const pair = (names: readonly string[]) =>
  fc
    .tuple(
      fc.constantFrom(...names, ...queryNames),
      fc.oneof(fc.constantFrom(...queryValues), fc.string().map(encoded)),
    )
    .map(([name, value]) => `${name}=${value}`);
const queryOf = (names: readonly string[]) =>
  fc.oneof(
    { weight: 4, arbitrary: fc.constant('') },
    {
      weight: 4,
      arbitrary: fc.array(pair(names), { minLength: 1, maxLength: 4 }).map((pairs) => `?${pairs.join('&')}`),
    },
    { weight: 1, arbitrary: fc.constantFrom(`?a${'[b]'.repeat(2000)}=1`, `?${'limit=1&'.repeat(1500)}`, '?', '??&=&') },
  );

const latin = fc.string({
  unit: fc
    .constantFrom(...Array.from({ length: 0xff - 0x20 }, (_, n) => n + 0x20).filter((code) => code !== 0x7f))
    .map((code) => String.fromCharCode(code)),
});
const oddHeaders = fc.record(
  {
    'if-match': fc.oneof(fc.constantFrom('*', 'W/":etag"', '"1"', '"1", "2"', '', 'x'.repeat(8000)), latin),
    'x-actor': fc.oneof(fc.constantFrom('alice', '', 'ü', 'x'.repeat(129), 'x'.repeat(20_000)), latin),
    authorization: fc.oneof(fc.constantFrom('', 'Bearer', 'Bearer a.b.c', 'Bearer pbt_a', 'Basic YTpi'), latin),
    'x-request-id': fc.oneof(fc.constantFrom('r-1', '../../etc', 'x'.repeat(200)), latin),
    accept: fc.constantFrom('text/html', 'application/json;q=0', '*/*;;'),
    cookie: fc.constant('a=b; __proto__=c'),
    'accept-encoding': fc.constantFrom('gzip', 'br;q=1e9', '*'),
    'if-none-match': fc.constantFrom('*', 'W/"x"'),
    range: fc.constantFrom('bytes=0-1', 'bytes=9-1'),
    'x-forwarded-for': latin,
    'x-http-method-override': fc.constantFrom('DELETE', 'TRACE'),
  },
  { requiredKeys: [] },
);
const headersOf = fc.oneof({ weight: 2, arbitrary: fc.constant({ 'if-match': ':etag' }) }, oddHeaders);

const jsonTypes = [
  'application/json',
  'application/json',
  'application/json; charset=utf-8',
  'application/merge-patch+json',
];
const otherTypes = [
  'text/plain',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  'application/json; charset=utf-16',
  'application/json; charset=nonsense',
  'application/json; charset="',
  '/',
  'ü',
];
const contentType = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...jsonTypes) },
  { weight: 1, arbitrary: fc.constantFrom(...otherTypes) },
);

type Encoding = readonly [name: string, encode: (body: Buffer) => Buffer];
const half = (bytes: Buffer) => bytes.subarray(0, bytes.length >> 1);
const encodings: readonly Encoding[] = [
  ['gzip', gzipSync],
  ['gzip', (body) => half(gzipSync(body))],
  ['gzip', (body) => body],
  ['gzip', () => gzipSync(Buffer.alloc(64 * 1024 * 1024))],
  ['deflate', deflateSync],
  ['deflate', (body) => half(deflateSync(body))],
  ['br', brotliCompressSync],
  ['br', (body) => body],
  ['zstd', zstdCompressSync],
  ['gzip, gzip', (body) => gzipSync(gzipSync(body))],
  ['nonsense', (body) => body],
];
const plain: Encoding = ['', (body) => body];
const encoding = fc.oneof(
  { weight: 8, arbitrary: fc.constant(plain) },
  { weight: 1, arbitrary: fc.constantFrom(...encodings) },
);

const bodyOf = (good: fc.Arbitrary<unknown>) =>
  fc
    .tuple(
      fc.oneof(
        { weight: 6, arbitrary: bytesOf(spoiled(good)) },
        { weight: 1, arbitrary: bytesOf(anyJson) },
        { weight: 1, arbitrary: fc.uint8Array({ maxLength: 100 }).map((bytes) => Buffer.from(bytes)) },
      ),
      contentType,
      encoding,
      fc.constantFrom('known', 'known', 'chunked'),
    )
    .map(([bytes, type, [name, encode], length]) => ({
      body: encode(bytes),
      headers: {
        'content-type': type,
        ...(name ? { 'content-encoding': name } : {}),
        ...(length === 'chunked' ? { 'transfer-encoding': 'chunked' } : {}),
      },
    }));

const noBody = fc.constant({ body: undefined, headers: {} });

function requestOf(operation: Operation): fc.Arbitrary<DrawnRequest> {
  const path = fc.tuple(
    ...operation.path
      .split('/')
      .slice(1)
      .map((part) => segment(part.replace(/^\{(.*)\}$/, ':$1'))),
  );
  const bodies = operation.body
    ? fc.oneof({ weight: 6, arbitrary: bodyOf(operation.body) }, { weight: 1, arbitrary: noBody })
    : fc.oneof({ weight: 6, arbitrary: noBody }, { weight: 1, arbitrary: bodyOf(anyJson) });
  return fc
    .tuple(path, queryOf(operation.queries), headersOf, bodies)
    .map(([parts, query, headers, { body, headers: its }]) => ({
      statuses: operation.statuses,
      method: operation.method,
      path: `/${parts.join('/')}${query}`,
      headers: { ...headers, ...its },
      body,
    }));
}

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'TRACE', 'PROPFIND', 'QUERY', 'PURGE'];

/** Draws any method on any path; most of them match no route. */
const stray = (operations: readonly Operation[]): fc.Arbitrary<DrawnRequest> =>
  fc.record({
    method: fc.constantFrom(...methods),
    path: fc
      .tuple(
        fc.oneof(
          fc.constantFrom(...operations.map(({ path }) => path.replaceAll('{', ':').replaceAll('}', ''))),
          fc.array(segment('v1'), { maxLength: 4 }).map((parts) => `/${parts.join('/')}`),
        ),
        queryOf([]),
      )
      .map(([path, query]) => path + query),
    headers: headersOf,
  });

export const requestsOf = (operations: readonly Operation[]): fc.Arbitrary<DrawnRequest> =>
  fc.oneof(
    { weight: 5, arbitrary: fc.oneof(...operations.map(requestOf)) },
    { weight: 1, arbitrary: stray(operations) },
  );
