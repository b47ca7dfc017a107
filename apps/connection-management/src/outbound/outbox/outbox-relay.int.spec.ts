import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { AccessTokens, Connections, Integrations, type OutgoingRecord, reservedKeyPrefix } from '@pagebridge/contracts';
import { createDataSource, inTransaction } from '@pagebridge/database';
import { createTopics, Publisher, plaintext } from '@pagebridge/kafka';
import { uniqueName, waitFor } from '@pagebridge/testing';
import type { DataSource } from 'typeorm';
import { aConnection } from '../../domain/connection.fixtures.ts';
import { anAccessToken } from '../../domain/tokens/access-token.fixtures.ts';
import { revoked } from '../../domain/tokens/access-token.ts';
import { newIntegration } from '../../integrations/integration.ts';
import { createAllTopics, kafkaSettings, ownDatabase, silent, TopicReader } from '../../service.fixtures.ts';
import { schema } from '../persistence/schema.ts';
import { TypeormUnit } from '../persistence/typeorm-unit.ts';
import { MysqlOutbox } from './mysql-outbox.ts';
import { OutboxRelay, type RelayOptions } from './outbox-relay.ts';
import { segmentRolls } from './segment-rolls.ts';

const database = ownDatabase();
const topic = uniqueName('cm-outbox');
const publisher = new Publisher(kafkaSettings('cm-test'));
let dataSource: DataSource;
let reader: TopicReader;
const relays: OutboxRelay[] = [];

beforeAll(async () => {
  await database.create();
  dataSource = await createDataSource({ ...schema, url: database.url, poolSize: 20 }).initialize();
  await createTopics(kafkaSettings('cm-test'), [{ topic, partitions: 3, config: {} }]);
  await publisher.start();
  await createAllTopics();
  reader = new TopicReader([topic, ...[Connections, AccessTokens, Integrations].map(({ card }) => card.topic)]);
  await reader.start();
});
afterEach(() => Promise.all(relays.splice(0).map((relay) => relay.stop())));
afterAll(async () => {
  await Promise.all([reader.stop(), publisher.close(), dataSource.destroy()]);
  await database.drop();
});

it('a long outbox is counted in part, and its oldest event is the first', async () => {
  const [first, later] = [new Date('2026-01-02T00:00:00Z'), new Date('2026-01-03T00:00:00Z')];
  const sql = `INSERT INTO outbox (topic, record_key, value, headers, created_at)
    SELECT ?, seq, NULL, '{}', IF(seq = 1, ?, ?) FROM seq_1_to_10002`;
  await database.query(sql, [topic, first, later]);
  expect(await new MysqlOutbox(dataSource).backlog()).toEqual({ records: 10_000, oldestAt: first });
  await database.query('DELETE FROM outbox');
  expect(await new MysqlOutbox(dataSource).backlog()).toEqual({ records: 0, oldestAt: undefined });
});

const inUnit = (work: (unit: TypeormUnit) => Promise<void>) =>
  inTransaction(dataSource, (manager) => work(new TypeormUnit(manager)));

function startRelay(differences: Partial<RelayOptions> = {}) {
  const counts = { published: 0, overtaken: 0, failures: [] as string[], recovered: 0 };
  const relay = new OutboxRelay({
    outbox: new MysqlOutbox(dataSource),
    publish: (records) => publisher.publish(records),
    publishSpentAfterMs: 0,
    observer: {
      looked: () => undefined,
      published: (records) => {
        counts.published += records;
      },
      overtaken: (records) => {
        counts.overtaken += records;
      },
      failing: (part) => counts.failures.push(part),
      recovered: () => {
        counts.recovered += 1;
      },
    },
    pollMs: 20,
    maxBackoffMs: 200,
    ...differences,
  });
  relays.push(relay);
  relay.start();
  return { relay, counts };
}

/** Starts a relay that freezes in its first publish until `thaw`. `publishing` resolves once it has read the rows that it publishes. */
function startFrozenRelay() {
  const thawed = Promise.withResolvers<void>();
  const publishing = Promise.withResolvers<void>();
  const { counts } = startRelay({
    publish: async (records) => {
      publishing.resolve();
      await thawed.promise;
      await publisher.publish(records);
    },
  });
  return { counts, publishing: publishing.promise, thaw: () => thawed.resolve() };
}

