import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Connections, cards, orgAlertsCard, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, type KafkaSettings, Publisher, plaintext } from '@pagebridge/kafka';
import { aConnection, testBrokers, uniqueName } from '@pagebridge/testing';
import { run } from '../run.fixtures.ts';
import type { Finding } from './finding.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings: KafkaSettings = { brokers: testBrokers(), clientId: 'doctor-spec', security: plaintext, log };
const publisher = new Publisher(settings);
const folder = mkdtempSync(join(tmpdir(), 'doctor-'));
const file = (name: string) => join(folder, name);
const env = { KAFKA_BROKERS: testBrokers().join(), PAGEBRIDGE_TOKEN: 'planted-by-variable' };
const org = uniqueName('doctor');
const dataCenter = `DC${Date.now()}`;
const closed = 'http://127.0.0.1:1';

/** A service whose database is away, and which says more than it should. */
const service = createServer((request, response) => {
  if (request.url === '/metrics')
    return response.end('pagebridge_credentials_of_unheld_keys{x="planted-by-variable"} 2\n');
  const detail = 'mysql://root:planted-in-health@db is away, planted-by-variable';
  response.writeHead(503).end(JSON.stringify({ checks: { database: { ok: false, detail } } }));
});

beforeAll(async () => {
  await createTopics(settings, cards.flatMap(topicDefinitionsOf));
  const wrong = topicDefinitionsOf(orgAlertsCard(org)).map((definition) => ({ ...definition, partitions: 3 }));
  await createTopics(settings, wrong);
  await publisher.start();
  const connection = aConnection({ sourceOrg: org, dataCenter });
  const attributes = { id: 'e', source: '/spec', time: new Date().toISOString() };
  await publisher.publish([Connections.encode(connection.connectionId, attributes, connection)]);
  service.listen(0, '127.0.0.1');
  await once(service, 'listening');
  const url = `http://127.0.0.1:${(service.address() as AddressInfo).port}`;
  const content = {
    management: { pageDelivery: url, handleSync: closed },
    destinations: [{ dataCenter, apiUrl: url, pagingUrl: closed, apiKey: 'planted-in-file' }],
    access: { issuer: url, clients: [{ clientSecret: 'planted-in-file' }] },
    logins: { inspect: { KAFKA_SASL_PASSWORD: 'planted-in-file' } },
  };
  writeFileSync(file('services.json'), JSON.stringify(content));
});
afterAll(async () => {
  await publisher.close();
  service.close();
  rmSync(folder, { recursive: true });
});

const options = ['--services', file('services.json')];

describe('pagebridge doctor', () => {
  it('finds what is wrong with Kafka, services and destinations, each with its cure', async () => {
    const { status, stdout } = await run(['doctor', ...options, '-o', 'json'], env);
    const findings = JSON.parse(stdout) as Finding[];
    const wrong = (check: string, ...words: string[]) =>
      findings.filter(
        (its) =>
          its.check === check &&
          its.state !== 'ok' &&
          its.cure !== '' &&
          words.every((word) => its.detail.includes(word)),
      );
    expect(status).toBe(1);
    expect(findings).toContainEqual(expect.objectContaining({ check: 'brokers', state: 'ok' }));
    expect(wrong('topics', orgAlertsCard(org).topic, '3 partitions instead of 12')).toHaveLength(1);
    expect(wrong('pageDelivery', 'database: ')).toHaveLength(1);
    expect(wrong('handleSync', 'is unreachable')).toHaveLength(1);
    expect(wrong('sealing keys of pageDelivery', '2 credentials')).toHaveLength(1);
    expect(wrong(`data center ${dataCenter}`, closed)).toHaveLength(1);
    expect(wrong('issuer', 'responded with 503')).toHaveLength(1);
    expect(findings.filter(({ state, cure }) => state !== 'ok' && cure === '')).toEqual([]);
  });

  it('warns if no service was checked', async () => {
    const { stdout } = await run(['doctor', '-o', 'json'], env);
    expect(JSON.parse(stdout)).toContainEqual(expect.objectContaining({ check: 'services', state: 'warning' }));
  });

  it('goes on without Kafka', async () => {
    const { status, stdout } = await run(['doctor', ...options, '--brokers', '127.0.0.1:1', '-o', 'json'], env);
    expect(status).toBe(1);
    expect(JSON.parse(stdout).map(({ check }: Finding) => check)).toEqual(
      expect.arrayContaining(['brokers', 'handleSync', 'issuer']),
    );
  });

  it('writes a bundle that has all of it and no secret, readable by its owner alone', async () => {
    const path = file('bundle.json.gz');
    const written = await run(['doctor', 'bundle', path, ...options], env);
    expect(written).toMatchObject({
      status: 1,
      stdout: '',
      stderr: expect.stringContaining('Review it before you send it'),
    });
    const content = gunzipSync(readFileSync(path)).toString();
    const its = JSON.parse(content);
    expect(Object.keys(its.services).toSorted()).toEqual(['handleSync', 'pageDelivery']);
    expect(its).toMatchObject({
      ...{ pagebridge: expect.stringMatching(/^\d/), node: process.versions.node },
      findings: expect.arrayContaining([expect.objectContaining({ check: 'issuer' })]),
      configuration: expect.anything(),
    });
    expect(content).toContain('pagebridge_credentials_of_unheld_keys');
    expect(content).toContain(orgAlertsCard(org).topic);
    expect(content).not.toMatch(/planted/);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(await run(['doctor', 'bundle', path, ...options], env)).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('exists'),
    });
  });
});
