import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import {
  Audit,
  type ConnectionReport,
  ConnectionReports,
  Connections,
  SourceOrgs,
  SyncRequests,
} from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { good, kafkaSettings, RunningService, ring, TopicReader } from './service.fixtures.ts';

const service = new RunningService();
const topics = [Connections, SourceOrgs, SyncRequests, Audit].map(({ card }) => card.topic);
let reader: TopicReader;
let publisher: Publisher;
let written = '';
const org = uniqueName('acme');
const path = `/v1/source-orgs/${org}/connections`;
const rotated = { apiKey: 'canary-api-key-000003', applicationKey: 'ddapp_canary-application-000004' };

beforeAll(async () => {
  const write = process.stdout.write.bind(process.stdout);
  jest.spyOn(process.stdout, 'write').mockImplementation((chunk: string | Uint8Array) => {
    written += String(chunk);
    return String(chunk).startsWith('{"level"') ? true : write(chunk);
  });
  await service.start();
  service.destination.accept(rotated);
  reader = new TopicReader(topics);
  publisher = new Publisher(kafkaSettings('cm-test'));
  await Promise.all([reader.start(), publisher.start()]);
});

afterAll(async () => {
  await Promise.all([reader?.stop(), publisher?.close()]);
  await service.stop();
  jest.restoreAllMocks();
});

// All connections lead to the one destination of this service.
const input = { dataCenter: 'TEST1', allowDuplicate: true, ...good };
const create = (its: object = {}) => service.send('POST', path, { name: uniqueName('Globex'), ...input, ...its });
const report = (connectionId: string, its: object): Promise<void> => {
  const at = new Date().toISOString();
  const data = { connectionId, sourceOrg: org, reportedBy: 'handle-sync', credentialRevision: 1, at, ...its };
  const attributes = { id: uniqueName('r'), source: '/test', time: at };
  return publisher.publish([ConnectionReports.encode(connectionId, attributes, data as ConnectionReport)]);
};
const until = (id: string, status: string) =>
  waitFor(`${id} to be ${status}`, async () => {
    const { body } = await service.send('GET', `${path}/${id}`);
    return body.status === status ? body : undefined;
  });

