import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  Alerts,
  Connections,
  cards,
  type OutgoingRecord,
  orgAlertsCard,
  type PageCommand,
  PageCommands,
  type PageOutcome,
  PageOutcomes,
  topicDefinitionsOf,
} from '@pagebridge/contracts';
import { createTopics, type KafkaSettings, Publisher, partitionFor, plaintext, RangeReader } from '@pagebridge/kafka';
import { aConnection, anAlert, testBrokers, uniqueName } from '@pagebridge/testing';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings: KafkaSettings = { brokers: testBrokers(), clientId: 'trace-spec', security: plaintext, log };
const publisher = new Publisher(settings);
const main = join(import.meta.dirname, '../../dist/main.js');

beforeAll(async () => {
  await createTopics(settings, cards.flatMap(topicDefinitionsOf));
  await publisher.start();
});
afterAll(() => publisher.close());

async function pagebridge(...args: string[]) {
  const child = spawn(process.execPath, [main, ...args], { env: { KAFKA_BROKERS: testBrokers().join() } });
  const [stdout, stderr, status] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    new Promise((resolve) => child.once('exit', resolve)),
  ]);
  return { status, stdout, stderr };
}
const trace = (sourceOrg: string, alertKey: string, ...more: string[]) =>
  pagebridge('trace', alertKey, '--org', sourceOrg, '--kafka', ...more);

/** An alert of a new org that paged: its records, as services write them. */
function pagedAlert(sourceOrg = uniqueName('traced'), alertKey = 'monitor-4') {
  const key = `${sourceOrg}/${alertKey}`;
  const time = new Date().toISOString();
  const attributes = { id: randomUUID(), source: '/spec', time };
  const connection = aConnection({ sourceOrg });
  const { connectionId } = connection;
  const page = { pageId: randomUUID(), sourceOrg, alertKey, alertEventId: attributes.id, connectionId };
  const command: PageCommand = {
    ...{ ...page, kind: 'page', transition: 'triggered', occurredAt: time, teamId: 't', teamHandle: 'core-infra' },
    ...{ handle: '@oncall-core-infra', matched: 'exact', urgency: 'high', title: 'Disk full', description: '' },
    ...{ tags: [], links: [] },
  };
  const outcome: PageOutcome = {
    ...{ ...page, teamHandle: 'core-infra', outcome: 'delivered', at: time, attempts: 1, possibleDuplicate: false },
    destinationPageId: 'D1',
  };
  const alert = Alerts.encode(
    key,
    attributes,
    anAlert({ sourceOrg, alertKey, message: '@oncall-core-infra', occurredAt: time }),
  );
  const records = [
    Connections.encode(connectionId, attributes, connection),
    PageCommands.encode(key, attributes, command),
    PageOutcomes.encode(key, attributes, outcome),
  ];
  return { sourceOrg, alertKey, alert, records, command };
}

const write = (...records: readonly (OutgoingRecord & { partition?: number })[]) => publisher.publish(records);
/** Returns the offset of the alert with this key. */
async function offsetOf(key: string, partition: number): Promise<number> {
  const reader = new RangeReader(settings);
  const offsets: number[] = [];
  await reader.readAll(Alerts.card.topic, partition, (record) => {
    if (String(record.key) === key) offsets.push(record.offset);
  });
  await reader.stop();
  return offsets[0] ?? -1;
}

const lastLine = (stdout: string) => stdout.trimEnd().split('\n').at(-1);

