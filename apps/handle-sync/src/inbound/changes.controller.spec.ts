import 'reflect-metadata';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { Module } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { HandleChange } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { createApp, ServiceModule, Startup } from '@pagebridge/service';
import { aConnection, configWithoutKafka } from '@pagebridge/testing';
import { type ChangeLog, ChangesNotReadError, TooManyChangesError } from '../application/ports.ts';
import { CHANGE_LOG, ChangesController } from './changes.controller.ts';
import { openApi } from './open-api.ts';

const hour = 60 * 60 * 1000;
const registry = new HandleRegistry();
let written: HandleChange[] = [];
let fault: Error | undefined;
let asked: { readonly sourceOrg: string; readonly directories: string[]; readonly sinceMs: number } | undefined;

const log: ChangeLog = {
  read: async ({ sourceOrg, directories, sinceMs }, take) => {
    asked = { sourceOrg, directories: [...directories], sinceMs };
    if (fault) throw fault;
    for (const [offset, change] of written.entries()) {
      if (directories.has(change.directory)) take({ atMs: Date.parse(change.at), partition: 0, offset, change });
    }
  },
};

@Module({
  imports: [ServiceModule.forRoot({ name: 'handle-sync', config: configWithoutKafka })],
  controllers: [ChangesController],
  providers: [
    { provide: CHANGE_LOG, useValue: log },
    { provide: HandleRegistry, useValue: registry },
  ],
})
class ChangesModule {}

const connection = aConnection();
const { directory } = connection;
const foreign = 'EU1/org-initech/account-2';
const anHourAgo = Date.now() - hour;
const aChange = (index: number, its: Partial<HandleChange> = {}): HandleChange => ({
  directory,
  teamId: `t${index}`,
  kind: 'added',
  teamHandle: `team-${index}`,
  teamName: `Team ${index}`,
  at: new Date(anHourAgo + index).toISOString(),
  ownerEpoch: 1,
  ...its,
});

let app: NestExpressApplication;
let url: string;

beforeAll(async () => {
  app = await createApp(ChangesModule, openApi);
  app.useLogger(false);
  await app.listen(0, '127.0.0.1');
  url = await app.getUrl();
  const others = [
    aConnection({ name: 'Globex again', directory, createdAt: '2026-02-01T00:00:00.000Z' }),
    aConnection({ name: 'Off', directory: 'EU1/org-hooli/account-3', enabled: false }),
    aConnection({ sourceOrg: 'other-org', directory }),
    aConnection({ sourceOrg: 'other-org', directory: foreign }),
  ];
  for (const one of [connection, ...others]) registry.applyConnection(one.connectionId, one);
});
afterAll(() => app.close());
beforeEach(() => {
  written = [];
  fault = undefined;
});

const get = async (path: string) => {
  const response = await fetch(`${url}${path}`);
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
};
const find = (query = '', org = 'acme-us') => get(`/v1/source-orgs/${org}/handles/changes?${query}`);

describe('a request for changes', () => {
  it('is refused until the connections are read from Kafka', async () => {
    expect(await find()).toMatchObject({ status: 503, body: { code: 'not-ready' } });
    await app.get(Startup).run();
    expect(await find()).toEqual({ status: 200, body: { items: [], next: null } });
  });

  it('returns the latest change first, with the connections of the org that show the team', async () => {
    const rename = aChange(2, { kind: 'renamed', from: 'core' });
    written = [aChange(1), rename, aChange(3, { directory: foreign })];
    const { body } = await find();
    expect(body.items).toEqual([
      {
        kind: 'renamed',
        handle: '@oncall-team-2',
        teamName: 'Team 2',
        from: '@oncall-core',
        at: rename.at,
        connections: [
          { connectionId: connection.connectionId, connectionName: 'Globex EU' },
          { connectionId: expect.any(String), connectionName: 'Globex again' },
        ],
      },
      expect.objectContaining({ kind: 'added', handle: '@oncall-team-1', from: null }),
    ]);
  });

  it('reads only directories of enabled connections of the org, by default for the last day', async () => {
    const before = Date.now();
    await find();
    expect(asked?.directories).toEqual([directory]);
    expect(asked?.sourceOrg).toBe('acme-us');
    expect(asked?.sinceMs).toBeGreaterThanOrEqual(before - 24 * hour);
    expect(asked?.sinceMs).toBeLessThanOrEqual(Date.now() - 24 * hour);
    const since = new Date(before - 100 * hour).toISOString();
    await find(`since=${since}`);
    expect(asked?.sinceMs).toBe(Date.parse(since));
    await find('', 'no-org');
    expect(asked?.directories).toEqual([]);
  });

  it('returns nothing over a connection whose credential is refused, until it is accepted again', async () => {
    const refused = ['b', 'c'].map((word) => `0199f3a0-0000-7000-8000-00000000000${word}`);
    const org = 'refused-org';
    for (const [index, connectionId] of refused.entries()) {
      const its = { connectionId, sourceOrg: org, name: connectionId, directory: index === 0 ? directory : foreign };
      registry.applyConnection(connectionId, aConnection(its));
    }
    written = [aChange(1), aChange(2, { directory: foreign })];
    const status = { teams: 1, unread: 0, refused: refused.slice(0, 1), at: new Date().toISOString() };
    registry.applyDirectory(directory, status);
    expect((await find('', org)).body.items).toMatchObject([{ handle: '@oncall-team-2' }]);
    expect(asked?.directories).toEqual([foreign]);
    registry.applyDirectory(directory, { ...status, refused: [] });
    expect((await find('', org)).body.items).toHaveLength(2);
    registry.applyDirectory(directory, null);
  });

  it('returns every change once over all pages, whatever is written meanwhile', async () => {
    written = Array.from({ length: 250 }, (_, index) => aChange(index % 40, { teamHandle: `team-${index}` }));
    const all: unknown[] = [];
    const since = new Date(Date.now() - 7 * 24 * hour + 60_000).toISOString();
    let path: string | null = `/v1/source-orgs/acme-us/handles/changes?limit=100&since=${since}`;
    for (let pages = 0; path; pages += 1) {
      const { body } = await get(path);
      all.push(...(body.items as { handle: string }[]).map(({ handle }) => handle));
      path = body.next as string | null;
      expect(asked?.sinceMs).toBe(Date.parse(since));
      if (pages === 0) written.push(aChange(1, { teamHandle: 'new', at: new Date().toISOString() }));
    }
    expect(all).toHaveLength(250);
    expect(new Set(all).size).toBe(250);
  });

  it.each([
    ['limit=101', 'limit'],
    ['since=yesterday', 'since'],
    ['since=2026-13-01T00:00:00Z', 'since'],
    ['since=2020-01-01T00:00:00Z', 'since'],
    ['cursor=abcd', 'cursor'],
    ['kind=added', 'kind'],
  ])('refuses %s, naming the parameter and the cure', async (query, field) => {
    const { status, body } = await find(query);
    expect(status).toBe(400);
    expect(body.errors).toEqual([expect.objectContaining({ field, cure: expect.any(String) })]);
  });

  it('asks for a later time if too much was written', async () => {
    fault = new TooManyChangesError('more than 5 changes since that time');
    expect(await find()).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'since', cure: 'Use a later time.' }] },
    });
  });

  it('asks to retry while the log cannot be read', async () => {
    fault = new ChangesNotReadError('Kafka is away');
    expect(await find()).toMatchObject({ status: 503, body: { code: 'changes-not-read' } });
  });
});
