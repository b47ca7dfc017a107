import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { AccessTokens, Integrations } from '@pagebridge/contracts';
import { uniqueName } from '@pagebridge/testing';
import { Admins } from '../admins.fixtures.ts';
import { RunningService, TopicReader } from '../service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const admins = new Admins();
const reader = new TopicReader([Integrations, AccessTokens].map(({ card }) => card.topic));
beforeAll(async () => {
  await service.start();
  await reader.start();
});
afterAll(async () => {
  await reader.stop();
  await service.stop();
  jest.restoreAllMocks();
});

/** A source org, and what its admin asks of it. */
function anOrg() {
  const org = uniqueName('acme');
  const admin = admins.of(org);
  const send = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    service.send(method, `/v1/source-orgs/${org}${path}`, body, { ...admin, ...headers });
  return {
    org,
    send,
    add: (its: object = {}) => send('POST', '/integrations', { name: 'prometheus-eu', kind: 'alertmanager', ...its }),
    change: (change: object, ifMatch = '*') =>
      send('PATCH', '/integrations/prometheus-eu', change, { 'if-match': ifMatch }),
    remove: (ifMatch = '*') => send('DELETE', '/integrations/prometheus-eu', undefined, { 'if-match': ifMatch }),
    makeToken: (its: object = {}) =>
      send('POST', '/tokens', { name: 'alerts', permissions: ['alerts:write'], expiresInDays: 90, ...its }),
    audit: async () => (await send('GET', '/audit')).body.items,
  };
}

