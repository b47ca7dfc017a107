import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Alerts, Connections, cards, orgAlertsCard, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, type KafkaSettings, Publisher, plaintext } from '@pagebridge/kafka';
import { aConnection, anAlert, testBrokers, uniqueName, waitFor } from '@pagebridge/testing';
import { run } from '../run.fixtures.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
const settings: KafkaSettings = { brokers: testBrokers(), clientId: 'topics-spec', security: plaintext, log };
const publisher = new Publisher(settings);
const env = { KAFKA_BROKERS: testBrokers().join() };
const sourceOrg = uniqueName('tailed');
const own = orgAlertsCard(sourceOrg).topic;
const attributes = { id: 'e', source: '/spec', time: new Date().toISOString() };

const alertOf = (alertKey: string, message: string) => ({
  ...Alerts.encode(`${sourceOrg}/${alertKey}`, attributes, anAlert({ sourceOrg, alertKey, title: alertKey, message })),
  topic: own,
});
const jsonOf = (lines: string) =>
  lines
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

beforeAll(async () => {
  await createTopics(settings, [...cards, orgAlertsCard(sourceOrg)].flatMap(topicDefinitionsOf));
  await publisher.start();
  // One after the other and in several partitions, so that only their times order them.
  for (const [n, message] of ['@oncall-core-infra.', '@oncall-search', 'nobody'].entries()) {
    await publisher.publish([{ ...alertOf(`m${n}`, message), partition: 5 - n }]);
    const written = Date.now();
    await waitFor('the next millisecond', () => Date.now() > written);
  }
  await publisher.publish([
    { topic: own, key: `${sourceOrg}/m9`, value: 'no\u001b[31mJSON', headers: {}, partition: 0 },
  ]);
});
afterAll(() => publisher.close());

describe('pagebridge topics ls', () => {
  it('lists what each topic keeps, and how far its group has read it', async () => {
    const { status, stdout } = await run(['topics', 'ls', '-o', 'json'], env);
    const topics = JSON.parse(stdout) as { topic: string; kept: string; last: string }[];
    const its = topics.find(({ topic }) => topic === own);
    expect({ status, its }).toEqual({
      status: 0,
      its: {
        ...{ topic: own, partitions: 12, records: 4 },
        ...{ kept: expect.stringMatching(/Z$/), last: expect.stringMatching(/Z$/) },
        groups: [{ group: 'page-routing-org-alerts', lagRecords: 4, lagSeconds: expect.any(Number) }],
      },
    });
    expect(Date.parse(its?.last ?? '')).toBeGreaterThanOrEqual(Date.parse(its?.kept ?? ''));
    expect(topics.length).toBeGreaterThan(cards.length);
  });
});

describe('pagebridge topics tail', () => {
  it('prints the records of all partitions in the order of their times, and those that cannot be read with the reason', async () => {
    const { status, stdout } = await run(['topics', 'tail', `org-alerts.${sourceOrg}`], env);
    const lines = stdout.trimEnd().split('\n');
    expect({ status, lines }).toEqual({
      status: 0,
      lines: [
        expect.stringMatching(`^20\\S+Z 5/0 ${sourceOrg}/m0 alert triggered \\S*\\s?"m0" @oncall-core-infra`),
        expect.stringContaining(' 4/0 '),
        expect.stringContaining(' 3/0 '),
        expect.stringMatching(`0/0 ${sourceOrg}/m9 unreadable not-json: the value is not JSON`),
      ],
    });
  });

  it.each([
    [['--handle', '@oncall-core-infra'], ['m0']],
    [['--record-key', 'm1'], ['m1']],
    [['--org', 'another-org'], []],
    [['--since', '2100-01-01T00:00:00Z'], []],
  ])('prints only those that are chosen: %j', async (options, keys) => {
    const { stdout } = await run(['topics', 'tail', own, '-o', 'jsonl', ...options], env);
    const its = stdout === '' ? [] : jsonOf(stdout).map(({ data }) => data.alertKey);
    expect(its).toEqual(keys);
  });

  it('shows no credential of a connection', async () => {
    const connection = aConnection({ sourceOrg });
    await publisher.publish([
      Connections.encode(connection.connectionId, attributes, connection),
      Connections.tombstone(connection.connectionId),
    ]);
    const { stdout } = await run(
      ['topics', 'tail', 'connections', '-o', 'jsonl', '--record-key', connection.connectionId],
      env,
    );
    expect(jsonOf(stdout).map(({ kind }) => kind)).toEqual(['record', 'deleted']);
    expect(stdout).toContain(connection.slug);
    expect(stdout).not.toContain('sealed');
    expect(stdout).not.toContain(connection.credential.sealed);
  });

  it('follows a topic until Ctrl-C', async () => {
    const main = join(import.meta.dirname, '../../dist/main.js');
    const child = spawn(process.execPath, [main, 'topics', 'tail', own, '--follow', '--since', '1h'], { env });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    const stderr = text(child.stderr);
    const seen: string[] = [];
    for await (const line of createInterface(child.stdout)) {
      seen.push(line);
      if (seen.length === 4) await publisher.publish([alertOf('later', 'nobody')]);
      if (line.includes('"later"')) child.kill('SIGINT');
    }
    expect({ status: await ended, stderr: await stderr, seen: seen.length }).toEqual({
      status: 0,
      stderr: '',
      seen: 5,
    });
  });

  it('says which topics there are not', async () => {
    expect(await run(['topics', 'tail', 'alert'], env)).toEqual({
      ...{ status: 3, stdout: '' },
      stderr:
        'error: no topic alert: it does not exist or is not visible to this user\nhint: list topics with pagebridge topics ls\n',
    });
  });
});
