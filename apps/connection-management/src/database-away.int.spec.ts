import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type ConnectionReport, ConnectionReports, Connections } from '@pagebridge/contracts';
import { Publisher } from '@pagebridge/kafka';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { createConnection } from 'mysql2/promise';
import { good, kafkaSettings, RunningService, TopicReader } from './service.fixtures.ts';
import { TcpProxy } from './tcp-proxy.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const service = new RunningService();
const publisher = new Publisher(kafkaSettings('cm-test'));
const org = uniqueName('acme');
const path = `/v1/source-orgs/${org}/connections`;
const real = new URL(service.database.url);
const proxy = new TcpProxy({ host: real.hostname, port: Number(real.port) });

beforeAll(async () => {
  const through = new URL(real);
  through.port = String(await proxy.open());
  service.databaseUrl = through.href;
  await service.start();
  await publisher.start();
});
afterAll(async () => {
  await publisher.close();
  await service.stop();
  await proxy.cut();
  jest.restoreAllMocks();
});

const create = (name: string) =>
  service.send('POST', path, { name, dataCenter: 'TEST1', allowDuplicate: true, ...good });
const ready = async () => (await fetch(`${service.managementUrl}/health/ready`)).status;

describe('while the database is away', () => {
  it('requests are answered 503 with Retry-After, and a report is applied once it is back', async () => {
    const { body, etag } = await create('Globex');
    const id = String(body.id);
    await proxy.cut();
    const answers = [
      await service.send('GET', `${path}/${id}`),
      await service.send('GET', path),
      await create('Initech'),
      await service.send('PATCH', `${path}/${id}`, { enabled: false }, { 'if-match': etag }),
      await service.send('GET', `/v1/source-orgs/${org}/audit`),
    ];
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'database-unavailable', retriable: true } });
      expect(answer.headers.get('retry-after')).toBe('2');
    }
    await waitFor('readiness to go', async () => (await ready()) === 503);
    expect((await fetch(`${service.managementUrl}/health/live`)).status).toBe(200);
    const at = new Date().toISOString();
    const report = { connectionId: id, sourceOrg: org, reportedBy: 'page-delivery', credentialRevision: 1, at };
    const fault: ConnectionReport = { ...report, reportedBy: 'page-delivery', kind: 'credential-fault', detail: 'no' };
    await publisher.publish([ConnectionReports.encode(id, { id: at, source: '/test', time: at }, fault)]);
    await proxy.open();
    await waitFor('the report', async () => (await service.send('GET', `${path}/${id}`)).body.status === 'failing');
    await waitFor('readiness', async () => (await ready()) === 200);
  });

  it('nothing that was committed before is lost, and later changes are published again', async () => {
    const reader = new TopicReader([Connections.card.topic]);
    await reader.start();
    const first = String((await create('Umbrella')).body.id);
    await proxy.cut();
    await proxy.open();
    const second = await waitFor('the database', async () => {
      const { status, body } = await create('Hooli');
      return status === 201 ? String(body.id) : undefined;
    });
    await reader.next(Connections, first);
    await reader.next(Connections, second);
    await reader.stop();
  });
});

describe('while the database accepts requests and answers nothing', () => {
  it('requests are answered 503 within 5 s, even those that wait for a connection, and the service is not ready', async () => {
    const { body, etag } = await create('Frozen');
    proxy.freeze();
    const from = performance.now();
    const patch = () => service.send('PATCH', `${path}/${body.id}`, { enabled: false }, { 'if-match': etag });
    const answers = await Promise.all([
      ...Array.from({ length: 20 }, () => service.send('GET', path)),
      create('Never'),
      patch(),
      service.send('POST', `${path}/${body.id}/check`),
      service.send('POST', `${path}/${body.id}/sync`),
    ]);
    expect(performance.now() - from).toBeLessThan(20_000);
    for (const { status, body: problem } of answers) {
      expect({ status, code: problem.code }).toEqual({ status: 503, code: 'database-unavailable' });
    }
    await waitFor('readiness to go', async () => (await ready()) === 503);
    proxy.thaw();
    await waitFor('readiness', async () => (await ready()) === 200);
    expect((await patch()).status).toBe(200);
  });

  it('a change whose commit is not answered is reported as possibly stored, and is stored', async () => {
    const { body, etag } = await create('Half known');
    const one = `${path}/${body.id}`;
    // The rate limit commits first.
    proxy.freezeAt('UPDATE `connections`', 'COMMIT');
    const { status, body: problem } = await service.send('PATCH', one, { enabled: false }, { 'if-match': etag });
    proxy.thaw();
    expect({ status, code: problem.code, retriable: problem.retriable }).toEqual({
      status: 503,
      code: 'database-answer-lost',
      retriable: true,
    });
    expect(problem.detail).toContain('may have been stored');
    const found = await waitFor('the database', async () => {
      const answer = await service.send('GET', one);
      return answer.status === 200 ? answer.body : undefined;
    });
    expect(found).toMatchObject({ version: 2, enabled: false });
  });
});

describe('a row that another transaction has locked', () => {
  it('is waited for less than 5 s, and the change is not stored', async () => {
    const { body, etag } = await create('Held');
    const holder = await createConnection({ uri: service.database.url });
    await holder.query('START TRANSACTION');
    await holder.query('SELECT id FROM connections WHERE id = ? FOR UPDATE', [body.id]);
    const change = () => service.send('PATCH', `${path}/${body.id}`, { enabled: false }, { 'if-match': etag });
    const from = performance.now();
    expect(await change()).toMatchObject({ status: 503, body: { code: 'database-unavailable', retryAfterMs: 2000 } });
    expect(performance.now() - from).toBeLessThan(20_000);
    await holder.end();
    expect((await change()).status).toBe(200);
  });
});
