import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import fc from 'fast-check';
import { anyJson, bytesOf, spoiled } from '../json.ts';
import type { Operation } from './operations.ts';

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
