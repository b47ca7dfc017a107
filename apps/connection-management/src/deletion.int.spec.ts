import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ConnectionReport, ConnectionReports, Connections, PageCommands } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { good, kafkaSettings, RunningService, TopicReader } from './service.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const publisher = new Publisher(kafkaSettings('cm-test'));
const reader = new TopicReader([Connections.card.topic]);
const org = uniqueName('acme');
const path = `/v1/source-orgs/${org}/connections`;
const { partitions } = PageCommands.card;

beforeAll(() => Promise.all([service.start(), publisher.start()]).then(() => reader.start()));
afterAll(async () => {
  await Promise.all([reader.stop(), publisher.close()]);
  await service.stop();
  jest.restoreAllMocks();
});

const create = async () => {
  const input = { name: uniqueName('Globex'), dataCenter: 'TEST1', allowDuplicate: true, ...good };
  return String((await service.send('POST', path, input)).body.id);
};
const send = (method: string, id: string, rest = '', body?: object) =>
  service.send(method, `${path}/${id}${rest}`, body, { 'if-match': '*', 'x-actor': 'ada' });
const reportDrained = (connectionId: string, ...drained: number[]): Promise<void> => {
  const at = new Date().toISOString();
  const common = { connectionId, sourceOrg: org, reportedBy: 'page-delivery', credentialRevision: 1, at } as const;
  const records = drained.map((partition) => {
    const report: ConnectionReport = { kind: 'drained', ...common, partition, resolved: 1, unresolved: 0 };
    return ConnectionReports.encode(connectionId, { id: uniqueName('r'), source: '/test', time: at }, report);
  });
  return publisher.publish(records);
};
const isGone = (id: string) =>
  waitFor(
    `${id} to be gone`,
    async () => (await send('GET', id)).status === 404 && reader.of(Connections.card.topic, id).at(-1)?.value === null,
  );

describe('deleting a connection', () => {
  it('disables the connection, and removes it once every partition is drained', async () => {
    const id = await create();
    const asked = await send('DELETE', id);
    const deletion = { resolvedPages: 0, unresolvedPages: 0, partitionsLeft: partitions };
    expect(asked).toMatchObject({ status: 202, body: { status: 'deleting', enabled: false, version: 2, deletion } });
    expect(await reader.next(Connections, id, ({ version }) => version === 2)).toMatchObject({
      enabled: false,
      deleting: true,
    });
    expect(await send('DELETE', id)).toMatchObject({ status: 202, body: { version: 2 } });
    const all = Array.from({ length: partitions }, (_, partition) => partition);
    await reportDrained(id, ...all.slice(1), 1, 2);
    await waitFor('one partition to be left', async () => {
      const { body } = await send('GET', id);
      return (body.deletion as typeof deletion).partitionsLeft === 1;
    });
    await reportDrained(id, 0);
    await isGone(id);
    const { body } = await service.send('GET', `/v1/source-orgs/${org}/audit?limit=2`);
    expect(body.items).toMatchObject([
      {
        action: 'connection.deleted',
        actor: 'urn:pagebridge#page-delivery',
        target: id,
        before: { deletion: { resolvedPages: partitions, unresolvedPages: 0, partitionsLeft: 0 } },
        after: null,
      },
      { action: 'connection.deleting', onBehalfOf: 'ada', target: id },
    ]);
  });

  it('prevents changes, checks, syncs and failovers to the connection meanwhile', async () => {
    const [id, other] = [await create(), await create()];
    await send('DELETE', id);
    const answers = [
      await send('PATCH', id, '', { enabled: true }),
      await send('PUT', id, '/credentials', good),
      await send('POST', id, '/check', good),
      await send('POST', id, '/check'),
      await send('POST', id, '/sync'),
      await send('PATCH', other, '', { failover: { connectionId: id, teamHandle: 'operations' } }),
    ];
    for (const { status, body } of answers) {
      expect({ status, body }).toMatchObject({
        status: 409,
        body: { code: 'connection-deleting', detail: expect.stringContaining('force=true') },
      });
    }
  });

  it('lets the backup of the connection be deleted, which a connection that pages keeps', async () => {
    const [first, backup] = [await create(), await create()];
    const failover = { connectionId: backup, teamHandle: 'operations' };
    expect((await send('PATCH', first, '', { failover })).status).toBe(200);
    expect(await send('DELETE', backup)).toMatchObject({ status: 409, body: { code: 'is-backup' } });
    await send('DELETE', first);
    expect((await send('DELETE', backup)).status).toBe(202);
    expect((await send('DELETE', backup, '?force=true')).status).toBe(204);
  });

  it('is named in the refusal of another connection to the same destination', async () => {
    const input = { dataCenter: 'TEST1', ...good };
    const source = `/v1/source-orgs/${uniqueName('acme')}/connections`;
    const id = String((await service.send('POST', source, { name: 'Globex', ...input })).body.id);
    await service.send('DELETE', `${source}/${id}`, undefined, { 'if-match': '*' });
    const { status, body } = await service.send('POST', source, { name: 'Globex anew', ...input });
    expect({ status, body }).toMatchObject({
      status: 409,
      body: {
        code: 'destination-taken',
        connectionId: id,
        detail: expect.stringContaining('force=true'),
        errors: [{ field: 'allowDuplicate', message: expect.stringContaining('is being deleted') }],
      },
    });
    expect(JSON.stringify(body)).not.toContain('rotate its keys');
  });

  it('happens at once with force, even if it has begun', async () => {
    const [fresh, begun] = [await create(), await create()];
    await send('DELETE', begun);
    for (const id of [fresh, begun]) {
      expect((await send('DELETE', id, '?force=true')).status).toBe(204);
      await isGone(id);
    }
    expect(await send('DELETE', await create(), '?force=perhaps')).toMatchObject({
      status: 400,
      body: { errors: [{ field: 'force', cure: expect.any(String) }] },
    });
  });
});
