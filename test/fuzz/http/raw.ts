import fc from 'fast-check';

const host = 'host: a\r\n';
const get = (target: string, headers = host) => `GET ${target} HTTP/1.1\r\n${headers}\r\n`;
const post = (headers: string, body: string) =>
  `POST /v1/explain HTTP/1.1\r\n${host}content-type: application/json\r\n${headers}\r\n${body}`;

const odd: readonly string[] = [
  get('/health/live'),
  get('/%zz'),
  get('/\u0000'),
  get('http://elsewhere.example/metrics'),
  get('*'),
  get(`/${'a'.repeat(20_000)}`),
  get('/', ''),
  get('/', `${host}${host}`),
  get('/', `${host}${'x: y\r\n'.repeat(3000)}`),
  get('/', `${host}x: ${'y'.repeat(100_000)}\r\n`),
  get('/', `${host}expect: nonsense\r\n`),
  get('/', `${host}upgrade: websocket\r\nconnection: upgrade\r\n`),
  get('/', `${host} folded\r\nx\u0000: y\r\n`),
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
  get('/metrics').repeat(30),
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
