import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { createDataSource } from '@pagebridge/database';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { Admins } from './admins.fixtures.ts';
import { MysqlCounters } from './outbound/limits/mysql-counters.ts';
import { schema } from './outbound/persistence/schema.ts';
import { good, RunningService, silent } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService({
  REFUSED_KEYS_PER_HOUR: '3',
  ADDED_CONNECTIONS_PER_HOUR: '6',
  CHANGES_PER_HOUR: '7',
  CHECKS_PER_HOUR: '2',
  SYNCS_PER_MINUTE: '2',
  CONNECTIONS_PER_ORG: '4',
  MADE_TOKENS_PER_HOUR: '2',
  CHECK_WAIT_MS: '0',
});
const admins = new Admins();

beforeAll(() => service.start());
afterAll(async () => {
  await service.stop();
  jest.restoreAllMocks();
});

const connectionsOf = (org: string) => `/v1/source-orgs/${org}/connections`;
const wrong = { apiKey: 'another-api-key-00', applicationKey: good.applicationKey };
const add = (org: string, caller: Record<string, string>, its: object = {}) =>
  service.send(
    'POST',
    connectionsOf(org),
    { name: uniqueName('Globex'), dataCenter: 'TEST1', allowDuplicate: true, ...good, ...its },
    caller,
  );
const calls = () => Object.values(service.destination.org.requests.counts()).reduce((sum, count) => sum + count, 0);

describe('refused key pairs', () => {
  it('are counted for their caller on every route and in every org; beyond the limit no destination is called', async () => {
    const [org, other] = [uniqueName('acme'), uniqueName('acme')];
    const caller = admins.of(org, other);
    const { body, etag } = await add(org, caller);
    const one = `${connectionsOf(org)}/${body.id}`;
    const rotate = (keys: object) => service.send('PUT', `${one}/credentials`, keys, { ...caller, 'if-match': '*' });
    expect(etag).not.toBe('');
    expect((await rotate(good)).headers.get('ratelimit')).toMatch(/^"refused-keys";r=3;t=\d+, "rotations";r=6;t=/);
    const first = await add(other, caller, wrong);
    expect(first).toMatchObject({ status: 422, body: { code: 'credential-refused' } });
    expect(first.headers.get('ratelimit')).toMatch(/^"refused-keys";r=2;t=3[56]\d\d, "added-connections";r=5;t=/);
    expect((await rotate(wrong)).status).toBe(422);
    expect((await service.send('POST', `${one}/check`, wrong, caller)).status).toBe(422);
    const before = calls();
    for (const answer of [
      await add(org, caller),
      await rotate(good),
      await service.send('POST', `${one}/check`, good, caller),
    ]) {
      expect(answer).toMatchObject({ status: 429, body: { code: 'limit-reached', limit: 'refused-keys' } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3500);
      expect(answer.headers.get('ratelimit-policy')).toContain('"refused-keys";q=3;w=3600');
      expect(answer.headers.get('ratelimit')).toMatch(/"refused-keys";r=0;t=3[56]\d\d/);
    }
    expect(calls()).toBe(before);
    expect((await service.send('POST', `${one}/check`, undefined, caller)).status).toBe(200);
    expect((await add(org, admins.of(org))).status).toBe(201);
  });

  it('are counted together for the API tokens of an org that may change keys, however many there are', async () => {
    const org = uniqueName('acme');
    for (const _ of [1, 2, 3]) expect((await add(org, admins.tokenOf(org), wrong)).status).toBe(422);
    expect(await add(org, admins.tokenOf(org))).toMatchObject({ status: 429, body: { limit: 'refused-keys' } });
    expect((await add(org, admins.of(org))).status).toBe(201);
  });

  it('are counted for each name that a shared caller acts for, and at most ten times as many for all names', async () => {
    const org = uniqueName('acme');
    const portal = { ...admins.portalOf(org), 'if-match': '*' };
    const one = `${connectionsOf(org)}/${(await add(org, portal)).body.id}`;
    const rotate = (keys: object, name: string) =>
      service.send('PUT', `${one}/credentials`, keys, { ...portal, 'x-actor': name });
    for (const left of [2, 1, 0]) {
      const refused = await rotate(wrong, 'ada');
      expect(refused.status).toBe(422);
      expect(refused.headers.get('ratelimit')).toMatch(new RegExp(`^"refused-keys";r=${left};t=\\d+, "rotations";`));
    }
    expect(await rotate(good, 'ada')).toMatchObject({ status: 429, body: { limit: 'refused-keys' } });
    expect((await rotate(good, 'bob')).status).toBe(200);
    for (let name = 1; name <= 9; name += 1)
      for (const _ of [1, 2, 3]) expect((await rotate(wrong, `invented-${name}`)).status).toBe(422);
    expect(await rotate(good, 'one-more')).toMatchObject({ status: 429, body: { limit: 'refused-keys' } });
    expect((await service.send('PUT', `${one}/credentials`, good, portal)).status).toBe(200);
  });

  it('stay within the limit in simultaneous requests; the excess requests are told to retry soon', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    const answers = await Promise.all(Array.from({ length: 12 }, () => add(org, caller, wrong)));
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(3);
    const tooMany = answers.filter(({ status }) => status === 429);
    expect(tooMany).toHaveLength(9);
    expect(tooMany.some(({ headers }) => headers.get('retry-after') === '5')).toBe(true);
    expect(Number((await add(org, caller)).headers.get('retry-after'))).toBeGreaterThan(3500);
  });
});