describe('adding a connection', () => {
  it('checks the keys, returns every check, and publishes the keys sealed for this connection only', async () => {
    const { status, body, headers, etag } = await create({ name: '  Globex Europe ' });
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        sourceOrg: org,
        name: 'Globex Europe',
        slug: 'globex-europe',
        dataCenter: 'TEST1',
        destinationOrg: { id: service.destination.org.id, name: 'globex' },
        status: 'active',
        credentials: { apiKeyLast4: '0001', applicationKeyLast4: '0002', revision: 1, checkStatus: 'passed' },
      },
    });
    expect(headers.get('location')).toBe(`${path}/${body.id}`);
    expect(etag).toMatch(/^"1\.0"$/);
    expect((body.checks as { name: string }[]).map(({ name }) => name)).toEqual(
      expect.arrayContaining(['api-key', 'key-pair', 'service-account', 'unscoped', 'permission:teams_read']),
    );
    const id = String(body.id);
    const fact = await reader.next(Connections, id);
    expect(fact).toMatchObject({ connectionId: id, sourceOrg: org, version: 1, enabled: true });
    expect(await ring.open(fact.credential.sealed, fact)).toEqual(good);
    await expect(ring.open(fact.credential.sealed, { ...fact, sourceOrg: 'other' })).rejects.toThrow();
  });

  it('refuses a taken name in any letter case, and gives a similar name another slug', async () => {
    const name = uniqueName('Initech');
    expect((await create({ name })).status).toBe(201);
    const again = await create({ name: name.toUpperCase() });
    expect(again).toMatchObject({ status: 409, body: { code: 'name-taken', errors: [{ field: 'name' }] } });
    const like = await create({ name: `${name}!` });
    expect(like.body.slug).toBe(`${name.toLowerCase()}-2`);
  });

  it('gives the name to one of many simultaneous requests', async () => {
    const name = uniqueName('Umbrella');
    const answers = await Promise.all(Array.from({ length: 5 }, () => create({ name })));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
  });

  it.each([
    ['a wrong application key', { applicationKey: 'ddapp_another-key-00' }, 'key-pair'],
    ['a wrong API key', { apiKey: 'another-api-key-00' }, 'api-key'],
    ['an access token', { applicationKey: 'ddpat_canary-token-00' }, 'application-key-kind'],
  ])('refuses %s with every check and its cure, and stores nothing', async (_what, keys, failed) => {
    const name = uniqueName('Refused');
    const { status, body } = await create({ name, ...keys });
    expect({ status, code: body.code }).toEqual({ status: 422, code: 'credential-refused' });
    const checks = body.checks as { name: string; result: string; cure?: string }[];
    expect(checks.filter(({ result }) => result === 'failed').map((check) => check.name)).toEqual([failed]);
    expect(checks.find((check) => check.name === failed)?.cure).toBeTruthy();
    expect(await service.database.query('SELECT id FROM connections WHERE name = ?', [name])).toEqual([]);
  });

  it('names the missing permission of a role, and the additional role as the cure', async () => {
    const { status, text } = await create(service.destination.credential('no-user-access-read'));
    expect(status).toBe(422);
    expect(text).toContain('permission:user_access_read');
    expect(text).toContain('additional role that holds user_access_read');
  });

  it('retries a key that the destination does not know yet', async () => {
    service.destination.strike({ kind: 'error', status: 403, body: 'string-array' }, { path: '/api/v1/validate' }, 1);
    expect((await create()).status).toBe(201);
  });

  it('answers 503 with Retry-After if the destination does not answer, and stores nothing', async () => {
    service.destination.strike({ kind: 'error', status: 503, body: 'empty' }, { path: '/api/v2/current_user*' });
    const name = uniqueName('Silent');
    const { status, body, headers } = await create({ name });
    service.destination.org.faults.clear();
    expect({ status, body }).toMatchObject({
      status: 503,
      body: { code: 'destination-unavailable', retriable: true, retryAfterMs: 5000 },
    });
    expect(headers.get('retry-after')).toBe('5');
    expect(await service.database.query('SELECT id FROM connections WHERE name = ?', [name])).toEqual([]);
  });
});

