import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { handleKey } from '@pagebridge/contracts';
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

describe('looking for handles', () => {
  it('is refused until the handles are read from Kafka', async () => {
    expect(await find('query=core')).toMatchObject({ status: 503, body: { code: 'not-ready' } });
    await app.get(Startup).run();
    expect(await find('query=core')).toEqual({ status: 200, body: { items: [] } });
  });

  it('offers what begins with the query before what contains it, with what tells them apart', async () => {
    const connection = aConnection({ dataCenter: 'EU1' });
    const { connectionId, sourceOrg } = connection;
    tables.applyConnection(connectionId, connection);
    for (const teamHandle of ['core-web', 'hard-core', 'db']) {
      const handle = aHandle({ connectionId, sourceOrg, teamId: teamHandle, teamHandle });
      tables.applyHandle(handleKey(connectionId, teamHandle), handle);
    }
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
      },
      expect.objectContaining({ handle: '@oncall-hard-core' }),
    ]);
    expect((await find('')).body.items).toHaveLength(3);
    expect((await find('limit=1')).body.items).toHaveLength(1);
    expect((await find('', 'other-org')).body.items).toEqual([]);
  });

  it.each([
    ['limit=0', 'limit'],
    ['limit=101', 'limit'],
    ['limit=many', 'limit'],
    ['query=a&query=b', 'query'],
    [`query=${'x'.repeat(261)}`, 'query'],
    ['sort=name', 'sort'],
  ])('refuses %s, naming the parameter and the cure', async (query, field) => {
    const { status, body } = await find(query);
    expect(status).toBe(400);
    expect(body.errors).toContainEqual(expect.objectContaining({ field, cure: expect.any(String) }));
  });

  it('refuses an org that cannot exist', async () => {
    expect(await find('', 'Not%20An%20Org')).toMatchObject({ status: 400, body: { errors: [{ field: 'org' }] } });
  });

  it('is described in the OpenAPI document', async () => {
    const { body } = await get('/openapi.json');
    expect(body.paths).toHaveProperty(['/v1/source-orgs/{org}/handles', 'get']);
  });
});
