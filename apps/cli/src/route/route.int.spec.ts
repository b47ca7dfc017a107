import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Alerts,
  Connections,
  cards,
  Handles,
  orgAlertsCard,
  SourceOrgs,
  topicDefinitionsOf,
} from '@pagebridge/contracts';
import { createTopics, type KafkaSettings, Publisher, plaintext } from '@pagebridge/kafka';
import { aConnection, aHandle, anAlert, testBrokers, uniqueName } from '@pagebridge/testing';
import { run } from '../run.fixtures.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings: KafkaSettings = { brokers: testBrokers(), clientId: 'route-spec', security: plaintext, log };
const publisher = new Publisher(settings);
const env = { KAFKA_BROKERS: testBrokers().join() };
const folder = mkdtempSync(join(tmpdir(), 'route-'));
const file = (name: string) => join(folder, name);

const sourceOrg = uniqueName('routed');
const own = orgAlertsCard(sourceOrg);
const unseen = uniqueName('unseen');
const attributes = { id: 'e', source: '/spec', time: new Date().toISOString() };
const connection = aConnection({ sourceOrg, directory: `EU1/${sourceOrg}/1` });
const handle = aHandle({ directory: connection.directory });
const alertOf = (alertKey: string) =>
  Alerts.encode(`${sourceOrg}/${alertKey}`, attributes, anAlert({ sourceOrg, alertKey }));

beforeAll(async () => {
  await createTopics(settings, [...cards, own].flatMap(topicDefinitionsOf));
  await publisher.start();
  await publisher.publish([
    Connections.encode(connection.connectionId, attributes, connection),
    Handles.encode(`${handle.directory}/${handle.teamId}`, attributes, handle),
    SourceOrgs.encode(sourceOrg, attributes, { sourceOrg, localHandles: [], alertTopic: 'both', version: 1 }),
    alertOf('shared'),
    { ...alertOf('own'), topic: own.topic },
  ]);
  writeFileSync(
    file('suite.yaml'),
    `tests: [{ name: pages, alert: { org: ${sourceOrg}, message: '@oncall-core-infra' }, expect: { pages: [{ handle: core-infra }] } }]`,
  );
});
afterAll(async () => {
  // So that routers of other specs on this Kafka do not look for these topics.
  await publisher.publish([sourceOrg, unseen].map((org) => SourceOrgs.tombstone(org)));
  await publisher.close();
  rmSync(folder, { recursive: true });
});

async function exported(): Promise<string> {
  const { status, stdout } = await run(['registry', 'export', '--org', sourceOrg], env);
  expect(status).toBe(0);
  writeFileSync(file('registry.json'), stdout);
  return stdout;
}

describe('the registry in Kafka', () => {
  it('is exported without credentials, and routes the same from the file, where there is no Kafka', async () => {
    const text = await exported();
    expect(JSON.parse(text)).toMatchObject({
      ...{ connections: [{ slug: 'globex-eu' }], handles: [{ teamHandle: 'core-infra' }] },
      sourceOrgs: [{ sourceOrg, alertTopic: 'both' }],
    });
    expect(text).not.toContain(connection.credential.sealed);
    const test = ['route', 'test', '--suite', file('suite.yaml')];
    const offline = await run([...test, '--registry', file('registry.json'), '--junit', file('routes.xml')]);
    expect(offline).toEqual({ status: 0, stdout: 'ok    pages\n1 of 1 tests passed\n', stderr: '' });
    expect(await run(test, env)).toEqual(offline);
    expect(readFileSync(file('routes.xml'), 'utf8')).toContain('tests="1" failures="0"');
  });

  it('is compared with a changed one by the alerts of the shared topic and of the org', async () => {
    const diff = ['route', 'diff', '--org', sourceOrg, '--registry', file('registry.json'), '-o', 'json'];
    const text = await exported();
    expect(await run(diff, env)).toMatchObject({
      status: 0,
      stdout: '[]\n',
      stderr: expect.stringContaining('0 of 2 alerts'),
    });
    writeFileSync(file('registry.json'), text.replace('"enabled":true', '"enabled":false'));
    const { status, stdout } = await run(diff, env);
    expect({ status, differences: JSON.parse(stdout) }).toMatchObject({
      status: 1,
      differences: [{ handle: '@oncall-core-infra', alerts: 2, changed: 'pages nobody: connection-disabled' }],
    });
    expect(
      await run(['route', 'test', '--suite', file('suite.yaml'), '--registry', file('registry.json')]),
    ).toMatchObject({
      ...{ status: 1, stdout: expect.stringContaining('+ @oncall-core-infra pages nobody: connection-disabled.') },
    });
  });

  it('is not said to be the same where no alert was compared', async () => {
    await exported();
    const diff = (org: string, since: string) =>
      run(['route', 'diff', '--org', org, '--since', since, '--registry', file('registry.json')], env);
    expect(await diff(sourceOrg, '0s')).toMatchObject({ status: 3, stderr: expect.stringContaining('0 of 0 alerts') });
    await publisher.publish([
      SourceOrgs.encode(unseen, attributes, { sourceOrg: unseen, localHandles: [], alertTopic: 'own', version: 1 }),
    ]);
    const stderr = expect.stringContaining(orgAlertsCard(unseen).topic);
    expect(await diff(unseen, '1h')).toMatchObject({ status: 4, stderr });
  });
});
