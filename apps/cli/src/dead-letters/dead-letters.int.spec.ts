import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Alerts, Audit, PageCommands } from '@pagebridge/contracts';
import { type ConsumedRecord, type OutgoingRecord, partitionFor } from '@pagebridge/kafka';
import { anAlertRecord, uniqueName, waitFor } from '@pagebridge/testing';
import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { aZstdBatch } from '../../../../libs/dead-letters/src/zstd-batch.fixtures.ts';
import { Outside, runProgram, startProgram } from './dead-letters.fixtures.ts';

const { topic, partitions } = Alerts.card;
const deadTopic = deadLetterTopicOf(topic);
const outside = new Outside([topic, deadTopic, Audit.card.topic, PageCommands.card.topic]);
// A wide bound: the machine may be busy, and each run of the program reads whole topics.

let withoutBroker: ReturnType<typeof runProgram>;

beforeAll(async () => {
  // The program tries to reach its broker for ten seconds; the other tests run meanwhile.
  withoutBroker = runProgram('ls', '--brokers', '127.0.0.1:1');
  await outside.start();
});
afterAll(() => outside.stop());

const minutesAgo = (minutes: number) => new Date(Date.now() - minutes * 60_000).toISOString();

/** Returns the record of an alert as page-routing parks it. */
function parked(record: OutgoingRecord, offset = 1): OutgoingRecord {
  const partition = partitionFor(record.key ?? '', partitions);
  const headers = {
    ...record.headers,
    'x-dlq-reason': 'handler-failed',
    'x-dlq-topic': topic,
    'x-dlq-partition': String(partition),
    'x-dlq-offset': String(offset),
    'x-dlq-failed-at': minutesAgo(1),
  };
  return { ...record, topic: deadTopic, partition, headers };
}

const header = (record: ConsumedRecord, name: string) => String(record.headers[name]);
const replaysOf = (org: string) => outside.under(topic, org).filter(({ headers }) => headers['x-replayed-from']);

