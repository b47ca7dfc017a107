import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { Directories, type Handle, Handles, handleKey } from '@pagebridge/contracts';
import { createTopics, Publisher, partitionFor } from '@pagebridge/kafka';
import { BackgroundTable } from '@pagebridge/service';
import { aHandle, uniqueName, waitFor } from '@pagebridge/testing';
import { good, kafkaSettings, RunningService, silent } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const publisher = new Publisher(kafkaSettings('cm-test'));

beforeAll(() => Promise.all([service.start(), publisher.start()]));
afterAll(async () => {
  await Promise.all([service.stop(), publisher.close()]);
  jest.restoreAllMocks();
});

const create = (org: string, its: object = {}) =>
  service.send('POST', `/v1/source-orgs/${org}/connections`, {
    name: uniqueName('Globex'),
    dataCenter: 'TEST1',
    ...good,
    ...its,
  });
const seeTeam = (its: Partial<Handle>) => {
  const handle = aHandle(its);
  const at = new Date().toISOString();
  const key = handleKey(handle.directory, handle.teamId);
  return publisher.publish([Handles.encode(key, { id: uniqueName('h'), source: '/test', time: at }, handle)]);
};

const isEmpty = (list: unknown): boolean => Array.isArray(list) && list.length === 0;

describe('a setting without effect', () => {
  it('is stored, with a warning until its handle is known', async () => {
    const org = uniqueName('acme');
    const directory = String((await create(org)).body.directory);
    await seeTeam({ directory, teamHandle: 'network' });
    const settle = async (fallbackHandle: string) => {
      const input = { localHandles: [], fallbackHandle };
      return (await service.send('PUT', `/v1/source-orgs/${org}`, input, { 'if-match': '*' })).body;
    };
    await waitFor('the handle to be known', async () => isEmpty((await settle('network')).warnings));
    expect(await settle('netwrk')).toMatchObject({
      fallbackHandle: 'netwrk',
      warnings: [{ field: 'fallbackHandle', code: 'unknown-handle', cure: expect.stringContaining('network') }],
    });
    expect(await settle('oncall-network')).toMatchObject({ warnings: [{ code: 'written-with-prefix' }] });
  });

  it('names no handle that the org may no longer read, because the destination refuses its key', async () => {
    const org = uniqueName('acme');
    const { id, directory } = (await create(org)).body as { id: string; directory: string };
    await seeTeam({ directory, teamHandle: 'network' });
    const cureOf = async () => {
      const input = { localHandles: [], fallbackHandle: 'netwrk' };
      return JSON.stringify(
        (await service.send('PUT', `/v1/source-orgs/${org}`, input, { 'if-match': '*' })).body.warnings,
      );
    };
    await waitFor('the handle to be known', async () => (await cureOf()).includes('network'));
    const at = new Date().toISOString();
    const status = { directory, teams: 1, unread: 0, refused: [id], at, ownerEpoch: 1 };
    const record = Directories.encode(directory, { id: uniqueName('d'), source: '/test', time: at }, status);
    await publisher.publish([{ ...record, partition: partitionFor(directory, Directories.card.partitions) }]);
    await waitFor('the refusal to be known', async () => !(await cureOf()).includes('network'));
  });

  it('is reported for a backup too, at each change of the connection', async () => {
    const org = uniqueName('acme');
    const first = String((await create(org)).body.id);
    const second = (await create(org, { allowDuplicate: true })).body;
    const backup = String(second.id);
    await seeTeam({ directory: String(second.directory), teamHandle: 'operations' });
    const patch = async (change: object) =>
      (await service.send('PATCH', `/v1/source-orgs/${org}/connections/${first}`, change, { 'if-match': '*' })).body;
    const failover = { connectionId: backup, teamHandle: 'operations' };
    await waitFor('the team to be known', async () => isEmpty((await patch({ failover })).warnings));
    const typo = { failover: { ...failover, teamHandle: 'operation' } };
    const warnings = [{ field: 'failover.teamHandle', code: 'unknown-handle' }];
    expect(await patch(typo)).toMatchObject({ failover: typo.failover, warnings });
    expect(await patch({ name: uniqueName('Initech') })).toMatchObject({ warnings });
    expect(await patch({ failover: null })).toMatchObject({ failover: null, warnings: [] });
  });
});

