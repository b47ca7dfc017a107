import { readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { orgAlertTopicOf } from '@pagebridge/contracts';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { Registry } from 'prom-client';
import { Bus, startIntake } from './alert-intake.fixtures.ts';

const bus = new Bus();
let one: Awaited<ReturnType<typeof startIntake>>;
let other: Awaited<ReturnType<typeof startIntake>>;

beforeAll(async () => {
  await bus.start();
  [one, other] = await Promise.all([startIntake(), startIntake()]);
});
afterAll(async () => {
  await Promise.all([one, other].map((each) => each?.app.close()));
  await bus.stop();
});

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: Record<string, unknown>;
}

async function post(
  path: string,
  token: string,
  body: unknown,
  its: Record<string, string> = {},
  url = one.url,
): Promise<Answer> {
  const isBytes = typeof body === 'string' || body instanceof Uint8Array;
  const headers = {
    'content-type': 'application/json',
    ...(token ? { authorization: `Bearer ${token}` } : {}),
    ...its,
  };
  const response = await fetch(url + path, {
    method: 'POST',
    headers,
    body: isBytes ? (body as string) : JSON.stringify(body),
  });
  return {
    status: response.status,
    headers: response.headers,
    body: (await response.json()) as Record<string, unknown>,
  };
}

/** Resolves once both instances know a token. */
async function known(token: string): Promise<void> {
  for (const { url } of [one, other]) {
    const isKnown = async () => (await post(alertmanager, token, group(), {}, url)).status !== 401;
    await waitFor('the token', isKnown);
  }
}

const minute = (n: number): string => new Date(Date.UTC(2026, 10, 26, 12, n)).toISOString();
const member = (status: 'firing' | 'resolved', its: object = {}) => ({
  status,
  labels: { alertname: 'HighMemory', severity: 'critical' },
  annotations: { summary: 'High memory', description: '92 % @oncall-core-infra' },
  startsAt: minute(1),
  endsAt: status === 'resolved' ? minute(5) : '0001-01-01T00:00:00Z',
  fingerprint: '8a07086b74f3ba78',
  ...its,
});
const group = (...alerts: unknown[]) => ({ version: '4', status: 'firing', alerts });
const alertmanager = '/v1/intake/alertmanager';

async function anOrg(its: Parameters<Bus['integrate']>[0] = {}) {
  const sourceOrg = uniqueName('intake');
  const token = await bus.integrate({ sourceOrg, ...its });
  await known(token);
  return { sourceOrg, token };
}