const event = (key: string, value: string): OutgoingRecord => ({
  topic,
  key,
  value: Buffer.from(value),
  headers: { ce_id: `${key}/${value}` },
});
const queue = (records: OutgoingRecord[]) =>
  inUnit(async (unit) => {
    for (const record of records) await unit.queue(record);
  });
const valuesOf = (key: string) => reader.of(topic, key).map(({ value }) => value?.toString() ?? null);
const isRoll = (record: { topic: string; key: Buffer | null }) =>
  record.topic === Connections.card.topic && String(record.key).startsWith(reservedKeyPrefix);
const isLeased = async () =>
  (await database.query('SELECT id FROM outbox_lease WHERE holder IS NOT NULL')).length === 1;
const isEmpty = async () => (await database.query('SELECT id FROM outbox LIMIT 1')).length === 0;

describe('the outbox on a real database and Kafka', () => {
  it('publishes each key in order, with headers and tombstones', async () => {
    startRelay();
    const key = uniqueName('key');
    await queue([event(key, '1'), event(key, '2'), { topic, key, value: null, headers: {} }]);
    await waitFor('three records', () => valuesOf(key).length === 3);
    expect(valuesOf(key)).toEqual(['1', '2', null]);
    expect(reader.of(topic, key)[0]?.headers.ce_id?.toString()).toBe(`${key}/1`);
    await waitFor('an empty outbox', isEmpty);
  });

  it('loses no event if transactions commit in another order than their ids', async () => {
    startRelay();
    const [slow, fast] = [uniqueName('slow'), uniqueName('fast')];
    const held = Promise.withResolvers<void>();
    const slowCommit = dataSource.transaction(async (manager) => {
      await new TypeormUnit(manager).queue(event(slow, 'lower id'));
      await held.promise;
    });
    await queue([event(fast, 'higher id')]);
    await waitFor('the higher id', () => valuesOf(fast).length === 1);
    held.resolve();
    await slowCommit;
    await waitFor('the lower id', () => valuesOf(slow).length === 1);
  });

  it('is published by another relay once the lease of a vanished relay has expired', async () => {
    const vanished = startRelay({ publish: () => new Promise(() => undefined) });
    // Not stopped after the test: its publish never ends, and `stop` would wait for it.
    relays.splice(relays.indexOf(vanished.relay), 1);
    const key = uniqueName('key');
    await queue([event(key, '1')]);
    await waitFor('the lease', isLeased);
    const second = startRelay();
    await queue(Array.from({ length: 50 }, (_, i) => event(key, String(i + 2))));
    await waitFor('an empty outbox', isEmpty);
    await waitFor('the last event', () => valuesOf(key).at(-1) === '51');
    expect(valuesOf(key).map(Number)).toEqual(Array.from({ length: 51 }, (_, i) => i + 1));
    await waitFor('the count of the second', () => second.counts.published === 51);
    expect(vanished.counts.published).toBe(0);
  });

  it.each([
    ['a key', 1],
    ['very many keys of another topic', 4],
  ])('publishes what follows %s that cannot be written and stays in the outbox', async (_, many) => {
    const blocked = uniqueName('cm-blocked');
    const { relay } = startRelay({
      batchRecords: 2,
      publishSpentAfterMs: 16_000,
      publish: (records) =>
        records.some((record) => record.topic === blocked)
          ? Promise.reject(new Error('no replicas'))
          : publisher.publish(records),
    });
    const key = uniqueName('key');
    const keys = Array.from({ length: many }, (_none, n) => `blocked-${n}`);
    await queue([...keys.map((each) => ({ ...event(each, '1'), topic: blocked })), event(key, '1')]);
    await waitFor('what comes after', () => valuesOf(key).length === 1);
    const topics = () => database.query('SELECT DISTINCT topic FROM outbox');
    await waitFor('it to be out of the outbox', async () => (await topics()).length === 1);
    expect(await database.query('SELECT topic FROM outbox')).toEqual(keys.map(() => ({ topic: blocked })));
    await relay.stop();
    await database.query('DELETE FROM outbox');
    await database.query('UPDATE outbox_lease SET holder = NULL');
  });

  it('does not restore a deleted connection from a relay that was frozen during a publish', async () => {
    const connection = aConnection({ id: randomUUID(), sourceOrg: uniqueName('acme') });
    const frozen = startFrozenRelay();
    await inUnit(async (unit) => {
      await unit.insertConnection(connection, { isSole: true });
      await unit.publish({ kind: 'connection', connection });
    });
    await frozen.publishing;
    startRelay();
    await inUnit(async (unit) => {
      await unit.deleteConnection(connection.id);
      await unit.publish({ kind: 'connection-deleted', id: connection.id });
    });
    const versions = () => reader.of(Connections.card.topic, connection.id).map(({ value }) => value && 'connection');
    await waitFor('the deletion', () => versions().length === 2);
    frozen.thaw();
    await waitFor('the late record and its cure', () => versions().length >= 4);
    expect(versions().slice(0, 4)).toEqual(['connection', null, 'connection', null]);
    // The reader may get the record before the relay gets the acknowledgement.
    await waitFor('it to be counted', () => frozen.counts.overtaken > 0);
    expect(frozen.counts.overtaken).toBe(1);
  });

  it('ends with the revoked API token as the last record of its key, whatever a frozen relay writes', async () => {
    const token = anAccessToken({ id: randomUUID(), hash: randomUUID().replaceAll('-', '').repeat(2) });
    const frozen = startFrozenRelay();
    const at = new Date();
    await inUnit(async (unit) => {
      await unit.tokens.insert(token);
      await unit.publish({ kind: 'token', token });
    });
    await frozen.publishing;
    startRelay();
    await inUnit(async (unit) => {
      await unit.tokens.revoke([token], at);
      await unit.publish({ kind: 'token', token: revoked(token, at) });
    });
    const versions = () =>
      reader
        .of(AccessTokens.card.topic, token.id)
        .map((record) => AccessTokens.decode(record))
        .map((read) => read.ok && read.event.data.version);
    await waitFor('the revocation', () => versions().length === 2);
    frozen.thaw();
    await waitFor('the late record and its cure', () => versions().length >= 4);
    expect(versions().slice(0, 4)).toEqual([1, 2, 1, 2]);
  });

  it('ends with the tombstone of a deleted integration, whatever a frozen relay writes', async () => {
    const integration = newIntegration(uniqueName('acme'), { name: 'nagios', kind: 'alerts' }, new Date());
    const { sourceOrg, name } = integration;
    const frozen = startFrozenRelay();
    await inUnit(async (unit) => {
      await unit.integrations.insert(integration);
      await unit.publish({ kind: 'integration', integration });
    });
    await frozen.publishing;
    startRelay();
    await inUnit(async (unit) => {
      await unit.integrations.delete({ sourceOrg, name });
      await unit.publish({ kind: 'integration-deleted', sourceOrg, name });
    });
    const records = () => reader.of(Integrations.card.topic, `${sourceOrg}/${name}`).map(({ value }) => value === null);
    await waitFor('the tombstone', () => records().length === 2);
    frozen.thaw();
    await waitFor('the late record and its cure', () => records().length >= 4);
    expect(records().slice(0, 4)).toEqual([false, true, false, true]);
  });

  it('publishes one tombstone to each partition of the connections when their segments are due to roll', async () => {
    startRelay();
    await database.query("UPDATE outbox_lease SET rolled_at = '2026-01-01'");
    const rolls = [1, 2].map(() => segmentRolls(dataSource, () => undefined, silent));
    const before = reader.records.filter(isRoll).length;
    for (const each of rolls) each.start();
    const { partitions } = Connections.card;
    await waitFor('the tombstones', () => reader.records.filter(isRoll).length >= before + partitions);
    for (const each of rolls) each.stop();
    await waitFor('an empty outbox', isEmpty);
    const written = reader.records.filter(isRoll).slice(before);
    expect(written.map(({ partition }) => partition).sort((a, b) => a - b)).toEqual([...Array(partitions).keys()]);
    expect(written.every(({ value }) => value === null)).toBe(true);
  });

  it('keeps every event while no broker answers', async () => {
    const nowhere = new Publisher(
      { brokers: ['127.0.0.1:1'], clientId: 'cm-test', security: plaintext, log: silent },
      { deliveryTimeoutMs: 300 },
    );
    const key = uniqueName('key');
    const { relay, counts } = startRelay({ publish: (records) => nowhere.publish(records) });
    await queue([event(key, '1'), event(key, '2')]);
    await waitFor('the failure', () => counts.failures.includes('kafka'));
    expect(await isEmpty()).toBe(false);
    await relay.stop();
    await nowhere.close();
    startRelay();
    await waitFor('an empty outbox', isEmpty);
    await waitFor('both events', () => valuesOf(key).length === 2);
    expect(valuesOf(key)).toEqual(['1', '2']);
  });
});