describe('changing a connection', () => {
  it('requires the version that was read, publishes the change, and publishes a tombstone at the end', async () => {
    const { body, etag } = await create();
    const id = String(body.id);
    const one = `${path}/${id}`;
    expect((await service.send('PATCH', one, { enabled: false })).status).toBe(428);
    const changed = await service.send('PATCH', one, { enabled: false, slug: 'other' }, { 'if-match': etag });
    expect(changed).toMatchObject({ status: 200, body: { status: 'disabled', slug: 'other', version: 2 } });
    const published = await reader.next(Connections, id, ({ version }) => version === 2);
    expect(published.formerSlugs).toEqual([{ slug: body.slug, validUntil: expect.any(String) }]);
    expect(published).toMatchObject({ enabled: false, createdAt: body.createdAt, slugSince: changed.body.updatedAt });
    expect((await service.send('PATCH', one, { name: 'x' }, { 'if-match': etag })).status).toBe(412);
    expect((await service.send('DELETE', one, undefined, { 'if-match': etag })).status).toBe(412);
    const removed = await service.send('DELETE', `${one}?force=true`, undefined, { 'if-match': changed.etag });
    expect(removed.status).toBe(204);
    expect((await service.send('GET', one)).status).toBe(404);
    await waitFor('the tombstone', () => reader.of(Connections.card.topic, id).at(-1)?.value === null);
  });

  it('rotates to a checked key pair, and keeps the old one if the new one fails', async () => {
    const { body, etag } = await create();
    const id = String(body.id);
    const put = (keys: object, tag: string) =>
      service.send('PUT', `${path}/${id}/credentials`, keys, { 'if-match': tag });
    expect((await put({ ...rotated, applicationKey: 'ddapp_wrong-key-0000' }, etag)).status).toBe(422);
    const answer = await put(rotated, etag);
    expect(answer).toMatchObject({
      status: 200,
      body: { version: 2, credentials: { revision: 2, apiKeyLast4: '0003' } },
    });
    const fact = await reader.next(Connections, id, ({ version }) => version === 2);
    expect(await ring.open(fact.credential.sealed, fact)).toEqual(rotated);
  });

  it('publishes the old key pair beside the new one until a service has used the new one', async () => {
    const { body, etag } = await create();
    const id = String(body.id);
    const first = await reader.next(Connections, id);
    const put = await service.send('PUT', `${path}/${id}/credentials`, rotated, { 'if-match': etag });
    const { credential } = await reader.next(Connections, id, ({ version }) => version === 2);
    expect(credential.former).toEqual({ sealed: first.credential.sealed, revision: 1 });
    expect(put.body.credentials).toMatchObject({ former: { revision: 1, apiKeyLast4: good.apiKey.slice(-4) } });
    await report(id, {
      kind: 'synced',
      credentialRevision: 2,
      teams: 1,
      added: 1,
      removed: 0,
      renamed: [],
      durationMs: 1,
    });
    await reader.next(Connections, id, (its) => its.version === 2 && its.credential.former === undefined);
    const { body: after } = await service.send('GET', `${path}/${id}`);
    expect(after.credentials).toMatchObject({ revision: 2, former: null });
    expect((await service.send('PATCH', `${path}/${id}`, { enabled: false }, { 'if-match': put.etag })).status).toBe(
      200,
    );
  });

  it('refuses to rotate to keys of another org', async () => {
    const { body, etag } = await create();
    const another = jest.replaceProperty(service.destination.org, 'id', 'org-initech');
    const answer = await service.send('PUT', `${path}/${body.id}/credentials`, rotated, { 'if-match': etag });
    another.restore();
    expect(answer).toMatchObject({ status: 422, body: { code: 'credential-refused' } });
    expect(answer.text).toContain('same-org');
  });
});

describe('the failover of a connection', () => {
  const patch = (id: unknown, failover: object | null) =>
    service.send('PATCH', `${path}/${id}`, { failover }, { 'if-match': '*' });

  it('is set, published, returned, audited and removed', async () => {
    const [first, backup] = [(await create()).body, (await create()).body];
    expect(first.failover).toBeNull();
    const settled = await patch(first.id, { connectionId: backup.id, teamHandle: 'operations', afterFailures: 3 });
    const failover = { connectionId: backup.id, teamHandle: 'operations', afterFailures: 3, afterSeconds: 120 };
    expect(settled).toMatchObject({ status: 200, body: { version: 2, failover } });
    expect(await reader.next(Connections, String(first.id), ({ version }) => version === 2)).toMatchObject({
      failover,
    });
    expect((await service.send('GET', `${path}/${first.id}`)).body.failover).toEqual(failover);
    expect((await patch(first.id, failover)).body.version).toBe(2);

    expect(await patch(first.id, null)).toMatchObject({ status: 200, body: { version: 3, failover: null } });
    const fact = await reader.next(Connections, String(first.id), ({ version }) => version === 3);
    expect(fact).not.toHaveProperty('failover');
    const { body } = await service.send('GET', `/v1/source-orgs/${org}/audit?limit=1`);
    expect(body.items).toMatchObject([{ target: first.id, before: { failover }, after: { failover: null } }]);
  });

  it('happens after two minutes at the latest if no other number of seconds is given', async () => {
    const [first, backup] = [(await create()).body, (await create()).body];
    const { body } = await patch(first.id, { connectionId: backup.id, teamHandle: 'operations' });
    expect(body.failover).toEqual({ connectionId: backup.id, teamHandle: 'operations', afterSeconds: 120 });
  });

  it('is possible only to another connection of the same org', async () => {
    const { body: first } = await create();
    const elsewhere = `/v1/source-orgs/${uniqueName('other')}/connections`;
    const foreign = await service.send('POST', elsewhere, { name: 'Globex', ...input });
    const errors = [{ field: 'failover.connectionId' }];
    expect(await patch(first.id, { connectionId: first.id, teamHandle: 'operations' })).toMatchObject({
      status: 400,
      body: { code: 'own-backup', errors },
    });
    for (const connectionId of [foreign.body.id, '00000000-0000-4000-8000-000000000000']) {
      expect(await patch(first.id, { connectionId, teamHandle: 'operations' })).toMatchObject({
        status: 400,
        body: { code: 'unknown-backup', errors },
      });
    }
    expect((await service.send('GET', `${path}/${first.id}`)).body).toMatchObject({ version: 1, failover: null });
  });

  it('prevents the removal of its backup, but not disabling it', async () => {
    const [first, backup] = [(await create()).body, (await create()).body];
    await patch(first.id, { connectionId: backup.id, teamHandle: 'operations' });
    const remove = () => service.send('DELETE', `${path}/${backup.id}?force=true`, undefined, { 'if-match': '*' });
    expect(await remove()).toMatchObject({ status: 409, body: { code: 'is-backup' } });
    expect((await remove()).body.detail).toContain(String(first.name));
    const disabled = await service.send('PATCH', `${path}/${backup.id}`, { enabled: false }, { 'if-match': '*' });
    expect(disabled.status).toBe(200);
    await patch(first.id, null);
    expect((await remove()).status).toBe(204);
  });
});