describe('a webhook of Alertmanager', () => {
  it('is answered once Kafka has an event of each member, by its own status', async () => {
    const { sourceOrg, token } = await anOrg();
    const body = group(member('firing'), member('resolved', { fingerprint: 'c6eadffa33fcdf37' }));
    expect(await post(alertmanager, token, body)).toMatchObject({
      status: 200,
      body: { published: 2, unchanged: 0, withoutHandle: 0, refused: [] },
    });
    const seen = await bus.alerts(sourceOrg, 2);
    expect(seen.map(({ source, time, data }) => [source, time, data.alertKey, data.transition]).toSorted()).toEqual([
      ['/intake/here', minute(1), 'here:8a07086b74f3ba78', 'triggered'],
      ['/intake/here', minute(5), 'here:c6eadffa33fcdf37', 'recovered'],
    ]);
  });

  it('says nothing new when it is repeated, whichever instance takes it', async () => {
    const { sourceOrg, token } = await anOrg();
    for (const { url } of [one, other, one]) await post(alertmanager, token, group(member('firing')), {}, url);
    await post(alertmanager, token, group(member('resolved')), {}, other.url);
    await post(alertmanager, token, group(member('resolved')), {}, one.url);
    // Fires again with its old start, as after a gap in the evaluation of its rule.
    expect((await post(alertmanager, token, group(member('firing')), {}, other.url)).body).toMatchObject({
      published: 1,
    });
    const seen = await bus.alerts(sourceOrg, 3);
    expect(seen.map(({ time, data }) => [data.transition, time])).toEqual([
      ['triggered', minute(1)],
      ['recovered', minute(5)],
      ['triggered', new Date(Date.parse(minute(5)) + 1).toISOString()],
    ]);
  });

  it('makes one event when many copies arrive at once', async () => {
    const { sourceOrg, token } = await anOrg();
    const urls = Array.from({ length: 10 }, (_, i) => (i % 2 ? one.url : other.url));
    await Promise.all(urls.map((url) => post(alertmanager, token, group(member('firing')), {}, url)));
    const ids = (await bus.alerts(sourceOrg, 1)).map(({ id }) => id);
    expect(new Set(ids).size).toBe(1);
  });

  it('loses only the member that cannot be read: it is named in the answer, kept, and shown at the integration', async () => {
    const { sourceOrg, token } = await anOrg();
    const lost = { status: 'gone', labels: { alertname: 'HighMemory' } };
    expect((await post(alertmanager, token, group(member('firing'), lost))).body).toEqual({
      published: 1,
      unchanged: 0,
      withoutHandle: 0,
      refused: [{ place: 'alerts.1', reason: 'status is neither firing nor resolved' }],
    });
    const kept = () => bus.refused.filter((each) => each.sourceOrg === sourceOrg);
    await waitFor('what is kept', () => kept().length > 0);
    expect(kept()).toMatchObject([
      { integration: 'here', place: 'alerts.1', request: JSON.stringify({ alerts: [lost] }), isCut: false },
    ]);
    const reasons = () => bus.refusals.filter(([org]) => org === sourceOrg).map(([, reason]) => reason);
    await waitFor('the reason', () => reasons().length > 0);
    expect(reasons()).toEqual(['alerts.1: status is neither firing nor resolved']);
    // What is kept can be sent again.
    const again = kept()[0]?.request.replace('gone', 'firing') ?? '';
    expect((await post(alertmanager, token, again)).body).toMatchObject({ published: 1, refused: [] });
  });

  it('loses only the member that Kafka never takes, and says so', async () => {
    const { sourceOrg, token } = await anOrg();
    await bus.giveTopic(sourceOrg, { 'max.message.bytes': '3000' });
    const description = `${'0123456789abcdef'.repeat(1000)} @oncall-core-infra`;
    const large = member('firing', {
      fingerprint: 'large',
      annotations: { description: [...description].sort().join('') },
    });
    const send = () => post(alertmanager, token, group(large, member('firing', { fingerprint: uniqueName('print') })));
    await waitFor('the topic of the org', async () => (await send()).body.refused?.toString() !== '');
    const { status, body } = await send();
    expect([status, body.published, body.refused]).toEqual([
      200,
      1,
      [{ place: 'here:large', reason: expect.stringContaining('Kafka rejects the alert') }],
    ]);
    await waitFor('what is kept', () =>
      bus.refused.some((each) => each.sourceOrg === sourceOrg && each.place === 'here:large'),
    );
  });

  it('tells of what its sender cut off and of alerts that name nobody: in the answer, and at the integration', async () => {
    const { sourceOrg, token } = await anOrg();
    const unnamed = member('firing', { annotations: { summary: 'High memory' } });
    const cutOff = { place: 'truncatedAlerts', reason: 'max_alerts removed 12 alerts; unset it' };
    expect((await post(alertmanager, token, { ...group(unnamed), truncatedAlerts: 12 })).body).toEqual({
      published: 1,
      unchanged: 0,
      withoutHandle: 1,
      refused: [cutOff],
    });
    await waitFor('what is kept', () =>
      bus.refused.some((each) => each.sourceOrg === sourceOrg && each.reason === cutOff.reason),
    );
    await waitFor('the count', () => bus.withoutHandle.get(sourceOrg) === 1);
  });

  it('of another form is refused, with field and cure', async () => {
    const { sourceOrg, token } = await anOrg();
    const { status, body, headers } = await post(alertmanager, token, { text: 'hello' });
    expect(status).toBe(400);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    expect(body).toMatchObject({ code: 'not-understood', errors: [{ field: 'alerts', cure: expect.any(String) }] });
    await waitFor('the reason at the integration', () =>
      bus.refusals.some(([org, reason]) => org === sourceOrg && reason === body.detail),
    );
  });
});

describe('the token of a request', () => {
  it('decides its org and integration; the alerts of an org with a topic of its own go there', async () => {
    const { sourceOrg, token } = await anOrg({ name: 'prometheus-eu' });
    await bus.giveTopic(sourceOrg);
    await waitFor('an alert on the topic of the org', async () => {
      await post(alertmanager, token, group(member('firing', { fingerprint: uniqueName('print') })));
      return bus.alertsOf(sourceOrg).some(({ topic }) => topic === orgAlertTopicOf(sourceOrg));
    });
    expect(bus.alertsOf(sourceOrg)[0]).toMatchObject({ source: '/intake/prometheus-eu', data: { sourceOrg } });
  });

  it('may be the password of any user', async () => {
    const { token } = await anOrg();
    const authorization = `Basic ${Buffer.from(`anybody:${token}`).toString('base64')}`;
    expect(await post(alertmanager, '', group(member('firing')), { authorization })).toMatchObject({ status: 200 });
  });

  it('that is missing, unknown, without the right or of another kind sends nothing', async () => {
    const { sourceOrg, token } = await anOrg();
    const viewer = await bus.integrate({ sourceOrg, name: 'viewer' }, { permissions: ['handles:read'] });
    const noIntegration = await bus.integrate(
      { sourceOrg },
      { integration: undefined as never, permissions: ['alerts:write'] },
    );
    await known(viewer);
    await known(noIntegration);
    const codeOf = async (path: string, its: string) => {
      const { status, body } = await post(path, its, group(member('firing')));
      return [status, body.code];
    };
    expect(await codeOf(alertmanager, '')).toEqual([401, 'no-token']);
    expect(await codeOf(alertmanager, `pbt_${'x'.repeat(36)}`)).toEqual([401, 'malformed']);
    expect(await codeOf(alertmanager, viewer)).toEqual([403, 'no-integration']);
    expect(await codeOf(alertmanager, noIntegration)).toEqual([403, 'no-integration']);
    expect(await codeOf('/v1/intake/grafana', token)).toEqual([403, 'wrong-kind']);
    expect(bus.alertsOf(sourceOrg)).toEqual([]);
  });
});

