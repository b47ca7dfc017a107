import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { uniqueName } from '@pagebridge/testing';
import { good as keys, RunningService } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const org = uniqueName('acme');
const path = `/v1/source-orgs/${org}/connections`;
const audit = `/v1/source-orgs/${org}/audit`;
const good = { name: 'Globex', dataCenter: 'TEST1', ...keys };
const missing = '0199f3a0-0000-7000-8000-000000000001';

beforeAll(() => service.start());
afterAll(async () => {
  await service.stop();
  jest.restoreAllMocks();
});

type FieldError = { field: string; message: string; cure: string };
const isProblem = ({ headers, body, status }: Awaited<ReturnType<RunningService['send']>>) => {
  expect(headers.get('content-type')).toMatch(/^application\/problem\+json/);
  expect(body).toMatchObject({
    status,
    type: expect.stringMatching(/^urn:pagebridge:problem:/),
    instance: expect.anything(),
  });
  return body as { code: string; errors: FieldError[] };
};

describe('a request for a new connection', () => {
  it.each([
    ['a name of the wrong type', { name: 7 }, 'name'],
    ['an empty name', { name: '   ' }, 'name'],
    ['a name over 100 characters', { name: 'x'.repeat(101) }, 'name'],
    ['a name of two lines', { name: 'a\nb' }, 'name'],
    ['a name that turns the direction of writing', { name: 'Globex \u202eUE' }, 'name'],
    ['a name with a character of no width', { name: 'Glo\u200bbex' }, 'name'],
    ['a null key', { apiKey: null }, 'apiKey'],
    ['a key with a line break', { apiKey: 'canary-api-key\r\nx: y' }, 'apiKey'],
    ['a key of 15 characters, of which the last four are shown', { apiKey: 'canary-key-0001' }, 'apiKey'],
    ['a key that is an object', { applicationKey: { canary: 'canary-object' } }, 'applicationKey'],
    ['a name with a zero-width space', { name: 'Glo\u200bbex' }, 'name'],
    ['a name that turns the direction of text', { name: '\u202eGlobex' }, 'name'],
    ['an application key as API key', { apiKey: 'ddapp_canary-application-000002' }, 'apiKey'],
    ['an access token as API key', { apiKey: 'ddpat_canary-token-000002' }, 'apiKey'],
    ['an API key as application key', { applicationKey: 'ca'.repeat(16) }, 'applicationKey'],
    ['an allowDuplicate that is text', { allowDuplicate: 'yes' }, 'allowDuplicate'],
    ['an unknown field', { slug: 'globex', url: 'http://canary' }, 'url'],
    ['an unknown data center', { dataCenter: 'MARS1' }, 'dataCenter'],
    ['a data center that is a URL', { dataCenter: 'http://canary.example' }, 'dataCenter'],
  ])('with %s is refused with the field and the cure', async (_what, its, field) => {
    const answer = await service.send('POST', path, { ...good, ...its });
    const { errors } = isProblem(answer);
    expect(answer.status).toBe(400);
    const error = errors.find((candidate) => candidate.field === field);
    expect(error).toMatchObject({ message: expect.stringContaining(field), cure: expect.stringMatching(/\w/) });
    expect(answer.text).not.toContain('canary');
  });

  it('without fields is refused with each missing field, once', async () => {
    for (const body of [{}, '[]']) {
      const { errors } = isProblem(await service.send('POST', path, body));
      expect(errors.map(({ field }) => field).sort()).toEqual(['apiKey', 'applicationKey', 'dataCenter', 'name']);
      for (const { field, message } of errors) expect(message).toMatch(new RegExp(`^${field} is missing`));
    }
  });

  it('with swapped keys is refused with that error beside all others', async () => {
    const swapped = { apiKey: 'ca'.repeat(20), applicationKey: 'ca'.repeat(16) };
    const answer = await service.send('POST', path, { ...good, ...swapped, name: '' });
    const { errors } = isProblem(answer);
    expect(errors.map(({ field }) => field).sort()).toEqual(['apiKey', 'applicationKey', 'name']);
    expect(errors.find(({ field }) => field === 'apiKey')).toEqual({
      field: 'apiKey',
      message: 'apiKey looks like an application key; apiKey and applicationKey seem to be swapped',
      cure: 'Use an API key as apiKey, and an application key as applicationKey.',
    });
    expect(answer.text).not.toContain('caca');
  });

  it('with an unknown data center is refused with the list of data centers', async () => {
    const { errors } = isProblem(await service.send('POST', path, { ...good, dataCenter: 'MARS1' }));
    expect(errors[0]?.cure).toContain('EU1');
    expect(errors[0]?.cure).toContain('TEST1');
  });

  it.each([
    ['malformed JSON', '{"apiKey":"canary-api-key-000001",', {}, 400, 'bad-request'],
    ['malformed JSON that begins well', '{"name":"x"}{"apiKey":"canary"}', {}, 400, 'bad-request'],
    ['a bare string', '"canary"', {}, 400, 'bad-request'],
    ['another content type', 'name=canary', { 'content-type': 'text/plain' }, 415, 'unsupported-media-type'],
    ['more than 64 KiB', JSON.stringify({ ...good, name: 'c'.repeat(65_536) }), {}, 413, 'body-too-large'],
    ['an unknown encoding', '{}', { 'content-encoding': 'zip' }, 415, 'unsupported-media-type'],
  ])('with %s is refused without repeating it', async (_what, body, headers, status, code) => {
    const answer = await service.send('POST', path, body, headers as Record<string, string>);
    const problem = isProblem(answer);
    expect({ status: answer.status, code: problem.code }).toEqual({ status, code });
    if (status !== 415) expect(problem.errors).toEqual([expect.objectContaining({ field: 'body' })]);
    expect(answer.text).not.toContain('canary');
  });

  it('that is refused stores nothing and calls no destination', async () => {
    expect(await service.database.query('SELECT id FROM connections')).toEqual([]);
    expect(await service.database.query('SELECT id FROM outbox')).toEqual([]);
    expect(service.destination.org.requests.counts()).toEqual({});
  });
});

