import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uniqueName, unlimited, waitFor } from '@pagebridge/testing';
import { good, RunningService } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService({ ...unlimited, CHECK_WAIT_MS: '0' });
const path = `/v1/source-orgs/${uniqueName('acme')}/connections`;
const rotated = { apiKey: 'canary-api-key-000003', applicationKey: 'ddapp_canary-application-000004' };
const wrong = { ...good, applicationKey: 'ddapp_another-key-00' };

beforeAll(async () => {
  await service.start();
  service.destination.accept(rotated);
});
afterAll(async () => {
  await service.stop();
  jest.restoreAllMocks();
});

interface Result {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>> & { readonly checks: readonly { readonly name: string }[] };
}

const input = (its: object = {}) => ({
  name: uniqueName('Globex'),
  dataCenter: 'TEST1',
  allowDuplicate: true,
  ...good,
  ...its,
});
const create = async () => (await service.send('POST', path, input())).body;

const ask = (method: string, url: string, body?: object, its: Record<string, string> = {}, signal?: AbortSignal) =>
  fetch(`${service.url}${url}`, {
    method,
    headers: { accept: 'text/event-stream', 'content-type': 'application/json', ...its },
    ...(body ? { body: JSON.stringify(body) } : {}),
    ...(signal ? { signal } : {}),
  });

interface Event {
  readonly event: string;
  readonly data: unknown;
}

/** Reads the events of an answer, as they come. */
async function* eventsIn({ body }: Response): AsyncGenerator<Event> {
  let text = '';
  for await (const chunk of body?.pipeThrough(new TextDecoderStream()) ?? []) {
    const blocks = `${text}${chunk}`.split('\n\n');
    text = blocks.pop() ?? '';
    for (const block of blocks) {
      const [, event = '', data = ''] = /^event: (\w+)\ndata: (.+)$/.exec(block) ?? [];
      yield { event, data: JSON.parse(data) };
    }
  }
}