describe('other dialects', () => {
  const event = {
    routing_key: '',
    event_action: 'trigger',
    dedup_key: 'srv01/mysql',
    payload: { summary: '@oncall-core-infra disk full', source: 'srv01', severity: 'critical' },
  };

  it('PagerDuty: 202 with the key; a repeat is nothing new, a resolve recovers', async () => {
    const { sourceOrg, token } = await anOrg({ kind: 'pagerduty' });
    const send = (its: object) => post('/v2/enqueue', '', { ...event, routing_key: token, ...its });
    expect(await send({})).toMatchObject({ status: 202, body: { status: 'success', dedup_key: 'srv01/mysql' } });
    await send({});
    await send({ event_action: 'acknowledge' });
    await send({ event_action: 'resolve' });
    const seen = await bus.alerts(sourceOrg, 2);
    expect(seen.map(({ data }) => [data.transition, data.alertKey])).toEqual([
      ['triggered', 'here:srv01/mysql'],
      ['recovered', 'here:srv01/mysql'],
    ]);
  });

  it('PagerDuty: a refused key is audited', async () => {
    await post('/v2/enqueue', '', { ...event, routing_key: `pbt_${'y'.repeat(36)}` });
    const counted = async () =>
      (await one.app.get(Registry).getSingleMetric('pagebridge_denied_requests_total')?.get())?.values ?? [];
    expect(await counted()).toContainEqual(
      expect.objectContaining({ labels: expect.objectContaining({ route: 'POST /v2/enqueue', reason: 'malformed' }) }),
    );
  });

  it('PagerDuty: a wrong key or a body that cannot be read is a 400 in its words', async () => {
    expect(await post('/v2/enqueue', '', { ...event, routing_key: 'R0' })).toMatchObject({
      status: 400,
      body: {
        status: 'invalid event',
        message: 'Event object is invalid',
        errors: ['Invalid routing key', expect.any(String)],
      },
    });
    expect(await post('/v2/enqueue', '', '{')).toMatchObject({ status: 400, body: { status: 'invalid event' } });
  });

  it('CloudEvents: pass as they are in each mode, and only those of the org of the token', async () => {
    const { sourceOrg, token } = await anOrg({ kind: 'cloudevents' });
    const data = {
      alertKey: 'web-7/disk',
      transition: 'triggered',
      origin: 'monitor',
      title: 'Disk full',
      message: '',
      occurredAt: minute(1),
    };
    const whole = (id: string, its: object = {}) => ({
      specversion: '1.0',
      type: 'com.pagebridge.alert.v1',
      source: '/nagios/eu',
      id,
      time: minute(1),
      data: { ...data, ...its },
    });
    const send = (type: string, body: unknown, its = {}) =>
      post('/v1/intake/cloudevents', token, body, { 'content-type': type, ...its });
    expect(await send('application/cloudevents+json', whole('1'))).toMatchObject({ status: 202, body: { ids: ['1'] } });
    expect((await send('application/cloudevents-batch+json', [whole('2'), whole('3')])).body).toEqual({
      ids: ['2', '3'],
    });
    const binary = {
      'ce-specversion': '1.0',
      'ce-type': 'com.pagebridge.alert.v1',
      'ce-source': '/nagios/eu',
      'ce-id': 'caf%C3%A9',
    };
    expect((await send('application/json', data, binary)).body).toEqual({ ids: ['café'] });
    expect(await send('application/cloudevents+json', whole('5', { sourceOrg: 'initech' }))).toMatchObject({
      status: 403,
    });
    expect(await send('text/plain', whole('6'))).toMatchObject({ status: 415 });
    const ofIntegration = { ...whole('7'), source: '/intake/prometheus-eu' };
    expect(await send('application/cloudevents+json', ofIntegration)).toMatchObject({ status: 400 });
    const seen = await bus.alerts(sourceOrg, 4);
    expect(seen.map(({ id, source }) => [id, source])).toEqual(['1', '2', '3', 'café'].map((id) => [id, '/nagios/eu']));
  });

  it('Datadog: a notification keeps its id, so that a retry is the same event', async () => {
    const { sourceOrg, token } = await anOrg({ kind: 'datadog' });
    const body: unknown = JSON.parse(
      readFileSync(new URL('sources/datadog/examples/triggered.json', import.meta.url), 'utf8'),
    );
    for (let times = 0; times < 2; times += 1) expect((await post('/v1/intake/datadog', token, body)).status).toBe(200);
    const seen = await bus.alerts(sourceOrg, 2);
    expect(seen.map(({ id, time }) => [id, time])).toEqual(
      Array(2).fill(['8306082202796025694', '2025-10-01T18:37:04.000Z']),
    );
  });

  it('Datadog: a trigger that comes again after its recovery publishes nothing, whichever instance takes it', async () => {
    const { sourceOrg, token } = await anOrg({ kind: 'datadog' });
    const send = (id: string, transition: string, date: string, url: string) => {
      const body = { id, transition, date, monitor: '1', cycle: '2', message: '@oncall-core-infra' };
      return post('/v1/intake/datadog', token, body, {}, url);
    };
    await send('2', 'Recovered', minute(5), one.url);
    expect((await send('1', 'Triggered', minute(1), other.url)).body).toMatchObject({ published: 0, unchanged: 1 });
    expect((await send('3', 'Triggered', minute(6), other.url)).body).toMatchObject({ published: 1 });
    const seen = await bus.alerts(sourceOrg, 2);
    expect(seen.map(({ id }) => id)).toEqual(['2', '3']);
  });
});

