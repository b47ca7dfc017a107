import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { TopicState } from '../topics/topic-states.ts';
import type { Answer } from './ask.ts';
import { brokerClock, deadLetters, lags } from './kafka-checks.ts';
import { configurationIn, redactedBy } from './redacted.ts';
import { addressesOf, checkService } from './services.ts';

const now = Date.parse('2026-06-01T12:00:00Z');
const answer = (its: Partial<Answer>): Answer => ({
  ...{ status: 200, body: '', date: undefined, error: '', askedAt: now, answeredAt: now },
  ...its,
});
const checked = (health: Partial<Answer>, metrics = '') =>
  checkService({ name: 'pageDelivery', health: answer(health), metrics: answer({ body: metrics }) });

describe('the check of a service', () => {
  it.each([
    ['is ready', { body: '{"checks":{"database":{"ok":true}}}' }, 'ok', 'ready, and its database'],
    [
      'names what it waits for',
      { status: 503, body: '{"checks":{"kafka":{"ok":false,"detail":"no broker"},"database":{"ok":false}}}' },
      'fault',
      'kafka: no broker; database: not ready',
    ],
    [
      'says that it does not answer',
      { status: undefined, error: 'http://x is unreachable: ECONNREFUSED' },
      'fault',
      'http://x is unreachable: ECONNREFUSED',
    ],
    [
      'takes any other answer for a fault',
      { status: 404, body: '<html>' },
      'fault',
      'responded with 404 and no checks',
    ],
    ['takes a page for a fault', { body: '<html>' }, 'fault', 'responded with 200 and no checks'],
    ['takes other JSON for a fault', { body: 'null' }, 'fault', 'responded with 200 and no checks'],
  ])('%s', (_, health, state, detail) => {
    expect(checked(health)).toMatchObject([{ check: 'pageDelivery', state, detail }]);
  });

  it('finds a clock that differs by more than the header Date leaves open', () => {
    const clockAt = (ms: number) => checked({ date: new Date(now + ms).toUTCString() }).slice(1);
    for (const ms of [0, -2000, 1000]) expect(clockAt(ms)).toEqual([]);
    expect(clockAt(60_000)).toMatchObject([
      { check: 'clock of pageDelivery', state: 'warning', detail: expect.stringContaining('1 min') },
    ]);
    expect(clockAt(-60_000)).toMatchObject([{ state: 'warning' }]);
  });

  it('finds credentials that are sealed for keys which the service lacks', () => {
    const of = (count: number) =>
      checked({}, `# TYPE x gauge\npagebridge_credentials_of_unheld_keys{service="a"} ${count}\n`)[1];
    expect(of(0)).toMatchObject({ state: 'ok' });
    expect(of(3)).toMatchObject({ state: 'fault', detail: expect.stringContaining('3 credentials') });
  });
});

describe('what nobody can see', () => {
  const topic = (its: Partial<TopicState>): TopicState => ({
    ...{ topic: 'paging.alerts.v1', partitions: 1, records: 5, kept: null, last: null, groups: [] },
    ...its,
  });

  it('is a warning, and never all is well', () => {
    expect(lags(topic({ groups: [{ group: 'g', lagRecords: 3, lagSeconds: null }] }))).toMatchObject([
      { state: 'warning', detail: expect.stringContaining('of unknown age') },
    ]);
    expect(deadLetters(topic({ topic: 'paging.alerts.v1.dead' }))).toMatchObject([{ state: 'warning' }]);
    expect(deadLetters(topic({ topic: 'paging.alerts.v1.dead', records: 0 }))).toEqual([]);
    const silent = {
      name: 'a',
      health: answer({ body: '{"checks":{"a":{"ok":true}}}' }),
      metrics: answer({ status: 404 }),
    };
    expect(checkService(silent)[1]).toMatchObject({ check: 'metrics of a', state: 'warning' });
  });

  it('of the clock is said: an alert of yesterday does not show it', () => {
    const clockBy = (ms: number) => brokerClock([topic({ last: new Date(Date.now() + ms).toISOString() })]);
    expect(clockBy(-86_400_000).detail).toContain('unknown');
    expect(brokerClock([]).detail).toContain('unknown');
    expect(clockBy(-1000).detail).toContain('not ahead');
    expect(clockBy(60_000).state).toBe('warning');
  });
});