describe('the rate limits', () => {
  it.each([
    ['check', 'checks', 200, '"checks";q=2;w=3600'],
    ['sync', 'syncs', 202, '"syncs";q=2;w=60'],
  ])('refuse a %s beyond the limit, and count one that was not done', async (action, limit, status, policy) => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    const { body } = await add(org, caller);
    const ask = (id: unknown) => service.send('POST', `${connectionsOf(org)}/${id}/${action}`, undefined, caller);
    expect((await ask('0199f3a0-0000-7000-8000-000000000001')).status).toBe(404);
    const last = await ask(body.id);
    expect(last.status).toBe(status);
    expect(last.headers.get('ratelimit-policy')).toBe(policy);
    expect(last.headers.get('ratelimit')).toMatch(new RegExp(`^"${limit}";r=0;t=\\d+$`));
    const answer = await ask(body.id);
    expect(answer).toMatchObject({ status: 429, body: { code: 'limit-reached', limit, retriable: true } });
    expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
  });

  it('refuse new connections beyond the limit, even if earlier ones are gone', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    for (let n = 0; n < 6; n += 1) {
      const { status, body } = await add(org, caller);
      expect(status).toBe(201);
      const one = `${connectionsOf(org)}/${body.id}?force=true`;
      await service.send('DELETE', one, undefined, { ...caller, 'if-match': '*' });
    }
    expect(await add(org, caller)).toMatchObject({ status: 429, body: { limit: 'added-connections' } });
  });

  it('refuse changes of any kind beyond the limit, and count those that were not made', async () => {
    const org = uniqueName('acme');
    const caller = { ...admins.of(org), 'if-match': '*' };
    const settings = `/v1/source-orgs/${org}`;
    const one = `${connectionsOf(org)}/${(await add(org, caller)).body.id}`;
    const settle = (handle: string, ifMatch = '*') =>
      service.send('PUT', settings, { localHandles: [handle] }, { ...caller, 'if-match': ifMatch });
    const rename = (name: string) => service.send('PATCH', one, { name }, caller);
    expect((await settle('stale', '"9"')).status).toBe(412);
    for (const n of [1, 2]) expect((await settle(`web-${n}`)).status).toBe(200);
    for (const n of [1, 2, 3]) expect((await rename(`Globex ${n}`)).status).toBe(200);
    const last = await settle('web-4');
    expect(last.headers.get('ratelimit-policy')).toBe('"changes";q=7;w=3600');
    expect(last.headers.get('ratelimit')).toMatch(/^"changes";r=0;t=3[56]\d\d$/);
    for (const answer of [
      await settle('web-5'),
      await rename('Globex 5'),
      await service.send('PATCH', one, { enabled: false, name: 'Globex 5' }, caller),
    ]) {
      expect(answer).toMatchObject({ status: 429, body: { code: 'limit-reached', limit: 'changes', retriable: true } });
      expect(Number(answer.headers.get('retry-after'))).toBeGreaterThan(3500);
    }
    expect((await service.send('GET', settings, undefined, caller)).body).toMatchObject({ localHandles: ['web-4'] });
  });

  it('refuse new API tokens beyond the limit, even if earlier ones are revoked', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    const tokens = `/v1/source-orgs/${org}/tokens`;
    const make = () => service.send('POST', tokens, { name: 'ci', role: 'viewer', expiresInDays: 366 }, caller);
    for (const left of [1, 0]) {
      const { status, body, headers } = await make();
      expect({ status, limit: headers.get('ratelimit') }).toEqual({
        status: 201,
        limit: expect.stringMatching(`^"made-tokens";r=${left};t=`),
      });
      expect((await service.send('DELETE', `${tokens}/${body.id}`, undefined, caller)).status).toBe(200);
    }
    expect(await make()).toMatchObject({ status: 429, body: { code: 'limit-reached', limit: 'made-tokens' } });
  });

  it('refuse an admin no change, disabling or removal, though an editor has used up its own', async () => {
    const org = uniqueName('acme');
    const [admin, editor] = [admins.of(org), admins.editorOf(org)].map((its) => ({ ...its, 'if-match': '*' }));
    const one = `${connectionsOf(org)}/${(await add(org, { ...admin })).body.id}`;
    const check = () => service.send('POST', `${one}/check`, wrong, editor);
    for (const status of [422, 422, 429]) expect((await check()).status).toBe(status);
    const settle = (n: number) => service.send('PUT', `/v1/source-orgs/${org}`, { localHandles: [`web-${n}`] }, editor);
    for (const n of [1, 2, 3, 4, 5, 6, 7]) expect((await settle(n)).status).toBe(200);
    expect((await settle(8)).status).toBe(429);
    expect((await service.send('PUT', `${one}/credentials`, good, admin)).status).toBe(200);
    for (const enabled of [false, true]) {
      expect(await service.send('PATCH', one, { enabled }, admin)).toMatchObject({ body: { enabled } });
    }
    const tokens = `/v1/source-orgs/${org}/tokens`;
    const made = () => service.send('POST', tokens, { name: 'ci', role: 'viewer', expiresInDays: 9 }, admins.of(org));
    for (const _ of [1, 2, 3]) expect((await made()).status).toBe(201);
    expect((await service.send('DELETE', one, undefined, admin)).status).toBe(202);
  });

  it('are shared by all instances', async () => {
    const sources = [1, 2].map(() => createDataSource({ ...schema, url: service.database.url }));
    await Promise.all(sources.map((source) => source.initialize()));
    const instances = sources.map((source) => new MysqlCounters(source, silent));
    const counter = { name: 'syncs', owner: uniqueName('acme'), most: 5, windowSeconds: 60 } as const;
    const taken = await Promise.all(Array.from({ length: 20 }, (_, n) => instances[n % 2]?.acquire([counter])));
    const left = taken.flatMap((standings = []) => standings.map((standing) => standing.left));
    expect(left.filter((n) => n >= 0).sort()).toEqual([0, 1, 2, 3, 4]);
    await Promise.all(sources.map((source) => source.destroy()));
  });
});