/** Reads all events: the names of the checks in their order, and the result, which is the last. */
async function streamed(asked: Promise<Response>) {
  const response = await asked;
  const events: Event[] = [];
  for await (const event of eventsIn(response)) events.push(event);
  expect(events.map(({ event }) => event)).toEqual([...Array(events.length - 1).fill('check'), 'result']);
  const checks = events.slice(0, -1).map(({ data }) => data as { name: string; result: string; cure?: string });
  return { response, checks, result: events.at(-1)?.data as Result };
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => a.name.localeCompare(b.name);

/** Holds each call of the destination for its user, until it is released. */
function holdUser() {
  const { promise, resolve } = Promise.withResolvers<void>();
  const pause = jest.spyOn(service.destination.org.dependencies, 'pause').mockReturnValue(promise);
  service.destination.strike({ kind: 'latency', ms: 1 }, { path: '/api/v2/current_user*' });
  return () => {
    resolve();
    pause.mockRestore();
    service.destination.org.faults.clear();
  };
}

describe('a caller that prefers events', () => {
  it('gets each check, and then the answer with its status and headers', async () => {
    const { response, checks, result } = await streamed(ask('POST', path, input()));
    expect(response.status).toBe(200);
    expect(Object.fromEntries(response.headers)).toMatchObject({
      'content-type': 'text/event-stream',
      'cache-control': 'no-store',
      'x-accel-buffering': 'no',
    });
    expect(result).toMatchObject({
      status: 201,
      headers: {
        etag: '"1.0"',
        location: `${path}/${result.body.id}`,
        ratelimit: expect.stringContaining('"added-connections"'),
      },
    });
    expect(checks.toSorted(byName)).toEqual(result.body.checks.toSorted(byName));
    const { body } = await service.send('GET', `${path}/${result.body.id}`);
    expect(result.body).toEqual(body);
  });

  it('gets a check before the destination has answered the next question', async () => {
    const release = holdUser();
    const names: string[] = [];
    for await (const { event, data } of eventsIn(await ask('POST', path, input()))) {
      const { name = event, status } = data as { name?: string; status?: number };
      names.push(name);
      if (name === 'key-pair') {
        expect(names).toEqual(['application-key-kind', 'api-key', 'key-pair']);
        release();
      }
      if (event === 'result') expect(status).toBe(201);
    }
    expect(names.slice(3)).toContain('service-account');
    expect(names.at(-1)).toBe('result');
  });

  it('gets the connection added even if it leaves meanwhile', async () => {
    const release = holdUser();
    const leaving = new AbortController();
    const wanted = input();
    const events = eventsIn(await ask('POST', path, wanted, {}, leaving.signal));
    await events.next();
    leaving.abort();
    await expect(events.next()).rejects.toThrow();
    release();
    const added = async () => {
      const { body } = await service.send('GET', `${path}?limit=200`);
      return (body.items as { name: string }[]).find(({ name }) => name === wanted.name);
    };
    expect(await waitFor('the connection', added)).toMatchObject({ status: 'active' });
  });

  it('gets the same refusal of its keys as any caller, as the result', async () => {
    const plain = await service.send('POST', path, input(wrong));
    const { checks, result } = await streamed(ask('POST', path, input(wrong)));
    expect(checks.filter(({ result }) => result === 'failed')).toEqual([
      expect.objectContaining({ name: 'key-pair', cure: expect.stringContaining('same org') }),
    ]);
    expect(result).toMatchObject({ status: 422, body: { code: 'credential-refused', requestId: expect.any(String) } });
    expect({ ...result.body, requestId: '' }).toEqual({ ...plain.body, requestId: '' });
    expect(result.headers).toMatchObject({
      'content-type': 'application/problem+json',
      'ratelimit-policy': plain.headers.get('ratelimit-policy'),
    });
  });

  it('is told when to retry if the destination does not answer', async () => {
    service.destination.strike({ kind: 'error', status: 503, body: 'empty' }, { path: '/api/v2/current_user*' });
    const { checks, result } = await streamed(ask('POST', path, input()));
    service.destination.org.faults.clear();
    expect(result).toMatchObject({
      status: 503,
      headers: { 'retry-after': '5' },
      body: { code: 'destination-unavailable', retriable: true, retryAfterMs: 5000 },
    });
    expect(checks.toSorted(byName)).toEqual(result.body.checks.toSorted(byName));
  });

  it('gets the checks of new and of stored keys too', async () => {
    const one = `${path}/${(await create()).id}`;
    const put = await streamed(ask('PUT', `${one}/credentials`, rotated, { 'if-match': '*' }));
    expect(put.result).toMatchObject({
      status: 200,
      headers: { etag: '"2.0"' },
      body: { credentials: { revision: 2 } },
    });
    expect(put.checks.map(({ name }) => name)).toContain('same-org');
    const check = await streamed(ask('POST', `${one}/check`, rotated));
    expect(check.result).toMatchObject({ status: 200, body: { result: 'passed' } });
    const use = await streamed(ask('POST', `${one}/check`));
    expect(use.result).toMatchObject({ status: 200, body: { result: 'unknown' } });
    expect(use.checks).toEqual(use.result.body.checks);
  });

  it('gets an ordinary answer if its request is refused before the first check', async () => {
    const { id, name } = await create();
    const keys = `${path}/${id}/credentials`;
    const answers: readonly (readonly [Promise<Response>, number, string])[] = [
      [ask('POST', path, input({ name })), 409, 'name-taken'],
      [ask('POST', path, input({ name: 7 })), 400, 'invalid-request'],
      [ask('POST', path, input({ dataCenter: 'MARS1' })), 400, 'unknown-data-center'],
      [ask('PUT', keys, rotated), 428, 'if-match-missing'],
      [ask('PUT', keys, rotated, { 'if-match': '"7"' }), 412, 'if-match-stale'],
      [ask('POST', `${path}/${id}/check`, wrong), 422, 'other-credential'],
      [ask('POST', `${path}/0199f3a0-0000-7000-8000-000000000001/check`), 404, 'not-found'],
    ];
    for (const [asked, status, code] of answers) {
      const response = await asked;
      expect(response.headers.get('content-type')).toMatch(/^application\/problem\+json/);
      expect([response.status, await response.json()]).toEqual([status, expect.objectContaining({ code })]);
    }
  });
});

it('a caller that prefers JSON, or says nothing, gets a single answer', async () => {
  for (const accept of ['application/json, text/event-stream;q=0.5', '*/*', 'application/problem+json']) {
    const response = await ask('POST', path, input(), { accept });
    expect(response.headers.get('content-type')).toMatch(/^application\/json/);
    expect([response.status, await response.json()]).toEqual([201, expect.objectContaining({ status: 'active' })]);
  }
});
