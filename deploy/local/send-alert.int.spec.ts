import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Alerts, orgAlertsCard, SourceOrgs, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, Publisher } from '@pagebridge/kafka';
import { testBrokers, uniqueName } from '@pagebridge/testing';
import { kafkaSettings } from './stack/kafka-settings.ts';

const brokers = testBrokers().join();
const settings = kafkaSettings({ brokers }, 'send-alert-spec', '');
const publisher = new Publisher(settings);
const org = uniqueName('acme');

async function alert(...args: readonly string[]) {
  const child = spawn(process.execPath, [join(import.meta.dirname, 'send-alert.ts'), '--org', org, ...args], {
    env: { ...process.env, KAFKA_BROKERS: brokers },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr, [status]] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'exit')]);
  return { status, stdout, stderr };
}

async function settle(alertTopic: 'shared' | 'both' | 'own', version: number): Promise<void> {
  const time = new Date().toISOString();
  const attributes = { id: randomUUID(), source: '/pagebridge/connection-management', time };
  await publisher.publish([
    SourceOrgs.encode(org, attributes, { sourceOrg: org, localHandles: [], alertTopic, version }),
  ]);
}

beforeAll(async () => {
  const cards = [Alerts.card, SourceOrgs.card, orgAlertsCard(org)];
  await createTopics(settings, cards.flatMap(topicDefinitionsOf));
  await publisher.start();
});
afterAll(() => publisher.close());

describe('npm run alert', () => {
  it('writes to the topic that the org owns as soon as that is read, before that to the shared one', async () => {
    const handle = 'Disk full. @oncall-core-infra';
    const own = `triggered published to paging.org-alerts.v1.${org},`;
    expect((await alert(handle)).stdout).toContain('triggered published to paging.alerts.v1,');
    await settle('both', 1);
    expect((await alert(handle)).stdout).toContain(own);
    await settle('own', 2);
    expect(await alert(handle)).toMatchObject({ status: 0, stdout: expect.stringContaining(own) });
  });

  it('says that an alert without a handle pages nobody', async () => {
    const nobody = 'warning: the text has no @oncall- handle, so the alert pages nobody\n';
    expect((await alert('Disk full. @oncall')).stderr).toContain(nobody);
    expect((await alert('Disk full. @oncall-core-infra')).stderr).not.toContain(nobody);
  });
});