describe('a report of a service', () => {
  it('makes a connection failing with the missing permission, and active again once repaired', async () => {
    const id = String((await create()).body.id);
    await report(id, { kind: 'synced', teams: 3, added: 3, removed: 0, renamed: [], durationMs: 12 });
    await waitFor('the sync', async () => (await service.send('GET', `${path}/${id}`)).body.lastSync);
    const reportedBy = 'page-delivery';
    await report(id, { kind: 'credential-fault', reportedBy, missingPermission: 'on_call_page', detail: 'Forbidden' });
    const failing = await until(id, 'failing');
    expect(failing).toMatchObject({ lastSync: { teams: 3 }, fault: { missingPermission: 'on_call_page', reportedBy } });
    await report(id, { kind: 'repaired', reportedBy });
    await until(id, 'active');
    await report(id, { kind: 'credential-fault', reportedBy, detail: 'Forbidden' });
    await until(id, 'failing');
    const check = await service.send('POST', `${path}/${id}/check`, good);
    expect(check).toMatchObject({ status: 200, body: { result: 'passed', status: 'active', version: 2 } });
    await reader.next(Connections, id, ({ version }) => version === 2);
  });

  it('does not make a change stale that was read before it', async () => {
    const { body, etag } = await create();
    await report(String(body.id), { kind: 'sync-failed', detail: '503' });
    await waitFor('the report', async () => (await service.send('GET', `${path}/${body.id}`)).body.lastSyncFailure);
    const changed = await service.send('PATCH', `${path}/${body.id}`, { enabled: false }, { 'if-match': etag });
    expect(changed.status).toBe(200);
  });

  it('is parked if it is unreadable, and the next one is still read', async () => {
    const id = String((await create()).body.id);
    const letters = new TopicReader([`${ConnectionReports.card.topic}.dead`]);
    await letters.start();
    const { topic } = ConnectionReports.card;
    await publisher.publish([{ topic, key: id, value: Buffer.from('{"kind":'), headers: {} }]);
    await report('0199f3a0-0000-7000-8000-0000000000ff', { kind: 'repaired' });
    await report(id, { kind: 'sync-failed', detail: '503' });
    await waitFor('the good report', async () => (await service.send('GET', `${path}/${id}`)).body.lastSyncFailure);
    const letter = await waitFor('the dead letter', () => letters.of(`${topic}.dead`, id)[0]);
    expect(letter.value?.toString()).toBe('{"kind":');
    await letters.stop();
  });
});