describe('a body', () => {
  it('may be gzip, is bounded when it is inflated, and is UTF-8 that is not nested deeply', async () => {
    const { token } = await anOrg({ kind: 'alerts' });
    const send = (body: string | Uint8Array, its = {}) => post('/v1/intake/alerts', token, body, its);
    const alert = JSON.stringify({ key: 'a', status: 'firing', title: 'Disk full' });
    expect((await send(gzipSync(alert), { 'content-encoding': 'gzip' })).status).toBe(202);
    expect((await send(gzipSync(Buffer.alloc(64 * 1024 * 1024)), { 'content-encoding': 'gzip' })).status).toBe(413);
    expect((await send(' '.repeat(5 * 1024 * 1024))).status).toBe(413);
    expect((await send(Buffer.from(alert, 'utf16le'))).status).toBe(400);
    expect((await send(Buffer.from([0x22, 0xff, 0x22]))).status).toBe(400);
    expect((await send(alert, { 'content-type': 'application/json; charset=utf-16' })).status).toBe(415);
    expect((await send('['.repeat(1_000_000) + ']'.repeat(1_000_000))).status).toBe(400);
  });

  it('with more values than alerts of its size have is refused before it is parsed', async () => {
    const { token } = await anOrg({ kind: 'alerts' });
    const lists = gzipSync(`[${'[],'.repeat(1_300_000)}[]]`);
    const { status, body } = await post('/v1/intake/alerts', token, lists, { 'content-encoding': 'gzip' });
    expect([status, body.code, body.detail]).toEqual([400, 'invalid-request', 'the body has more than 174762 values']);
  });

  it('of a stranger is not parsed', async () => {
    const lists = gzipSync(`{"routing_key":"pbt_${'x'.repeat(36)}","a":[${'[],'.repeat(100_000)}`);
    const { status, body } = await post('/v2/enqueue', '', lists, { 'content-encoding': 'gzip' });
    expect([status, body.errors]).toEqual([400, ['Invalid routing key', expect.any(String)]]);
  });

  it('of a stranger makes room when it does not arrive', async () => {
    const { token } = await anOrg({ kind: 'pagerduty' });
    const { port, hostname } = new URL(one.url);
    const open = Array.from({ length: 80 }, () => {
      const socket = connect(Number(port), hostname);
      socket.write('POST /v2/enqueue HTTP/1.1\r\nhost: x\r\ncontent-length: 524288\r\n\r\n');
      return socket;
    });
    const sent = { routing_key: token, event_action: 'trigger', payload: { summary: 's', severity: 'error' } };
    const send = (dedup_key: string) => post('/v2/enqueue', '', { ...sent, dedup_key });
    const answers = await Promise.all(Array.from({ length: 20 }, (_, i) => send(`srv-${i}`)));
    for (const socket of open) socket.destroy();
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([202]));
  });

  it('that does not arrive is given up after ten seconds, and its sender may come again', async () => {
    const { token } = await anOrg({ kind: 'alerts' });
    const { port, hostname } = new URL(one.url);
    const socket = connect(Number(port), hostname);
    socket.write(
      `POST /v1/intake/alerts HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${token}\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{`,
    );
    const answer = await text(socket);
    expect(answer).toMatch(/^HTTP\/1\.1 503 /);
    expect(answer).toContain('body-incomplete');
  });
});