describe('a request', () => {
  it.each([
    ['an org in capitals', 'GET', '/v1/source-orgs/ACME/connections', 400, 'org'],
    ['an id that is no UUID', 'GET', `${path}/7`, 400, 'id'],
    ['a limit of 0', 'GET', `${path}?limit=0`, 400, 'limit'],
    ['a limit of 201', 'GET', `${path}?limit=201`, 400, 'limit'],
    ['a limit that is no number', 'GET', `${path}?limit=ten`, 400, 'limit'],
    ['a cursor of another list', 'GET', '/v1/source-orgs?cursor=QUNNRQ', 400, 'cursor'],
    ['two limits', 'GET', `${path}?limit=1&limit=2`, 400, 'limit'],
    ['a cursor of nobody', 'GET', `${path}?cursor=abc`, 400, 'cursor'],
    ['a cursor of another time', 'GET', `${audit}?cursor=${Buffer.from('48211').toString('base64url')}`, 400, 'cursor'],
    ['an unknown action', 'GET', `${audit}?action=paged`, 400, 'action'],
    ['an actor of 514 characters', 'GET', `${audit}?actor=${'a'.repeat(514)}`, 400, 'actor'],
    ['two actors', 'GET', `${audit}?actor=a&actor=b`, 400, 'actor'],
    ['a target that is no id', 'GET', `${audit}?target=Globex%20EU`, 400, 'target'],
    ['a day instead of a time', 'GET', `${audit}?from=2026-05-01`, 400, 'from'],
    ['a month that does not exist', 'GET', `${audit}?to=2026-13-01T00:00:00Z`, 400, 'to'],
    ['a time that no database holds', 'GET', `${audit}?to=9999-12-31T23:59:59-12:00`, 400, 'to'],
    ['an unknown parameter', 'GET', `${path}?sort=name`, 400, 'sort'],
  ])('with %s is refused with the name of the field', async (_what, method, url, status, field) => {
    const answer = await service.send(method, url);
    expect(answer.status).toBe(status);
    expect(isProblem(answer).errors.map((error) => error.field)).toContain(field);
  });

  it('with an x-actor that is not printable is refused', async () => {
    const answer = await service.send('POST', path, good, { 'x-actor': 'a'.repeat(129) });
    expect(isProblem(answer).errors).toEqual([expect.objectContaining({ field: 'x-actor' })]);
  });

  it('with a method that the route does not have is answered 405 with the allowed methods', async () => {
    const answer = await service.send('DELETE', path);
    expect(isProblem(answer)).toMatchObject({ status: 405, code: 'method-not-allowed' });
    expect(answer.headers.get('allow')).toBe('GET, HEAD, POST');
  });

  it('with an If-Match without quotes is refused as malformed, not as stale', async () => {
    const input = { localHandles: [] };
    const answer = await service.send('PUT', `/v1/source-orgs/${org}`, input, { 'if-match': '0.0' });
    expect(answer.status).toBe(400);
    expect(isProblem(answer)).toMatchObject({
      code: 'if-match-malformed',
      errors: [{ field: 'if-match', cure: expect.stringContaining('"0.0"') }],
    });
  });

  it('for an unknown route, org or connection is answered 404', async () => {
    for (const url of ['/v1/nothing', `${path}/${missing}`, '/']) {
      expect(isProblem(await service.send('GET', url)).code).toBe('not-found');
    }
    expect((await service.send('PATCH', `${path}/${missing}`, { name: 'x' }, { 'if-match': '"1.0"' })).status).toBe(
      404,
    );
    expect((await service.send('POST', `${path}/${missing}/check`, keys)).status).toBe(404);
    expect((await service.send('PUT', `${path}/${missing}/credentials`, keys, { 'if-match': '*' })).status).toBe(404);
  });
});