describe('pagebridge trace --kafka', () => {
  it('answers whom an alert paged, among alerts of the same partition', async () => {
    const { sourceOrg, alertKey, alert, records } = pagedAlert();
    await write(alert, ...records);
    await write(pagedAlert(sourceOrg, 'monitor-5').alert);
    const { status, stdout } = await trace(sourceOrg, alertKey);
    expect({ status, last: lastLine(stdout) }).toEqual({
      status: 0,
      last: expect.stringMatching(/^Paged core-infra \(globex-eu\) after [\d.]+ m?s\.$/),
    });
    expect(stdout.split('\n').filter((line) => /^\s*(\d\d:|\+)/.test(line))).toHaveLength(3);
  });

  it('prints all of it as JSON', async () => {
    const { sourceOrg, alertKey, alert, records } = pagedAlert();
    await write(alert, ...records);
    const { stdout } = await trace(sourceOrg, alertKey, '-o', 'json');
    const answer = JSON.parse(stdout);
    expect(answer).toMatchObject({ sourceOrg, alertKey, missing: [], answer: { kind: 'paged' } });
    const [{ handle, pages }] = answer.events[0].handles;
    expect(handle).toBe('@oncall-core-infra');
    // The records were written in one moment, in any order.
    expect(answer.hops[pages[0].outcomes[0].hop]).toMatchObject({ kind: 'outcome', outcome: { outcome: 'delivered' } });
  });

  it('finds the alert in the topic that its org owns, and in the partition that its producer has chosen', async () => {
    const owned = pagedAlert();
    const { topic } = orgAlertsCard(owned.sourceOrg);
    await createTopics(settings, topicDefinitionsOf(orgAlertsCard(owned.sourceOrg)));
    await write({ ...owned.alert, topic }, ...owned.records);
    expect((await trace(owned.sourceOrg, owned.alertKey, '--details')).stdout).toContain(`  ${topic}/`);

    const strange = pagedAlert();
    const { partitions } = Alerts.card;
    const partition = (partitionFor(`${strange.sourceOrg}/${strange.alertKey}`, partitions) + 1) % partitions;
    await write({ ...strange.alert, partition });
    const alertRecord = `${Alerts.card.topic}/${partition}/${await offsetOf(strange.alert.key, partition)}`;
    const command = PageCommands.encode(
      `${strange.sourceOrg}/${strange.alertKey}`,
      { id: 'c', source: '/spec', time: strange.command.occurredAt },
      { ...strange.command, alertRecord },
    );
    await write(command);
    expect((await trace(strange.sourceOrg, strange.alertKey, '--details')).stdout).toContain(`  ${alertRecord}`);
  });

  it('finds the alert of a page by either of its ids', async () => {
    const { sourceOrg, alert, records, command } = pagedAlert();
    const destinationPageId = randomUUID();
    await write(
      alert,
      ...records.map((record) => ({
        ...record,
        value: String(record.value).replace('"D1"', JSON.stringify(destinationPageId)),
      })),
    );
    for (const id of [command.pageId, destinationPageId]) {
      const { status, stdout } = await pagebridge('trace', '--page', id, '--kafka');
      expect({ status, stdout }).toEqual({ status: 0, stdout: expect.stringContaining(`${sourceOrg} monitor-4`) });
    }
    expect(await pagebridge('trace', '--page', 'nowhere', '--kafka')).toMatchObject({
      status: 3,
      stderr: expect.stringContaining('page nowhere not found'),
    });
  });

  it('says that nothing is known with an exit code of its own, and what is wrong with a command line', async () => {
    expect(await trace(uniqueName('unknown'), 'monitor-4')).toMatchObject({
      status: 3,
      stdout: expect.stringContaining('Alert not found'),
    });
    const wrong = [
      [['trace', 'monitor-4', '--kafka'], 'alert is missing\nhint: pass an alert key and --org, or --page'],
      [['trace', 'monitor-4', '--org', 'acme-us'], 'no installation is selected'],
      [
        ['trace', 'monitor-4', '--org', 'acme-us', '--kafka', '--since', 'noon'],
        '--since noon: not a time\nhint: use RFC 3339 (2026-01-31T12:00:00Z)',
      ],
    ] as const;
    for (const [args, complaint] of wrong)
      expect(await pagebridge(...args)).toMatchObject({
        status: 2,
        stdout: '',
        stderr: expect.stringContaining(complaint),
      });
    const away = await pagebridge('trace', 'a', '--org', 'acme-us', '--kafka', '--brokers', '127.0.0.1:1');
    expect(away).toMatchObject({ status: 5, stdout: '' });
  });
});
