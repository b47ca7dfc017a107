import { randomBytes } from 'node:crypto';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import kafkajs from 'kafkajs';
import { Consumers } from '../../test-fixtures/consumers.ts';
import {
  committed,
  only,
  PlainReader,
  partitioned,
  recordsTo,
  settingsWith,
  Topics,
  textOf,
} from '../../test-fixtures/real-kafka.ts';
import { clientOf, withAdmin } from '../driver/client.ts';
import {
  BatchConsumer,
  type BatchHandler,
  createTopics,
  done,
  KafkaError,
  Publisher,
  type RecordBatch,
  readRecordBatch,
  topicsSeen,
} from '../index.ts';

describe('a batch consumer', () => {
  const topics = new Topics();
  const publisher = new Publisher(settingsWith());
  const consumers = new Consumers();
  const consume = consumers.start.bind(consumers);
  beforeAll(() => publisher.start());
  afterEach(() => consumers.stop());
  afterAll(async () => {
    await publisher.close();
    await topics.remove();
  });

  it('delivers every record in order and commits handled records', async () => {
    const topic = await topics.make(2);
    await publisher.publish(recordsTo(topic, 1000));
    const seen: RecordBatch[] = [];
    const { group } = await consume(topic, async (batch) => {
      seen.push(batch);
      return done;
    });
    const records = () => seen.flatMap((batch) => batch.records);
    await waitFor('all records', () => records().length === 1000);
    for (const partition of [0, 1]) {
      const offsets = records()
        .filter((r) => r.partition === partition)
        .map(({ offset }) => offset);
      expect(offsets).toEqual(offsets.map((_, n) => n));
    }
    expect(seen[0]?.generation).toBe(1);
    const ends = [0, 1].map((partition) => records().filter((r) => r.partition === partition).length);
    await waitFor('the commit', async () => expect(await committed(group, topic)).toEqual(ends) === undefined);
  });

  it('reports that dead letters cannot be written, with the topic and the cause, until they can', async () => {
    const topic = await topics.make(1);
    const dead = `${topic}.dead`;
    const { consumer, group } = await consume(topic, async ({ records }) => ({
      parked: records.map(({ offset }) => ({ offset, reason: 'not-json', detail: 'no' })),
    }));
    await withAdmin(settingsWith(), (admin) => admin.deleteTopics({ topics: [dead] }));
    // A broker may still accept a dead letter for a moment after the deletion: it would be lost with the topic.
    await waitFor('the deletion', async () => !(await topicsSeen(settingsWith())).has(dead));
    await publisher.publish(recordsTo(topic, 1));
    await waitFor('the fault', () => !consumer.deadLetterHealth().ready);
    expect(consumer.deadLetterHealth().detail).toContain(`Missing on Kafka: ${dead}`);
    expect(consumer.health().ready).toBe(true);
    await createTopics(settingsWith(), [{ topic: dead, partitions: 1, config: {} }]);
    await waitFor('the commit', async () => expect(await committed(group, topic)).toEqual([1]) === undefined);
    await waitFor('the repair', () => consumer.deadLetterHealth().ready);
  });

  it('parks records with their value, key and headers before it commits', async () => {
    const topic = await topics.make(3);
    const bytes = Buffer.from([0, 1, 2, 255]);
    await publisher.publish([{ topic, key: 'k', value: bytes, headers: { odd: Buffer.from([9]), twice: ['a', 'b'] } }]);
    const dead = await new PlainReader().start(`${topic}.dead`);
    const { group } = await consume(topic, async ({ records }) => ({
      parked: records.map(({ offset }) => ({ offset, reason: 'not-json', detail: 'häßlich\n' })),
    }));
    const [letter] = await waitFor('the dead letter', () => dead.records.length > 0 && dead.records);
    expect(letter?.value).toEqual(bytes);
    expect(textOf(letter?.key ?? null)).toBe('k');
    const headers = Object.fromEntries(
      Object.entries(letter?.headers ?? {}).map(([k, v]) => [k, [v].flat().map(String)]),
    );
    expect(headers).toMatchObject({
      odd: ['\t'],
      twice: ['a', 'b'],
      'x-dlq-reason': ['not-json'],
      'x-dlq-detail': ['h\\u00e4\\u00dflich\\u000a'],
      'x-dlq-topic': [topic],
      'x-dlq-partition': [String(letter?.partition)],
      'x-dlq-offset': ['0'],
      'x-dlq-group': [group],
      'x-dlq-service': ['kafka-spec'],
      'x-dlq-attempts': ['1'],
    });
    await dead.stop();
  });

  it('delivers again from the offset that a handler requests, while other partitions are read', async () => {
    const topic = await topics.make(2);
    await publisher.publish(partitioned(topic, 0, 5));
    const seen: number[][] = [[], []];
    const { group } = await consume(topic, async ({ partition, records }) => {
      seen[partition]?.push(...records.map(({ offset }) => offset));
      if (partition === 1 || seen[1]?.includes(1)) return done;
      return { retry: { fromOffset: 3, afterMs: 200, cause: 'the other partition is not read yet' } };
    });
    await waitFor('the commit of the handled records', async () => (await committed(group, topic))[0] === 3);
    await publisher.publish(partitioned(topic, 1, 2));
    await waitFor('the commit', async () => expect(await committed(group, topic)).toEqual([5, 2]) === undefined);
    const [requested = [], other] = seen;
    const redelivered = Array.from({ length: (requested.length - 5) / 2 }, () => [3, 4]).flat();
    expect(redelivered).not.toEqual([]);
    expect(seen).toEqual([[0, 1, 2, 3, 4, ...redelivered], other]);
    expect(other).toEqual([0, 1]);
  });

  it('finds the poison record, parks it, and handles all other records', async () => {
    const topic = await topics.make(1);
    await publisher.publish(recordsTo(topic, 50));
    const dead = await new PlainReader().start(`${topic}.dead`);
    const seen = new Set<string>();
    const { group } = await consume(
      topic,
      async ({ records }) => {
        if (records.some(({ value }) => textOf(value) === 'value-33')) throw new Error('a bug');
        for (const { value } of records) seen.add(textOf(value));
        return done;
      },
      { backoffMs: 5, handlerAttempts: 3 },
    );
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 50);
    expect(seen.size).toBe(49);
    await waitFor('the dead letter', () => dead.records.length === 1);
    expect(textOf(dead.records[0]?.value ?? null)).toBe('value-33');
    expect(String(dead.records[0]?.headers['x-dlq-reason'])).toBe('handler-failed');
    expect(String(dead.records[0]?.headers['x-dlq-detail'])).toBe('a bug');
    await dead.stop();
  });

  it('never parks a record because of an outage of Kafka', async () => {
    const topic = await topics.make(1);
    await publisher.publish(recordsTo(topic, 1));
    let deliveries = 0;
    const parked: unknown[] = [];
    const { group } = await consume(
      topic,
      async () => {
        deliveries += 1;
        if (deliveries < 10) throw new KafkaError('KAFKA.DELIVERY_TIMEOUT', true, 'the broker is away');
        return done;
      },
      { backoffMs: 1, handlerAttempts: 2, observer: { parked: (event) => parked.push(event) } },
    );
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 1);
    expect(deliveries).toBe(10);
    expect(parked).toEqual([]);
  });

  it('parks a stub of a record that is too large for the dead letters, and continues', async () => {
    const topic = await topics.make(1);
    await limitRecordBytes(`${topic}.dead`, '1000');
    await publisher.publish([
      { topic, key: 'k', value: randomBytes(5000), headers: {} },
      { topic, key: 'k', value: Buffer.from('small'), headers: {} },
    ]);
    const dead = await new PlainReader().start(`${topic}.dead`);
    const { group } = await consume(topic, async ({ records }) => ({
      parked: records.map(({ offset }) => ({ offset, reason: 'not-json', detail: 'no' })),
    }));
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 2);
    const stubIn = () => dead.records.find(({ value }) => value === null);
    await waitFor('the stub', () => stubIn() !== undefined);
    const stub = stubIn();
    expect(new Set(dead.records.map(({ value }) => textOf(value)))).toEqual(new Set(['small', 'null']));
    expect(textOf(stub?.key ?? null)).toBe('k');
    expect(`${stub?.headers['x-dlq-stub']} ${stub?.headers['x-dlq-offset']} ${stub?.headers['x-dlq-bytes']}`).toBe(
      'true 0 5001',
    );
    await dead.stop();
  });

  it('commits nothing while not even a stub can be written, and parks the record later', async () => {
    const topic = await topics.make(1);
    await limitRecordBytes(`${topic}.dead`, '100');
    await publisher.publish([{ topic, key: 'k', value: randomBytes(5000), headers: {} }]);
    const retried: string[] = [];
    const { group } = await consume(
      topic,
      async ({ records }) => ({ parked: records.map(({ offset }) => ({ offset, reason: 'not-json', detail: 'no' })) }),
      { backoffMs: 50, observer: { retried: ({ origin }) => retried.push(origin) } },
    );
    await waitFor('two attempts', () => retried.length >= 2);
    expect(await committed(group, topic)).toEqual([-1]);
    await limitRecordBytes(`${topic}.dead`, '100000');
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 1);
    expect(new Set(retried)).toEqual(new Set(['kafka']));
  });

  it.each([
    ['gzip', kafkajs.CompressionTypes.GZIP],
    ['zstd', kafkajs.CompressionTypes.ZSTD],
  ])('parks a %s batch beyond the size limit unchanged, and continues', async (codec, compression) => {
    const topic = await topics.make(2);
    const producer = clientOf(settingsWith()).producer();
    await producer.connect();
    const messages = Array.from({ length: 100 }, (_, n) => ({
      key: `${n}`,
      value: Buffer.alloc(40_000, `${n} `),
      partition: 0,
    }));
    await producer.send({ topic, compression, messages });
    await producer.disconnect();
    await publisher.publish([0, 1].map((partition) => ({ ...only(topic, partition), value: 'behind' })));
    const dead = await new PlainReader().start(`${topic}.dead`);
    const seen: string[] = [];
    const handlers: BatchHandler = async ({ partition, records }) => {
      seen.push(...records.map(({ offset }) => `${partition}/${offset}`));
      return done;
    };
    const settings = { ...settingsWith(), maxDecompressedBytes: 1024 * 1024 };
    const consumer = new BatchConsumer(settings, { group: topic, topics: [topic], handlers });
    await consumer.start();
    await waitFor('the records after it', () => seen.includes('0/100') && seen.includes('1/0'));
    await waitFor('the dead letter', () => dead.records.length === 1);
    await waitFor('the commit', async () => (await committed(topic, topic)).join() === '101,1');
    await consumer.stop();
    const [letter] = dead.records;
    expect(seen.toSorted()).toEqual(['0/100', '1/0']);
    expect(letter?.headers['x-dlq-codec']?.toString()).toBe(codec);
    expect(letter?.headers['x-dlq-first-offset']?.toString()).toBe('0');
    expect(letter?.headers['x-dlq-last-offset']?.toString()).toBe('99');
    const opened = await readRecordBatch(letter?.value ?? Buffer.alloc(0), 16 * 1024 * 1024);
    const isWhole = messages.every(({ value }, n) => opened.records[n]?.value?.equals(value));
    expect([opened.records.length, isWhole, opened.unread]).toEqual([100, true, undefined]);
    await dead.stop();
  });

  it.each([
    ['7 MB', kafkajs.CompressionTypes.None, () => randomBytes(7_000_000)],
    ['40 MB, sent compressed', kafkajs.CompressionTypes.ZSTD, () => Buffer.alloc(40_000_000, 'High memory usage. ')],
  ])('parks a record of %s with its value', async (_size, compression, make) => {
    const topic = await topics.make(1, { 'max.message.bytes': String(8 * 1024 * 1024) });
    const value = make();
    const producer = clientOf(settingsWith()).producer();
    await producer.connect();
    await producer.send({ topic, compression, messages: [{ key: 'k', value }] });
    await producer.disconnect();
    const dead = await new PlainReader().start(`${topic}.dead`);
    await consume(topic, async ({ records }) => ({
      parked: records.map(({ offset }) => ({ offset, reason: 'too-large', detail: 'far too large' })),
    }));
    await waitFor('the dead letter', () => dead.records.length === 1);
    expect(dead.records[0]?.value?.equals(value)).toBe(true);
    await dead.stop();
  });
});

const limitRecordBytes = (topic: string, bytes: string) =>
  withAdmin(settingsWith(), (admin) =>
    admin.alterConfigs({
      validateOnly: false,
      resources: [
        {
          type: kafkajs.ConfigResourceTypes.TOPIC,
          name: topic,
          configEntries: [{ name: 'max.message.bytes', value: bytes }],
        },
      ],
    }),
  );