describe('what is written for support', () => {
  it('has no value of a secret variable, however it is quoted', () => {
    fc.assert(
      fc.property(
        fc.string({ minLength: 4, maxLength: 40 }),
        fc.constantFrom('KAFKA_SASL_PASSWORD', 'MY_TOKEN', 'DATABASE_URL'),
        (secret, name) => {
          fc.pre(!'{"detail":"[redacted] is refused"}'.includes(secret));
          const text = redactedBy({ [name]: secret })(JSON.stringify({ detail: `${secret} is refused` }));
          expect(text).not.toContain(secret);
          expect(text).not.toContain(JSON.stringify(secret).slice(1, -1));
        },
      ),
    );
    const env = {
      KAFKA_SASL_PASSWORD: 'planted',
      HTTPS_PROXY: 'http://u:planted@p:1',
      KAFKA_BROKERS: 'k:9092',
      HOME: '/root',
      KAFKA_TLS_KEY_FILE: '/k.pem',
    };
    expect(configurationIn(env)).toEqual({
      ...{ KAFKA_SASL_PASSWORD: '[set]', HTTPS_PROXY: '[set]', KAFKA_BROKERS: 'k:9092', KAFKA_TLS_KEY_FILE: '/k.pem' },
    });
  });

  it.each([
    'mysql://pagebridge:planted@db:3306/x does not answer',
    'authorization: Bearer planted',
    '{"apiKey":"planted","b":1}',
    'password=planted',
    'Authorization: Basic planted==',
    'mysql://pagebridge:p@ss/planted@db:3306/x does not answer',
    'password: two planted, words; planted',
    String.raw`{"body":"{\"password\":\"a\\\"planted\",\"b\":1}"}`,
    '{"secret":"a\\"planted"}',
    "{'token': 'two planted'}",
    'eyJplantedplanted.eyJplanted.planted',
    'pbt_plantedplantedplanted',
    '-----BEGIN PRIVATE KEY-----\nplanted\n-----END PRIVATE KEY-----',
  ])('has nothing that has the form of a secret: %s', (text) => {
    expect(redactedBy({})(text)).not.toContain('planted');
  });

  it('has no key of 32 or 40 hexadecimal digits, and what stands beside a secret', () => {
    const hexadecimal = (length: number) => fc.stringMatching(new RegExp(`^[0-9a-f]{${length}}$`));
    fc.assert(
      fc.property(fc.oneof(hexadecimal(32), hexadecimal(40)), fc.constantFrom(' ', '"', '=', ':'), (key, beside) => {
        expect(redactedBy({})(`a${beside}${key}${beside}b`)).toBe(`a${beside}[redacted]${beside}b`);
      }),
    );
    const text = JSON.stringify({ password: 'planted', detail: 'kept' });
    expect(JSON.parse(redactedBy({})(text))).toEqual({ password: '[redacted]', detail: 'kept' });
    expect(JSON.parse(redactedBy({})(JSON.stringify({ body: text })))).toEqual({
      body: JSON.stringify({ password: '[redacted]', detail: 'kept' }),
    });
  });

  it('keeps what is not secret', () => {
    const text = 'pagebridge_access_tokens_total{service="a"} 5\nkey acme-us/monitor-1, http://127.0.0.1:1/health';
    expect(redactedBy({ HOME: '/root' })(text)).toBe(text);
  });
});

describe('the pods of kubectl get pods -o json', () => {
  const pod = (name: string, podIP: string | undefined, ...ports: { name: string; containerPort: number }[]) => ({
    ...{ metadata: { name }, spec: { containers: [{ ports }, {}] }, status: podIP === undefined ? {} : { podIP } },
  });

  it('give the management port of each service, by IPv4 or IPv6, and nothing else', () => {
    const http = { name: 'http', containerPort: 8083 };
    const items = [
      pod('routing-1', '10.0.0.7', http, { name: 'management', containerPort: 9083 }),
      pod('delivery-1', 'fd00::8', { name: 'management', containerPort: 9084 }),
      pod('starting', undefined, { name: 'management', containerPort: 9084 }),
      pod('pagebridge-inspect', '10.0.0.9'),
    ];
    expect(addressesOf({ kind: 'List', items })).toEqual({
      management: {
        'routing-1': 'http://10.0.0.7:9083',
        'delivery-1': 'http://[fd00::8]:9084',
        starting: 'http://pending:9084',
      },
    });
  });
});