describe('an integration', () => {
  it('is added with what is usual for its kind, audited, and published as its card says', async () => {
    const { org, send, add, audit } = anOrg();
    const { status, headers, etag, body } = await add();
    const settings = {
      name: 'prometheus-eu',
      kind: 'alertmanager',
      noDefaultFor: ['Watchdog', 'InfoInhibitor'],
      severities: [],
      repeatHours: 4,
      version: expect.any(Number),
    };
    expect({ status, body }).toMatchObject({ status: 201, body: { sourceOrg: org, defaultHandle: null, ...settings } });
    expect(headers.get('location')).toBe(`/v1/source-orgs/${org}/integrations/prometheus-eu`);
    expect(headers.get('ratelimit-policy')).toMatch(/^"changes";/);
    const read = await send('GET', '/integrations/prometheus-eu');
    expect({ etag: read.etag, body: read.body }).toEqual({ etag, body });
    expect(await reader.next(Integrations, `${org}/prometheus-eu`)).toEqual({ sourceOrg: org, ...settings });
    const after = { defaultHandle: null, ...settings };
    const entry = { action: 'integration.created', target: 'prometheus-eu', before: null, after };
    expect(await audit()).toMatchObject([entry]);
  });

  it('is changed field by field, and not at all by a change without a difference', async () => {
    const { org, add, change, audit } = anOrg();
    const { etag, body } = await add();
    const severities = [{ severity: ' Page', priority: 'P1' }];
    const input = { defaultHandle: 'core-infra', noDefaultFor: ['Watchdog'], severities };
    const changed = await change(input, etag);
    const settings = { ...input, severities: [{ severity: 'page', priority: 'P1' }] };
    const version = Number(body.version) + 1;
    expect(changed).toMatchObject({ status: 200, body: { ...settings, repeatHours: 4, version } });
    expect(await change(input)).toMatchObject({ etag: changed.etag, body: changed.body });
    const isNew = (data: { version: number }) => data.version === version;
    expect(await reader.next(Integrations, `${org}/prometheus-eu`, isNew)).toMatchObject(settings);
    expect((await change({ defaultHandle: null, repeatHours: 168 })).body).toMatchObject({
      ...settings,
      defaultHandle: null,
      repeatHours: 168,
    });
    const action = 'integration.changed';
    expect(await audit()).toMatchObject([{ action }, { action }, { action: 'integration.created' }]);
  });

  it('is neither changed nor removed by who has read an older version', async () => {
    const { send, add, change, remove } = anOrg();
    const { etag } = await add();
    const { body } = await change({ repeatHours: 8 });
    for (const answer of [await change({ repeatHours: 9 }, etag), await remove(etag)]) {
      expect(answer).toMatchObject({ status: 412, body: { code: 'if-match-stale' } });
    }
    expect(await change({ repeatHours: 9 }, '')).toMatchObject({ status: 428, body: { code: 'if-match-missing' } });
    expect((await send('GET', '/integrations/prometheus-eu')).body).toEqual(body);
  });

  it('has a name that no other one of its org has, in simultaneous requests too', async () => {
    const [{ add }, other] = [anOrg(), anOrg()];
    const answers = await Promise.all([1, 2, 3].map(() => add()));
    expect(answers.map(({ status, body }) => body.code ?? status).sort()).toEqual([201, 'name-taken', 'name-taken']);
    expect((await other.add()).status).toBe(201);
  });

  it('is one of at most a hundred of its org, which are listed by their names, page by page', async () => {
    const { org, send, add, remove } = anOrg();
    await add();
    const columns = 'kind, no_default_for, severities, repeat_hours, version, created_at, updated_at';
    const sql = `INSERT INTO integrations (source_org, name, ${columns}) SELECT source_org, ?, ${columns} FROM integrations WHERE source_org = ?`;
    const names = Array.from({ length: 99 }, (_, n) => `nagios-${String(n).padStart(2, '0')}`);
    await service.database.query(`${sql} AND name = 'prometheus-eu'`, [names[0], org]);
    for (const name of names.slice(1)) {
      await service.database.query(`${sql} AND name = ?`, [name, org, names[0]]);
    }
    expect(await add({ name: 'one-more' })).toMatchObject({ status: 409, body: { code: 'too-many-integrations' } });
    const first = await send('GET', '/integrations?limit=60');
    const rest = await service.send('GET', String(first.body.next), undefined, admins.of(org));
    const listed = [first, rest].flatMap(({ body }) => body.items as { name: string }[]);
    expect(listed.map(({ name }) => name)).toEqual([...names, 'prometheus-eu']);
    expect(rest.body.next).toBeNull();
    await remove();
    expect((await add({ name: 'one-more' })).status).toBe(201);
  });

  it('is there for the admins of its org alone, and an org with nothing else is in the list of source orgs', async () => {
    const { org, add } = anOrg();
    await add();
    const path = `/v1/source-orgs/${org}/integrations/prometheus-eu`;
    for (const method of ['GET', 'DELETE']) {
      expect((await service.send(method, path, undefined, admins.of(uniqueName('initech')))).status).toBe(404);
      expect(await service.send(method, path, undefined, admins.editorOf(org))).toMatchObject({
        status: 403,
        body: { code: 'missing-permission', permission: method === 'GET' ? 'tokens:read' : 'tokens:write' },
      });
    }
    const { body } = await service.send('GET', '/v1/source-orgs', undefined, admins.of(org));
    expect(body.items).toMatchObject([{ sourceOrg: org, connections: 0, version: 0 }]);
  });

  it.each([
    [{ name: 'Prometheus' }, 'name'],
    [{ name: `${'a'.repeat(40)}b` }, 'name'],
    [{ kind: 'nagios' }, 'kind'],
    [{ defaultHandle: '@oncall-core-infra' }, 'defaultHandle'],
    [{ noDefaultFor: 'Watchdog' }, 'noDefaultFor'],
    [{ noDefaultFor: ['a', 'a'] }, 'noDefaultFor'],
    [{ noDefaultFor: ['two\nlines'] }, 'noDefaultFor'],
    [{ severities: { severity: 'page', priority: 'P1' } }, 'severities'],
    [{ severities: [null] }, 'severities.0.severity'],
    [{ severities: [[{ severity: 'page', priority: 'P1' }]] }, 'severities.0.severity'],
    [{ severities: [{ severity: 'page', priority: 'P0' }] }, 'severities.0.priority'],
    [{ severities: ['Page', 'page'].map((severity) => ({ severity, priority: 'P1' })) }, 'severities'],
    [{ repeatHours: 169 }, 'repeatHours'],
  ])('is refused with %j', async (its, field) => {
    const { body, status } = await anOrg().add(its);
    expect({ status, body }).toMatchObject({ status: 400, body: { code: 'invalid-request' } });
    expect((body.errors as object[])[0]).toMatchObject({ field, cure: expect.any(String) });
  });

  it.each(['name', 'kind'])('keeps its %s for good', async (field) => {
    const { add, change } = anOrg();
    await add();
    expect(await change({ [field]: 'grafana' })).toMatchObject({ status: 400, body: { errors: [{ field }] } });
  });
});