const failoverTo = (its: object) => ({ failover: { connectionId: missing, teamHandle: 'core', ...its } });

describe('a change', () => {
  it.each([
    ['a null name', { name: null }, 'name'],
    ['a slug in capitals', { slug: 'Globex' }, 'slug'],
    ['an enabled that is text', { enabled: 'true' }, 'enabled'],
    ['keys', { apiKey: 'canary-api-key' }, 'apiKey'],
    ['a failover to nowhere', { failover: { teamHandle: 'core' } }, 'failover.connectionId'],
    ['a failover to a mention', failoverTo({ teamHandle: '@oncall-core' }), 'failover.teamHandle'],
    ['a failover at once', failoverTo({ afterSeconds: 0 }), 'failover.afterSeconds'],
    ['a failover after half a failure', failoverTo({ afterFailures: 0.5 }), 'failover.afterFailures'],
    ['a failover after who knows what', failoverTo({ afterMinutes: 2 }), 'failover.afterMinutes'],
  ])('with %s is refused', async (_what, body, field) => {
    const answer = await service.send('PATCH', `${path}/${missing}`, body, { 'if-match': '"1.0"' });
    expect(isProblem(answer).errors.map((error) => error.field)).toEqual([field]);
    expect(answer.text).not.toContain('canary');
  });

  it.each([
    ['text', 'globex'],
    ['a list', [{ connectionId: missing, teamHandle: 'core' }]],
    ['empty', {}],
  ])('with a failover that is %s is refused with each missing field', async (_what, failover) => {
    const answer = await service.send('PATCH', `${path}/${missing}`, { failover }, { 'if-match': '"1.0"' });
    const fields = isProblem(answer).errors.map((error) => error.field);
    expect(fields.sort()).toEqual(['failover.connectionId', 'failover.teamHandle']);
  });

  it.each([
    ['a handle with its prefix', { localHandles: ['@oncall-web'] }, 'localHandles'],
    ['a handle twice', { localHandles: ['web', 'web'] }, 'localHandles'],
    ['over 1,000 handles', { localHandles: Array.from({ length: 1001 }, (_, n) => `team-${n}`) }, 'localHandles'],
    ['no handles', {}, 'localHandles'],
    ['handles that are text', { localHandles: 'web' }, 'localHandles'],
    ['a fallback of its own', { localHandles: ['web'], fallbackHandle: 'web' }, 'fallbackHandle'],
    ['a fallback in capitals', { localHandles: [], fallbackHandle: 'Core' }, 'fallbackHandle'],
  ])('of settings with %s is refused', async (_what, body, field) => {
    const answer = await service.send('PUT', `/v1/source-orgs/${org}`, body, { 'if-match': '"0.0"' });
    expect(isProblem(answer).errors.map((error) => error.field)).toEqual([field]);
  });

  it('that is a check with only one of the two keys is refused', async () => {
    const answer = await service.send('POST', `${path}/${missing}/check`, { apiKey: keys.apiKey });
    expect(isProblem(answer).errors.map((error) => error.field)).toEqual(['applicationKey']);
  });
});