describe('a request with keys that a destination accepts', () => {
  it('is spent even if nothing is stored, and the audit says that a pair was accepted', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    const another = () => add(org, caller, { allowDuplicate: false });
    expect((await another()).status).toBe(201);
    for (const left of [4, 3, 2, 1, 0]) {
      const { status, body, headers } = await another();
      expect({ status, body }).toMatchObject({ status: 409, body: { code: 'destination-taken' } });
      expect(headers.get('ratelimit')).toContain(`"added-connections";r=${left};`);
    }
    const before = calls();
    expect(await another()).toMatchObject({ status: 429, body: { limit: 'added-connections' } });
    expect(calls()).toBe(before);
    const audit = await service.send('GET', `/v1/source-orgs/${org}/audit`, undefined, caller);
    const entry = {
      action: 'credentials.not-stored',
      target: org,
      after: { purpose: 'create', dataCenter: 'TEST1', because: 'destination-taken', apiKeyLast4: '0001' },
    };
    expect(audit.body.items).toMatchObject([...Array(5).fill(entry), { action: 'connection.created' }]);
    expect(audit.text).not.toContain('canary');
  });

  it('is in the audit too if the destination accepts them and then does not answer', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    service.destination.strike({ kind: 'error', status: 503, body: 'empty' }, { path: '/api/v2/team*' });
    expect((await add(org, caller)).status).toBe(503);
    service.destination.org.faults.clear();
    const audit = await service.send('GET', `/v1/source-orgs/${org}/audit`, undefined, caller);
    expect(audit.body.items).toMatchObject([
      { action: 'credentials.not-stored', after: { because: 'destination-unavailable', applicationKeyLast4: '0002' } },
    ]);
  });

  it('is in the audit too if its connection changed while the destination was asked', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    const { body, etag } = await add(org, caller);
    const one = `${connectionsOf(org)}/${body.id}`;
    const answering = Promise.withResolvers<void>();
    const pause = jest.spyOn(service.destination.org.dependencies, 'pause').mockReturnValue(answering.promise);
    service.destination.strike({ kind: 'latency', ms: 1 });
    const rotation = service.send('PUT', `${one}/credentials`, good, { ...caller, 'if-match': etag });
    await waitFor('the destination to be asked', () => service.destination.struck > 0);
    await service.send('PATCH', one, { name: uniqueName('Initech') }, { ...caller, 'if-match': '*' });
    answering.resolve();
    expect((await rotation).status).toBe(412);
    pause.mockRestore();
    service.destination.org.faults.clear();
    const audit = await service.send('GET', `/v1/source-orgs/${org}/audit`, undefined, caller);
    expect(audit.body.items).toContainEqual(
      expect.objectContaining({
        action: 'credentials.not-stored',
        target: body.id,
        after: expect.objectContaining({ purpose: 'rotate', because: 'if-match-stale' }),
      }),
    );
  });
});

describe('the number of connections of an org', () => {
  it('is checked before the destination is called', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    for (const _ of [1, 2, 3, 4]) expect((await add(org, caller)).status).toBe(201);
    const before = calls();
    expect(await add(org, caller)).toMatchObject({ status: 409, body: { code: 'too-many-connections' } });
    expect(calls()).toBe(before);
  });

  it('stays within its maximum, even in simultaneous requests', async () => {
    const org = uniqueName('acme');
    const caller = admins.of(org);
    for (const _ of [1, 2]) expect((await add(org, caller)).status).toBe(201);
    const answers = await Promise.all([1, 2, 3].map(() => add(org, caller)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 201, 409]);
    const refusal = answers.find(({ status }) => status === 409);
    expect(refusal?.body).toMatchObject({ code: 'too-many-connections' });
    expect(refusal?.body.detail).toContain('already has 4 connections');
    expect(refusal?.body.detail).toContain('Delete an unused connection');
  });
});