describe('pagebridge dead-letters', () => {
  it('sends each dead letter once, in order, when it is killed in the middle of a replay and run again', async () => {
    const org = uniqueName('replay');
    const alerts = Array.from({ length: 60 }, (_, i) =>
      anAlertRecord({ sourceOrg: org, alertKey: `monitor-${i}`, occurredAt: minutesAgo(10) }),
    );
    await outside.write(alerts.map((alert) => parked(alert)));
    const line = ['replay', '--topic', 'alerts', '--record-key', `${org}/*`, '--yes'];
    const first = startProgram(...line, '--rate', '6');
    const closed = once(first, 'close');
    try {
      await waitFor('some replays', () => replaysOf(org).length >= 8);
    } finally {
      first.kill('SIGKILL');
    }
    await closed;
    const second = await runProgram(...line, '-o', 'json');
    expect(second).toMatchObject({ code: 0 });
    const { counts, sent } = JSON.parse(second.stdout);
    expect(counts.replayed).toBeGreaterThanOrEqual(8);
    expect(counts).toEqual({ replay: sent, replayed: 60 - sent });

    const runs = () =>
      outside.under(Audit.card.topic, '-').filter(({ value }) => String(value).includes('"onBehalfOf":"ada"'));
    await waitFor('both runs in the audit', () => runs().length >= 2);

    await waitFor('all replays', () => replaysOf(org).length >= 60, { lastSeen: () => replaysOf(org).length });
    const third = await runProgram(...line, '-o', 'json');
    expect(JSON.parse(third.stdout)).toMatchObject({ counts: { replayed: 60 }, sent: 0 });
    const dead = outside.under(deadTopic, org);
    const names = (records: ConsumedRecord[]) => records.map((it) => `${it.topic}/${it.partition}/${it.offset}`);
    for (let partition = 0; partition < partitions; partition += 1) {
      const inPartition = (records: ConsumedRecord[]) => records.filter((it) => it.partition === partition);
      const replays = inPartition(replaysOf(org));
      expect(replays.map((it) => header(it, 'x-replayed-from'))).toEqual(names(inPartition(dead)));
      expect(replays.map((it) => String(it.value))).toEqual(inPartition(dead).map((it) => String(it.value)));
      expect(replays.map((it) => String(it.key))).toEqual(inPartition(dead).map((it) => String(it.key)));
    }
    expect(replaysOf(org).every((it) => !Object.keys(it.headers).some((name) => name.startsWith('x-dlq-')))).toBe(true);
  });

  it('skips recovered, older and unreadable letters, and states why', async () => {
    const org = uniqueName('replay');
    const alert = (alertKey: string, minutes: number, its = {}) =>
      anAlertRecord({ sourceOrg: org, alertKey, occurredAt: minutesAgo(minutes), ...its });
    await outside.write([
      alert('recovered', 5, { transition: 'recovered' }),
      parked(alert('recovered', 10)),
      parked(alert('twice', 10)),
      parked(alert('twice', 8)),
      parked({ ...alert('broken', 10), value: Buffer.from('{"half') }),
    ]);
    const preview = await runProgram('replay', '--topic', 'alerts', '--record-key', `${org}/*`, '--dry-run');
    expect(preview.code).toBe(0);
    const rows = preview.stdout
      .trim()
      .split('\n')
      .map((row) => row.split('\t'));
    expect(rows.map(([what, , key]) => `${what} ${key}`).toSorted()).toEqual([
      `collapsed ${org}/twice`,
      `recovered ${org}/recovered`,
      `replay ${org}/twice`,
      `unreadable ${org}/broken`,
    ]);
    expect(replaysOf(org)).toEqual([]);
    const asked = await runProgram('replay', '--topic', 'alerts', '--record-key', `${org}/*`);
    expect(asked).toMatchObject({ code: 2, stdout: '', stderr: expect.stringContaining('--dry-run') });
    const listed = await runProgram('ls', '--topic', 'alerts', '--record-key', `${org}/*`, '-o', 'json');
    expect(JSON.parse(listed.stdout)).toMatchObject([{ topic, reason: 'handler-failed', count: 4 }]);
  });

  it('opens a parked batch within the given size, and sends each of its records once with the original bytes', async () => {
    const org = uniqueName('replay');
    const message = `@oncall-core-infra ${'x'.repeat(100_000)}`;
    const alerts = Array.from({ length: 15 }, (_, i) =>
      anAlertRecord({ sourceOrg: org, alertKey: `monitor-${i}`, occurredAt: minutesAgo(10), message }),
    );
    const partition = partitionFor(org, partitions);
    const headers = {
      'x-dlq-reason': 'undecodable-batch',
      'x-dlq-topic': topic,
      'x-dlq-partition': String(partition),
      'x-dlq-offset': '1002',
      'x-dlq-codec': 'zstd',
      'x-dlq-first-offset': '1002',
      'x-dlq-last-offset': '1014',
      'x-dlq-failed-at': minutesAgo(1),
    };
    await outside.write([{ topic: deadTopic, key: null, value: aZstdBatch(1000, alerts), partition, headers }]);
    const line = ['replay', '--topic', 'alerts', '--record-key', `${org}/*`, '--yes', '-o', 'json'];
    const run = async (...options: string[]) => JSON.parse((await runProgram(...line, ...options)).stdout);

    expect(await run()).toMatchObject({ counts: {}, sent: 0 });
    expect(await run('--max-batch-mib', '1')).toMatchObject({ sent: 0 });
    expect(await run('--max-batch-mib', '64')).toMatchObject({ counts: { replay: 13 }, sent: 13 });
    expect(await run('--max-batch-mib', '64')).toMatchObject({ counts: { replayed: 13 }, sent: 0 });

    await waitFor('all records', () => replaysOf(org).length >= 13, { lastSeen: () => replaysOf(org).length });
    const replays = replaysOf(org);
    expect(replays.map((it) => String(it.value))).toEqual(alerts.slice(2).map(({ value }) => String(value)));
    expect(replays.map((it) => header(it, 'x-replayed-from').split('#')[1])).toEqual(
      Array.from({ length: 13 }, (_, i) => String(1002 + i)),
    );
    expect(new Set(replays.map((it) => it.partition))).toEqual(new Set([partition]));
  });

  it('previews topics that hold forged replay marks, times and headers', async () => {
    const org = uniqueName('replay');
    const alert = anAlertRecord({ sourceOrg: org, alertKey: 'on', occurredAt: minutesAgo(10) });
    const forged = {
      'x-replayed-from': `${deadTopic}/0/0`,
      'x-replayed-at': 'never',
      traceparent: Buffer.from([0xff]),
    };
    await outside.write([
      parked(alert),
      { ...alert, value: Buffer.from('{}'), headers: forged },
      { ...alert, value: null, headers: { 'x-replayed-from': 'x'.repeat(500_000) } },
      { ...alert, key: null, value: Buffer.alloc(10), headers: { 'x-replayed-from': ['', 'twice'] } },
    ]);
    const preview = await runProgram(
      'replay',
      '--topic',
      'alerts',
      '--record-key',
      `${org}/*`,
      '--dry-run',
      '-o',
      'json',
    );
    expect(preview.code).toBe(0);
    expect(JSON.parse(preview.stdout)).toMatchObject({ counts: { replay: 1 }, becomes: { routed: 1 } });
  });

  it('names the broker that does not answer, and has a separate exit code for it', async () => {
    const { code, stdout, stderr } = await withoutBroker;
    expect({ code, stdout }).toEqual({ code: 5, stdout: '' });
    expect(stderr).toContain('127.0.0.1:1');
  });
});