describe('asking for a sync or a check', () => {
  const requested = ({ id, directory }: Record<string, unknown>) =>
    reader.next(SyncRequests, String(directory), ({ connectionId }) => connectionId === id);

  it('publishes a sync request', async () => {
    const connection = (await create()).body;
    const { id } = connection;
    const { status, body } = await service.send('POST', `${path}/${id}/sync`);
    expect({ status, body }).toMatchObject({ status: 202, body: { connectionId: id } });
    expect(await requested(connection)).toMatchObject({ sourceOrg: org, cause: 'requested' });
  });

  it('has handle-sync use the stored keys if the check has none', async () => {
    const connection = (await create()).body;
    const id = String(connection.id);
    const answer = service.send('POST', `${path}/${id}/check`);
    await requested(connection);
    await report(id, { kind: 'synced', teams: 2, added: 2, removed: 0, renamed: [], durationMs: 5 });
    const { status, body } = await answer;
    expect({ status, body }).toMatchObject({ status: 200, body: { result: 'passed', lastSync: { teams: 2 } } });
    const checks = body.checks as { name: string; result: string }[];
    expect(checks[0]).toMatchObject({ name: 'in-use', result: 'passed' });
    expect(checks.find(({ name }) => name === 'permission:on_call_page')?.result).toBe('unknown');
  });

  it('refuses to check keys that share the last four characters of the stored ones', async () => {
    const id = String((await create()).body.id);
    const alike = { apiKey: `x${good.apiKey.slice(1)}`, applicationKey: good.applicationKey };
    const { status, body } = await service.send('POST', `${path}/${id}/check`, alike);
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'other-credential' } });
  });

  it('makes a connection failing if its own keys fail the check, and refuses to check other keys', async () => {
    const keys = service.destination.credential('good-own-keys');
    const id = String((await create(keys)).body.id);
    expect((await service.send('POST', `${path}/${id}/check`, good)).body).toMatchObject({ code: 'other-credential' });
    service.destination.org.roles.find('cross-org-paging-own-keys')?.permissions.delete('teams_read');
    const { status, body } = await service.send('POST', `${path}/${id}/check`, keys);
    expect({ status, body }).toMatchObject({
      status: 200,
      body: { result: 'failed', status: 'failing', fault: { missingPermission: 'teams_read' } },
    });
  });
});

describe('the settings of a source org', () => {
  it('are empty at first, require the version that was read, and are published', async () => {
    const own = uniqueName('settling');
    const url = `/v1/source-orgs/${own}`;
    const first = await service.send('GET', url);
    expect(first).toMatchObject({
      status: 200,
      etag: '"0.0"',
      body: { localHandles: [], fallbackHandle: null, version: 0 },
    });
    const settings = { localHandles: ['web', 'db'], fallbackHandle: 'core-infra' };
    expect((await service.send('PUT', url, settings)).status).toBe(428);
    const both = await Promise.all([1, 2].map(() => service.send('PUT', url, settings, { 'if-match': first.etag })));
    expect(both.map(({ status }) => status).sort()).toEqual([200, 412]);
    expect(await reader.next(SourceOrgs, own)).toMatchObject({ ...settings, version: 1 });
  });
});

describe('lists', () => {
  it('return every connection once, page by page, and every change, newest first', async () => {
    const own = uniqueName('paging');
    const list = `/v1/source-orgs/${own}/connections`;
    for (let i = 0; i < 5; i += 1) {
      const body = { name: `Connection ${i}`, ...input };
      expect((await service.send('POST', list, body, { 'x-actor': 'ada' })).status).toBe(201);
    }
    const names = await walk<{ name: string }>(`${list}?limit=2`);
    expect(names.map((page) => page.map(({ name }) => name))).toEqual([
      ['Connection 0', 'Connection 1'],
      ['Connection 2', 'Connection 3'],
      ['Connection 4'],
    ]);
    const audit = (
      await walk<{ action: string; actor: string; after: { name: string } }>(`/v1/source-orgs/${own}/audit?limit=3`)
    ).flat();
    expect(audit.map(({ after }) => after.name)).toEqual([4, 3, 2, 1, 0].map((i) => `Connection ${i}`));
    expect(audit[0]).toMatchObject({
      action: 'connection.created',
      actor: 'urn:pagebridge#anonymous',
      onBehalfOf: 'ada',
    });
  });

  const walk = async <T>(first: string): Promise<T[][]> => {
    const pages: T[][] = [];
    for (let next: string | null = first; next; ) {
      const { body } = await service.send('GET', next);
      pages.push(body.items as T[]);
      next = body.next as string | null;
    }
    return pages;
  };
});

