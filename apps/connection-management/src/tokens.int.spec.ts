import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { hashOfToken, permissions, roles } from '@pagebridge/access';
import { AccessTokens, AccessTokenUses } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { kafkaSettings, RunningService, TopicReader } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const reader = new TopicReader([AccessTokens.card.topic]);
const publisher = new Publisher(kafkaSettings('cm-tokens-test'));
beforeAll(async () => {
  await service.start();
  await Promise.all([reader.start(), publisher.start()]);
});
afterAll(async () => {
  await Promise.all([reader.stop(), publisher.close()]);
  await service.stop();
  jest.restoreAllMocks();
});

const input = { name: 'terraform', role: 'editor', expiresInDays: 90 };
const pathOf = (org: string, id = '') => `/v1/source-orgs/${org}/tokens${id && `/${id}`}`;
const make = (org: string, its: object = input) => service.send('POST', pathOf(org), its, { 'x-actor': 'ada' });
const recordsOf = (id: string) => reader.of(AccessTokens.card.topic, id);

describe('an API token', () => {
  it('is shown once, not stored, and published to the other services as a hash', async () => {
    const org = uniqueName('acme');
    const { status, headers, body, text } = await make(org);
    expect({ status, cache: headers.get('cache-control'), location: headers.get('location') }).toEqual({
      status: 201,
      cache: 'no-store',
      location: pathOf(org, String(body.id)),
    });
    const { token, ...shown } = body as { token: string } & Record<string, string>;
    expect(token).toMatch(/^pbt_[0-9A-Za-z]{36}$/);
    expect(shown).toMatchObject({
      sourceOrg: org,
      name: 'terraform',
      role: 'editor',
      permissions: roles.editor,
      last4: token.slice(-4),
      status: 'active',
      createdBy: 'urn:pagebridge#anonymous',
      lastUsedAt: null,
      lastRefusal: null,
      lastWithoutHandle: null,
      revokedAt: null,
    });
    const told = await reader.next(AccessTokens, String(shown.id));
    expect(told).toMatchObject({ sourceOrg: org, role: 'editor', hash: hashOfToken(token), version: 1 });
    expect((await service.send('GET', pathOf(org, shown.id))).body).toEqual(shown);
    expect((await service.send('GET', pathOf(org))).body).toEqual({ items: [shown], next: null });
    const audit = await service.send('GET', `/v1/source-orgs/${org}/audit`);
    expect(audit.body.items).toMatchObject([
      { action: 'token.created', onBehalfOf: 'ada', target: shown.id, before: null },
    ]);
    const rows = JSON.stringify(await service.database.query('SELECT * FROM access_tokens, audit_entries, outbox'));
    for (const place of [
      audit.text,
      rows,
      JSON.stringify(recordsOf(String(shown.id)).map(({ value }) => String(value))),
    ]) {
      expect(place).not.toContain(token);
    }
    expect(text.split(token)).toHaveLength(2);
  });

  it('stays revoked: its record is kept, and revoking it again changes nothing', async () => {
    const org = uniqueName('acme');
    const id = String((await make(org)).body.id);
    const first = await service.send('DELETE', pathOf(org, id));
    expect(first).toMatchObject({ status: 200, body: { status: 'revoked', revokedAt: expect.any(String) } });
    expect((await service.send('DELETE', pathOf(org, id))).body).toEqual(first.body);
    const { revokedAt } = first.body;
    expect(await reader.next(AccessTokens, id, (data) => data.revokedAt !== undefined)).toMatchObject({
      revokedAt,
      version: 2,
    });
    const audit = (await service.send('GET', `/v1/source-orgs/${org}/audit`)).body.items as { action: string }[];
    expect(audit.map(({ action }) => action)).toEqual(['token.revoked', 'token.created']);
  });

  it('belongs only to its source org', async () => {
    const [org, other] = [uniqueName('acme'), uniqueName('initech')];
    const id = String((await make(org)).body.id);
    for (const method of ['GET', 'DELETE']) {
      expect((await service.send(method, pathOf(other, id))).status).toBe(404);
    }
    expect((await service.send('GET', pathOf(other))).body.items).toEqual([]);
    expect((await service.send('GET', pathOf(org, id))).body.status).toBe('active');
  });

  it('is listed page by page, oldest first, with its permissions if they were named', async () => {
    const org = uniqueName('acme');
    const ids: unknown[] = [];
    for (const permission of ['handles:read', 'alerts:explain', 'connections:read']) {
      const { status, body } = await make(org, { name: permission, permissions: [permission], expiresInDays: 1 });
      expect({ status, body }).toMatchObject({ status: 201, body: { role: null, permissions: [permission] } });
      ids.push(body.id);
    }
    const seen: unknown[] = [];
    for (let next: string | null = `${pathOf(org)}?limit=2`; next; ) {
      const { body } = await service.send('GET', next);
      seen.push(...(body.items as { id: string }[]).map(({ id }) => id));
      next = body.next as string | null;
    }
    expect(seen).toEqual(ids);
  });

  it('shows when it was last used, what was last refused, and how much named no handle, in whatever order the uses arrive', async () => {
    const org = uniqueName('acme');
    const id = String((await make(org)).body.id);
    const use = (usedAt: string, its: { readonly refusal?: string; readonly withoutHandle?: number } = {}) => {
      const data = { tokenId: id, sourceOrg: org, usedAt, usedBy: 'alert-intake' as const, ...its };
      return publisher.publish([AccessTokenUses.encode(id, { id: randomUUID(), source: '/test', time: usedAt }, data)]);
    };
    const [before, early, late] = [10, 11, 12].map((hour) => `2026-01-01T${hour}:00:00.000Z`) as [
      string,
      string,
      string,
    ];
    await use(late);
    await use(early, { refusal: 'alerts.1: status is missing' });
    await use(before, { refusal: 'alerts is not a list' });
    await use(early, { withoutHandle: 3 });
    await use(before, { withoutHandle: 4 });
    const last = uniqueName('mark');
    const marked = String((await make(last)).body.id);
    await waitFor('the uses', async () => (await service.send('GET', pathOf(org, id))).body.lastUsedAt !== null);
    const lastRefusal = { at: early, detail: 'alerts.1: status is missing' };
    await waitFor('the refusal', async () => (await service.send('GET', pathOf(org, id))).body.lastRefusal !== null);
    const lastWithoutHandle = { at: early, alerts: 3 };
    await waitFor(
      'the count',
      async () => (await service.send('GET', pathOf(org, id))).body.lastWithoutHandle !== null,
    );
    expect((await service.send('GET', pathOf(org, id))).body).toMatchObject({
      lastUsedAt: late,
      lastRefusal,
      lastWithoutHandle,
    });
    const unused = { lastUsedAt: null, lastRefusal: null, lastWithoutHandle: null };
    expect((await service.send('GET', pathOf(last, marked))).body).toMatchObject(unused);
  });

  it('can exist a hundred times in one source org, and be made again once one is revoked', async () => {
    const org = uniqueName('acme');
    const made = await make(org);
    const columns = 'source_org, name, role, last4, created_at, created_by, expires_at, version';
    const sql = `INSERT INTO access_tokens (id, hash, ${columns}) SELECT ?, ?, ${columns} FROM access_tokens WHERE id = ?`;
    for (let n = 1; n < 100; n += 1) {
      await service.database.query(sql, [randomUUID(), hashOfToken(`${org}${n}`), made.body.id]);
    }
    expect(await make(org)).toMatchObject({ status: 409, body: { code: 'too-many-tokens' } });
    await service.send('DELETE', pathOf(org, String(made.body.id)));
    expect((await make(org)).status).toBe(201);
  });

  it('is refused once a thousand are stored for one source org, until those revoked a day ago no longer count', async () => {
    const org = uniqueName('acme');
    await make(org);
    const columns = 'source_org, name, role, last4, created_at, created_by, expires_at, version';
    const sql = `INSERT INTO access_tokens (id, hash, revoked_at, ${columns})
      SELECT UUID(), SHA2(UUID(), 256), NOW(3), ${columns} FROM access_tokens WHERE source_org = ?`;
    for (let n = 1; n < 1000; n *= 2) await service.database.query(sql, [org]);
    expect(await make(org)).toMatchObject({ status: 409, body: { code: 'too-many-kept-tokens' } });
    const revokedBefore = (hours: number) => {
      const sql =
        'UPDATE access_tokens SET revoked_at = UTC_TIMESTAMP(3) - INTERVAL ? HOUR WHERE revoked_at IS NOT NULL AND source_org = ?';
      return service.database.query(sql, [hours, org]);
    };
    await revokedBefore(23);
    expect((await make(org)).status).toBe(409);
    await revokedBefore(25);
    expect((await make(org)).status).toBe(201);
    const [kept] = await service.database.query<{ n: number }>(
      'SELECT COUNT(*) AS n FROM access_tokens WHERE source_org = ?',
      [org],
    );
    expect(kept?.n).toBeGreaterThan(1000);
  });

  it('is deleted a day after it expired, with a tombstone', async () => {
    const org = uniqueName('acme');
    const [old, young] = [await make(org), await make(org)].map(({ body }) => String(body.id));
    const sql = 'UPDATE access_tokens SET expires_at = UTC_TIMESTAMP(3) - INTERVAL ? HOUR WHERE id = ?';
    await service.database.query(sql, [25, old]);
    await service.database.query(sql, [23, young]);
    // The check runs at every start.
    await service.close();
    await service.run();
    await waitFor('the tombstone', () => recordsOf(String(old)).at(-1)?.value === null);
    expect((await service.send('GET', pathOf(org))).body.items).toMatchObject([{ id: young, status: 'expired' }]);
  });

  it.each([
    [{ name: '' }, 'name'],
    [{ role: 'operator' }, 'role'],
    [{ role: undefined }, 'role'],
    [{ permissions: ['handles:read'] }, 'role'],
    [{ role: undefined, permissions: [] }, 'permissions'],
    [{ role: undefined, permissions: ['moon:fly'] }, 'permissions'],
    [{ role: undefined, permissions: ['handles:read', 'handles:read'] }, 'permissions'],
    [{ role: undefined, permissions: Array(permissions.length + 1).fill('handles:read') }, 'permissions'],
    [{ expiresInDays: 367 }, 'expiresInDays'],
    [{ expiresInDays: 0.5 }, 'expiresInDays'],
    [{ expiresInDays: undefined }, 'expiresInDays'],
    [{ expiresAt: '2026-12-31' }, 'expiresInDays'],
    [{ expiresInDays: undefined, expiresAt: '2026-12-31' }, 'expiresAt'],
    [{ expiresInDays: undefined, expiresAt: '2020-01-01T00:00:00Z' }, 'expiresAt'],
    [{ expiresInDays: undefined, expiresAt: '2099-01-01T00:00:00Z' }, 'expiresAt'],
  ])('is refused with %j', async (its, field) => {
    const org = uniqueName('acme');
    const { status, body } = await make(org, { ...input, ...its });
    expect({ status, errors: body.errors }).toMatchObject({ status: 400, errors: expect.any(Array) });
    expect((body.errors as { field: string; cure: string }[])[0]).toMatchObject({ field, cure: expect.any(String) });
    expect((await service.send('GET', pathOf(org))).body.items).toEqual([]);
  });
});