describe('while the handles cannot be read', () => {
  it('the service starts, stores settings with the warning that they were not checked, and checks them later', async () => {
    const settings = kafkaSettings('cm-test');
    const definition = { topic: uniqueName('later'), partitions: 1, config: {} };
    const parts = { topics: [definition.topic], onRecord: () => undefined, failure: 'unread', log: silent };
    const table = new BackgroundTable({ settings, ...parts, retryDelayMs: 100 });
    const unread = new RunningService();
    unread.overrides = [{ provide: BackgroundTable, useValue: table }];
    await unread.start();
    const path = `/v1/source-orgs/${uniqueName('acme')}`;
    const input = { localHandles: [], fallbackHandle: 'network' };
    const settle = () => unread.send('PUT', path, input, { 'if-match': '*' });
    const warning = (code: string) => ({
      status: 200,
      body: { fallbackHandle: 'network', warnings: [{ field: 'fallbackHandle', code }] },
    });
    expect(await settle()).toMatchObject(warning('not-checked'));
    await createTopics(settings, [definition]);
    await waitFor('the topic to be read', table.isRead);
    expect(await settle()).toMatchObject(warning('unknown-handle'));
    await unread.stop();
  });
});

describe('a second connection to one destination org', () => {
  it('is refused with the first connection and the cure, and made if a duplicate is allowed', async () => {
    const org = uniqueName('acme');
    const first = (await create(org)).body;
    const again = await create(org);
    expect(again).toMatchObject({ status: 409, body: { code: 'destination-taken', connectionId: first.id } });
    expect(again.body.detail).toContain(String(first.name));
    expect(again.body.errors).toEqual([
      { field: 'allowDuplicate', message: expect.any(String), cure: expect.stringContaining('allowDuplicate') },
    ]);
    expect((await create(uniqueName('acme'))).status).toBe(201);
    expect((await create(org, { allowDuplicate: true })).status).toBe(201);
    expect((await create(org, { allowDuplicate: false })).status).toBe(409);
  });

  it('is refused in simultaneous requests too, until the first is gone', async () => {
    const org = uniqueName('acme');
    const answers = await Promise.all(Array.from({ length: 5 }, () => create(org)));
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409, 409, 409, 409]);
    const [made] = answers.filter(({ status }) => status === 201);
    const one = `/v1/source-orgs/${org}/connections/${made?.body.id}`;
    expect((await service.send('DELETE', `${one}?force=true`, undefined, { 'if-match': '*' })).status).toBe(204);
    expect((await create(org)).status).toBe(201);
  });
});

describe('a disabled connection', () => {
  it('refuses a sync with the reason', async () => {
    const org = uniqueName('acme');
    const one = `/v1/source-orgs/${org}/connections/${(await create(org)).body.id}`;
    await service.send('PATCH', one, { enabled: false }, { 'if-match': '*' });
    for (const action of ['sync', 'check']) {
      const { status, body } = await service.send('POST', `${one}/${action}`);
      expect({ action, status, body }).toMatchObject({
        status: 409,
        body: { code: 'connection-disabled', detail: expect.stringContaining('Enable it') },
      });
    }
    expect((await service.send('POST', `${one}/check`, good)).status).toBe(200);
  });
});

describe('the settings of an org with a thousand handles', () => {
  it('are stored, though other bodies may not be as large', async () => {
    const org = uniqueName('acme');
    const localHandles = Array.from({ length: 1000 }, (_, index) => `${'team-'.repeat(15)}${index}`);
    const { status } = await service.send('PUT', `/v1/source-orgs/${org}`, { localHandles }, { 'if-match': '*' });
    expect(status).toBe(200);
    expect((await service.send('GET', `/v1/source-orgs/${org}`)).body).toMatchObject({ localHandles });
    const name = localHandles.join();
    expect(await create(org, { name })).toMatchObject({ status: 413, body: { code: 'body-too-large' } });
  });
});

describe('the list of source orgs', () => {
  it('names each org with settings or connections once, page by page', async () => {
    const [a, b, c] = ['a', 'b', 'c'].map((letter) => uniqueName(`listed-${letter}`)) as [string, string, string];
    await create(a);
    await create(a, { allowDuplicate: true });
    const input = { localHandles: ['web'], fallbackHandle: 'core-infra' };
    for (const org of [a, b]) await service.send('PUT', `/v1/source-orgs/${org}`, input, { 'if-match': '*' });
    await create(c);
    const seen: { sourceOrg: string }[] = [];
    for (let next: string | null = '/v1/source-orgs?limit=2'; next; ) {
      const { status, body } = await service.send('GET', next);
      expect({ status, items: (body.items as object[]).length <= 2 }).toEqual({ status: 200, items: true });
      seen.push(...(body.items as { sourceOrg: string }[]));
      next = body.next as string | null;
    }
    expect(seen.filter(({ sourceOrg }) => [a, b, c].includes(sourceOrg))).toEqual([
      { sourceOrg: a, connections: 2, fallbackHandle: 'core-infra', version: 1, updatedAt: expect.any(String) },
      { sourceOrg: b, connections: 0, fallbackHandle: 'core-infra', version: 1, updatedAt: expect.any(String) },
      { sourceOrg: c, connections: 1, fallbackHandle: null, version: 0, updatedAt: null },
    ]);
    expect(new Set(seen.map(({ sourceOrg }) => sourceOrg)).size).toBe(seen.length);
  });
});