describe('the audit', () => {
  it('contains refused keys with the names of the failed checks, and its topic has the same entries', async () => {
    const own = uniqueName('tried');
    const list = `/v1/source-orgs/${own}/connections`;
    const asAda = { 'x-actor': 'ada' };
    const { body } = await service.send('POST', list, { name: 'Globex', ...input }, asAda);
    const id = String(body.id);
    const tried = { apiKey: 'another-api-key-00', applicationKey: 'ddapp_another-key-99' };
    const answers = [
      await service.send('POST', list, { name: 'Stolen', ...input, ...tried }, asAda),
      await service.send('PUT', `${list}/${id}/credentials`, tried, { 'if-match': '*', ...asAda }),
      await service.send('POST', `${list}/${id}/check`, tried, asAda),
    ];
    expect(answers.map(({ status }) => status)).toEqual([422, 422, 422]);

    const audit = await service.send('GET', `/v1/source-orgs/${own}/audit`);
    const refused = (target: string, after: object) => ({
      action: 'credentials.refused',
      actor: 'urn:pagebridge#anonymous',
      onBehalfOf: 'ada',
      target,
      before: null,
      after: { dataCenter: 'TEST1', apiKeyLast4: 'y-00', applicationKeyLast4: 'y-99', ...after },
    });
    expect(audit.body.items).toMatchObject([
      refused(id, { purpose: 'check', failed: ['stored-keys'] }),
      refused(id, { purpose: 'rotate', failed: ['api-key'] }),
      refused(own, { purpose: 'create', failed: ['api-key'] }),
      { action: 'connection.created' },
    ]);
    await reader.count(Audit.card.topic, own, 4);
    const told = reader.of(Audit.card.topic, own).map((record) => Audit.decode(record));
    expect(told.map((read) => read.ok && read.event.data)).toMatchObject(
      (audit.body.items as { action: string; requestId: string; at: string }[])
        .toReversed()
        .map(({ action, requestId, at }) => ({ kind: 'entry', action, requestId, at, sourceOrg: own })),
    );
    expect([audit.text, ...reader.of(Audit.card.topic, own).map(({ value }) => String(value))].join()).not.toMatch(
      /another/,
    );
  });
});

describe('a key', () => {
  it('appears in no answer, log, row, event or metric', async () => {
    const metrics = await (await fetch(`${service.managementUrl}/metrics`)).text();
    const rows = await Promise.all(
      ['connections', 'audit_entries', 'outbox'].map((table) => service.database.query(`SELECT * FROM ${table}`)),
    );
    const events = reader.records.map(({ value }) => String(value));
    const list = (await service.send('GET', `${path}?limit=200`)).text;
    expect(written).toContain('"service":"connection-management"');
    for (const text of [metrics, JSON.stringify(rows), events.join(), list, written]) {
      expect(text).not.toMatch(/canary-(api|application|token)/);
    }
  });

  it('leaves no row in the outbox once Kafka has everything', async () => {
    const rows = async () => (await service.database.query('SELECT id FROM outbox')).length;
    await waitFor('an empty outbox', async () => (await rows()) === 0);
    // The gauges show what the relay last read.
    let metrics = '';
    const isEmpty = async () => {
      metrics = await (await fetch(`${service.managementUrl}/metrics`)).text();
      return /pagebridge_outbox_records\{[^}]*\} 0\n/.test(metrics);
    };
    await waitFor('a scrape that says so', isEmpty);
    expect(metrics).toMatch(/pagebridge_outbox_oldest_age_seconds\{[^}]*\} 0/);
  });
});
