import 'reflect-metadata';
import { afterAll, beforeAll, expect, it, jest } from '@jest/globals';
import { Connections } from '@pagebridge/contracts';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { good, kafkaSettings, RunningService, TopicReader } from './service.fixtures.ts';
import { TcpProxy } from './tcp-proxy.fixtures.ts';

jest.spyOn(process.stdout, 'write').mockReturnValue(true);

const [host = '', port] = kafkaSettings('cm-test').brokers[0]?.split(':') ?? [];
const kafka = new TcpProxy({ host, port: Number(port) });
const service = new RunningService();
const reader = new TopicReader([Connections.card.topic]);
const org = uniqueName('acme');
const path = `/v1/source-orgs/${org}/connections`;

beforeAll(async () => {
  service.brokers = `127.0.0.1:${await kafka.open()}`;
});
afterAll(async () => {
  await reader.stop();
  await service.stop();
  await kafka.cut();
  jest.restoreAllMocks();
});

const isReady = async () => service.managementUrl !== '' && (await fetch(`${service.managementUrl}/health/ready`)).ok;

it('a service that is started while Kafka is down is ready, changes connections, and publishes them once Kafka is there', async () => {
  await kafka.cut();
  const starting = service.start();
  await Promise.race([starting, waitFor('readiness', isReady)]);
  const { status, body, etag } = await service.send('POST', path, { name: 'Globex', dataCenter: 'TEST1', ...good });
  expect(status).toBe(201);
  const id = String(body.id);
  const disabled = await service.send('PATCH', `${path}/${id}`, { enabled: false }, { 'if-match': etag });
  expect(disabled).toMatchObject({ status: 200, body: { enabled: false } });
  expect((await service.send('GET', path)).status).toBe(200);

  await kafka.open();
  await starting;
  await reader.start();
  await reader.next(Connections, id, ({ enabled }) => !enabled);
});
