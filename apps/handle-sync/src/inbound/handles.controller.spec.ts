import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { createApp, ServiceModule, Startup } from '@pagebridge/service';
import { aConnection, aHandle, configWithoutKafka } from '@pagebridge/testing';
import { Tables } from '../application/tables.ts';
import { HandlesController } from './handles.controller.ts';
import { openApi } from './open-api.ts';

const registry = new HandleRegistry();
const tables = new Tables(registry);

@Module({
  imports: [ServiceModule.forRoot({ name: 'handle-sync', config: configWithoutKafka })],
  controllers: [HandlesController],
  providers: [
    { provide: Tables, useValue: tables },
    { provide: HandleRegistry, useValue: registry },
  ],
})
class HandlesModule {}

const connection = aConnection({ dataCenter: 'EU1' });
const know = (teamId: string, teamHandle: string) =>
  tables.applyHandle(connection.directory, teamId, aHandle({ teamId, teamHandle }));

let app: NestExpressApplication;
let url: string;

beforeAll(async () => {
  app = await createApp(HandlesModule, openApi);
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
});
afterAll(() => app.close());

const get = async (path: string) => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const find = (query: string, org = 'acme-us') => get(`/v1/source-orgs/${org}/handles?${query}`);

describe('a request for handles', () => {
  it('is refused until the handles are read from Kafka', async () => {
    expect(await find('query=core')).toMatchObject({ status: 503, body: { code: 'not-ready' } });
    await app.get(Startup).run();
    expect(await find('query=core')).toEqual({ status: 200, body: { items: [], next: null, total: 0 } });
  });

  it('returns handles that begin with the query before those that contain it, with their qualified handles', async () => {
    const { connectionId, directory } = connection;
    tables.applyConnection(connectionId, connection);
    for (const teamHandle of ['core-web', 'hard-core', 'db']) know(teamHandle, teamHandle);
    const completeAt = '2026-05-01T00:00:00.000Z';
    const status = { directory, teams: 3, unread: 0, completeAt, refused: [], at: completeAt, ownerEpoch: 1 };
    const { body } = await find('query=@oncall-core');
    expect(body.items).toEqual([
      {
        handle: '@oncall-core-web',
        teamHandle: 'core-web',
        teamName: 'Core Infra',
        connectionId,
        connectionName: 'Globex EU',
        dataCenter: 'EU1',
        qualifiedHandle: '@oncall-globex-eu/core-web',
        ambiguous: false,
        lastCompleteSyncAt: null,
      },
      expect.objectContaining({ handle: '@oncall-hard-core' }),
    ]);
    expect((await find('')).body.items).toHaveLength(3);
    expect((await find('limit=1')).body.items).toHaveLength(1);
    expect((await find('', 'other-org')).body.items).toEqual([]);
    tables.applyDirectory(directory, status);
    expect((await find('limit=1')).body.items).toMatchObject([{ lastCompleteSyncAt: completeAt }]);
  });

  it('lists all handles once over all pages, whatever is added or removed meanwhile', async () => {
    for (let index = 0; index < 250; index += 1) know(`t${index}`, `team-${index % 200}`);
    const { directory } = connection;
    const all: unknown[] = [];
    let path: string | null = '/v1/source-orgs/acme-us/handles?limit=100';
    for (let pages = 0; path; pages += 1) {
      const { body } = await get(path);
      all.push(...(body.items as { handle: string }[]).map(({ handle }) => handle));
      path = body.next as string | null;
      if (pages === 0) tables.applyHandle(directory, 'core-web', null);
    }
    expect(all).toHaveLength(253);
    expect(all).toEqual(all.toSorted());
  });

  it('pages through what a query or a connection selects too, and says how many handles that are', async () => {
    const other = aConnection({ name: 'Globex AP', slug: 'globex-ap' });
    tables.applyConnection(other.connectionId, other);
    const read = async (query: string) => {
      const handles: string[] = [];
      for (let path: string | null = `/v1/source-orgs/acme-us/handles?${query}`; path; ) {
        const { body } = await get(path);
        const items = body.items as { qualifiedHandle: string }[];
        handles.push(...items.map(({ qualifiedHandle }) => qualifiedHandle));
        expect(items.length).toBeLessThanOrEqual(100);
        path = body.next as string | null;
        if (!path) expect(body.total).toBe(handles.length);
      }
      return handles;
    };
    const both = await read('query=%40oncall-team-1&limit=100');
    expect(both).toHaveLength(244);
    const over = await read(`query=@oncall-team-1&limit=7&connection=${other.connectionId}`);
    expect(over).toEqual(both.filter((handle) => handle.startsWith('@oncall-globex-ap/')));
    expect(await read('query=1&limit=30')).toEqual(await read('query=1&limit=100'));
    tables.applyConnection(other.connectionId, null);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=many', 'limit'],
    ['query=a&query=b', 'query'],
    [`query=${'x'.repeat(261)}`, 'query'],
    ['sort=name', 'sort'],
    ['cursor=!', 'cursor'],
    ['cursor=abcd', 'cursor'],
    [`cursor=${Buffer.from('["a","b",7]').toString('base64url')}`, 'cursor'],
    ['connection=globex-eu', 'connection'],
  ])('refuses %s, naming the parameter and the cure', async (query, field) => {
    const { status, body } = await find(query);
    expect(status).toBe(400);
    expect(body.errors).toContainEqual(expect.objectContaining({ field, cure: expect.any(String) }));
  });

  it('refuses an invalid org id', async () => {
    expect(await find('', 'Not%20An%20Org')).toMatchObject({ status: 400, body: { errors: [{ field: 'org' }] } });
  });

  it('is described in the OpenAPI document', async () => {
    const { body } = await get('/openapi.json');
    expect(body.paths).toHaveProperty(['/v1/source-orgs/{org}/handles', 'get']);
  });
});