describe('the deletion of an integration', () => {
  it('revokes its live tokens, so that none is good for a later one of its name', async () => {
    const { org, send, add, remove, makeToken, audit } = anOrg();
    await add();
    await add({ name: 'nagios', kind: 'alerts' });
    const integration = 'prometheus-eu';
    const idOf = async (its: object) => String((await makeToken(its)).body.id);
    const [old, young, other] = [
      await idOf({ integration }),
      await idOf({ integration }),
      await idOf({ integration: 'nagios' }),
    ];
    expect((await remove()).status).toBe(204);
    for (const id of [old, young]) {
      const told = await reader.next(AccessTokens, id, (data) => data.revokedAt !== undefined);
      expect(told).toMatchObject({ integration, version: 2 });
    }
    expect(await audit()).toMatchObject([
      { action: 'integration.deleted', target: integration, after: null },
      { action: 'token.revoked', target: young, after: { integration } },
      { action: 'token.revoked', target: old, after: { integration } },
      ...Array(5).fill({}),
    ]);
    expect((await send('GET', `/integrations/${integration}`)).status).toBe(404);
    expect((await add()).status).toBe(201);
    await reader.count(Integrations.card.topic, `${org}/${integration}`, 3);
    const values = reader.of(Integrations.card.topic, `${org}/${integration}`).map(({ value }) => value === null);
    expect(values).toEqual([false, true, false]);
    const statuses = (await send('GET', '/tokens')).body.items as { id: string; status: string }[];
    expect(statuses.map(({ id, status }) => [id, status])).toEqual([
      [old, 'revoked'],
      [young, 'revoked'],
      [other, 'active'],
    ]);
  });
});

describe('tokens that are made while their integration is deleted', () => {
  it('are refused or revoked', async () => {
    const { send, add, remove, makeToken } = anOrg();
    await add();
    const wishes = Array.from({ length: 8 }, () => makeToken({ integration: 'prometheus-eu' }));
    const [removed] = await Promise.all([remove(), ...wishes]);
    expect(removed.status).toBe(204);
    const left = (await send('GET', '/tokens')).body.items as { status: string }[];
    expect(left.filter(({ status }) => status === 'active')).toEqual([]);
  });
});

describe('an API token of an integration', () => {
  it('names it in its answer, its record, the audit, and the list of its tokens', async () => {
    const { send, add, makeToken, audit } = anOrg();
    await add();
    const integration = 'prometheus-eu';
    const { status, body } = await makeToken({ integration });
    const permissions = ['alerts:write'];
    expect({ status, body }).toMatchObject({ status: 201, body: { role: null, permissions, integration } });
    const other = await makeToken({ permissions: ['handles:read'] });
    expect(other.body.integration).toBeNull();
    const listed = (await send('GET', `/tokens?integration=${integration}`)).body.items;
    expect(listed).toMatchObject([{ id: body.id, integration }]);
    expect(await reader.next(AccessTokens, String(body.id))).toMatchObject({ permissions, integration });
    expect(await reader.next(AccessTokens, String(other.body.id))).not.toHaveProperty('integration');
    expect(await audit()).toMatchObject([{}, { action: 'token.created', after: { integration } }, {}]);
  });

  it('may do nothing else, and only such a token may send alerts', async () => {
    const { send, add, makeToken } = anOrg();
    await add();
    const integration = 'prometheus-eu';
    for (const its of [
      { permissions: ['alerts:write'] },
      { permissions: ['alerts:write', 'handles:read'] },
      { permissions: ['alerts:write', 'handles:read'], integration },
      { permissions: ['handles:read'], integration },
      { permissions: undefined, role: 'admin', integration },
    ]) {
      const error = { field: 'integration', cure: expect.any(String) };
      expect(await makeToken(its)).toMatchObject({ status: 400, body: { code: 'invalid-request', errors: [error] } });
    }
    expect((await send('GET', '/tokens')).body.items).toEqual([]);
  });

  it('is refused for an integration that its org does not have, with how to add one', async () => {
    const { org, makeToken } = anOrg();
    await anOrg().add();
    const cure = expect.stringContaining(`/v1/source-orgs/${org}/integrations`);
    const errors = [{ field: 'integration', cure }];
    const answer = await makeToken({ integration: 'prometheus-eu' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'unknown-integration', errors } });
  });
});
