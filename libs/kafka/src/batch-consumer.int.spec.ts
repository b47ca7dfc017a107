import { randomBytes } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import kafkajs from 'kafkajs';
import {
  committed,
  PlainReader,
  recordingLog,
  recordsTo,
  settingsWith,
  Topics,
  textOf,
} from '../test-fixtures/real-kafka.ts';
import { clientOf, withAdmin } from './client.ts';
import { UndecodableBatchError } from './codecs.ts';
import {
  type Assignment,
  BatchConsumer,
  type BatchConsumerOptions,
  done,
  KafkaError,
  type KafkaObserver,
  Publisher,
  type RecordBatch,
} from './index.ts';

describe('a batch consumer', () => {
  const topics = new Topics();
  const publisher = new Publisher(settingsWith());
  const consumers: BatchConsumer[] = [];
  beforeAll(() => publisher.start());
  afterEach(async () => {
    await Promise.all(consumers.splice(0).map((consumer) => consumer.stop()));
  });
  afterAll(async () => {
    await publisher.close();
    await topics.remove();
  });

  async function consume(
    topic: string,
    handlers: BatchConsumerOptions['handlers'],
    options: Partial<BatchConsumerOptions> & { observer?: KafkaObserver } = {},
  ) {
    const { observer = {}, ...rest } = options;
    const group = uniqueName('kafka-spec');
    const consumer = new BatchConsumer(settingsWith(observer, recordingLog()), {
      group,
      topics: [topic],
      handlers,
      ...rest,
    });
    consumers.push(consumer);
    await consumer.start();
    return { consumer, group };
  }

  it('hands over every record in order and commits what is dealt with', async () => {
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

  it('parks records with their bytes, key and headers before it commits', async () => {
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

  it('delivers again from the offset that a handler asks for, while other partitions go on', async () => {
    const topic = await topics.make(2);
    await publisher.publish(partitioned(topic, 0, 5));
    const seen: string[] = [];
    let asked = false;
    const { group } = await consume(topic, async ({ partition, records }) => {
      seen.push(...records.map(({ offset }) => `${partition}/${offset}`));
      if (partition === 1 || asked) return done;
      asked = true;
      return { retry: { fromOffset: 3, afterMs: 800, cause: 'not yet' } };
    });
    await waitFor('the first delivery', () => asked);
    await waitFor('the commit of what was dealt with', async () => (await committed(group, topic))[0] === 3);
    await publisher.publish(partitioned(topic, 1, 2));
    await waitFor('the other partition', () => seen.includes('1/1'));
    expect(seen).toEqual(['0/0', '0/1', '0/2', '0/3', '0/4', '1/0', '1/1']);
    await waitFor('the redelivery', () => seen.length === 9);
    expect(seen.slice(7)).toEqual(['0/3', '0/4']);
    await waitFor('the commit', async () => expect(await committed(group, topic)).toEqual([5, 2]) === undefined);
  });

  it('finds the one record at which a handler throws, parks it, and deals with all others', async () => {
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

  it('never parks a record because Kafka failed', async () => {
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

  it('commits nothing while a dead letter cannot be written, and parks once it can', async () => {
    const topic = await topics.make(1);
    await narrow(`${topic}.dead`, '1000');
    await publisher.publish([{ topic, key: 'k', value: randomBytes(5000), headers: {} }]);
    const retried: string[] = [];
    const { group } = await consume(
      topic,
      async ({ records }) => ({ parked: records.map(({ offset }) => ({ offset, reason: 'no', detail: 'no' })) }),
      { backoffMs: 50, observer: { retried: ({ origin }) => retried.push(origin) } },
    );
    await waitFor('two attempts', () => retried.length === 2);
    expect(await committed(group, topic)).toEqual([-1]);
    await narrow(`${topic}.dead`, '100000');
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 1);
    expect(new Set(retried)).toEqual(new Set(['kafka']));
  });

  it('keeps its place in the group while a handler runs longer than a session', async () => {
    const topic = await topics.make(1);
    await publisher.publish(recordsTo(topic, 1));
    const generations: number[] = [];
    const { group } = await consume(
      topic,
      async ({ generation }) => {
        generations.push(generation);
        await delay(2500);
        return done;
      },
      { sessionTimeoutMs: 1000, heartbeatIntervalMs: 200 },
    );
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 1);
    expect(generations).toEqual([1]);
  });

  it('moves past batches that hold only control records', async () => {
    const topic = await topics.make(1);
    const producer = clientOf(settingsWith()).producer({ transactionalId: topic, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'aborted', value: 'x' }] });
    await transaction.abort();
    await producer.disconnect();
    const seen: string[] = [];
    const { group } = await consume(topic, async ({ records }) => {
      seen.push(...records.map(({ value }) => textOf(value)));
      return done;
    });
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 2);
    await publisher.publish(recordsTo(topic, 1));
    await waitFor('the next record', () => seen.length === 1);
    expect(seen).toEqual(['value-0']);
  });

  it('waits for onAssigned before the first batch, tells what is revoked, and leaves kept partitions alone', async () => {
    const topic = await topics.make(4);
    const group = uniqueName('kafka-spec');
    await publisher.publish([0, 1, 2, 3].flatMap((partition) => partitioned(topic, partition, 3)));
    const story: string[] = [];
    const seen = new Set<string>();
    const member = (name: string) => ({
      group,
      onAssigned: async ({ partitions, generation }: Assignment) => {
        await delay(100);
        story.push(`${name} assigned ${partitions} in ${generation}`);
      },
      onRevoked: ({ partitions }: Assignment) => void story.push(`${name} revoked ${partitions}`),
    });
    const handler =
      (name: string) =>
      async ({ partition, generation, records }: RecordBatch) => {
        story.push(`${name} reads in ${generation}`);
        for (const { offset } of records) seen.add(`${partition}/${offset}`);
        return done;
      };
    const first = await consume(topic, handler('a'), member('a'));
    await waitFor('all records', () => seen.size === 12);
    expect(story[0]).toBe('a assigned 0,1,2,3 in 1');
    await consume(topic, handler('b'), member('b'));
    const split = await waitFor('the split', () => story.find((line) => line.startsWith('b assigned')));
    await waitFor('what is revoked', () => story.some((line) => line.startsWith('a revoked')));
    expect(split).toMatch(/in 2$/);
    expect(story.filter((line) => line.startsWith('a assigned'))).toHaveLength(1);
    await publisher.publish([0, 1, 2, 3].flatMap((partition) => partitioned(topic, partition, 3)));
    await waitFor('the new records', () => seen.size === 24);
    expect(story.filter((line) => line.includes('reads in 2')).length).toBeGreaterThan(1);
    expect(first.consumer.health()).toMatchObject({ live: true, ready: true });
  });

  it('finishes and commits the running batch when it stops', async () => {
    const topic = await topics.make(1);
    await publisher.publish(recordsTo(topic, 3));
    const running = Promise.withResolvers<void>();
    const finish = Promise.withResolvers<void>();
    const { consumer, group } = await consume(topic, async () => {
      running.resolve();
      await finish.promise;
      return done;
    });
    await running.promise;
    const stopped = consumer.stop();
    finish.resolve();
    await stopped;
    expect(await committed(group, topic)).toEqual([3]);
    expect(consumer.health()).toMatchObject({ live: true, ready: false });
  });

  it('reads nothing of a paused partition until it is resumed', async () => {
    const topic = await topics.make(2);
    const seen: string[] = [];
    const { consumer } = await consume(topic, async ({ partition, records }) => {
      seen.push(...records.map(({ offset }) => `${partition}/${offset}`));
      return done;
    });
    consumer.pausePartition(topic, 0);
    await publisher.publish([...partitioned(topic, 0, 1), ...partitioned(topic, 1, 1)]);
    await waitFor('the other partition', () => seen.length === 1);
    expect(seen).toEqual(['1/0']);
    consumer.resumePartition(topic, 0);
    await waitFor('the resumed partition', () => seen.length === 2);
  });

  it('goes on with the oldest record, and says so, when retention has overtaken its committed offset', async () => {
    const topic = await topics.make(1);
    const seen: string[] = [];
    const handler = async ({ records }: RecordBatch) => {
      seen.push(...records.map(({ value }) => textOf(value)));
      return done;
    };
    await publisher.publish(recordsTo(topic, 1));
    const { consumer, group } = await consume(topic, handler);
    await waitFor('the first record', () => seen.length === 1);
    await consumer.stop();
    await publisher.publish(recordsTo(topic, 3));
    await withAdmin(settingsWith(), async (admin) => {
      // kafkajs finds the leader only of a topic that it has been asked about.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    });
    const resets: object[] = [];
    await consume(topic, handler, { group, observer: { offsetReset: (event) => resets.push(event) } });
    await waitFor('the last record', () => seen.length === 2);
    expect(seen).toEqual(['value-0', 'value-2']);
    expect(resets).toEqual([{ topic, partition: 0 }]);
  });

  it('serves a large record while other partitions are flooded', async () => {
    const topic = await topics.make(2, { 'max.message.bytes': String(4 * 1024 * 1024) });
    const wide = new Publisher(settingsWith(), { maxBatchBytes: 3 * 1024 * 1024, maxRecordsPerPartition: 1 });
    const flood = Array.from({ length: 40 }, () => ({ ...only(topic, 0), value: randomBytes(900_000) }));
    await wide.publish([...flood, { ...only(topic, 1), value: randomBytes(2_000_000) }]);
    await wide.close();
    const order: number[] = [];
    await consume(topic, async ({ partition }) => {
      order.push(partition);
      return done;
    });
    await waitFor('the large record', () => order.includes(1));
    expect(order.length).toBeLessThan(30);
  });

  it('parks a record of 7 MB with its bytes', async () => {
    const topic = await topics.make(1, { 'max.message.bytes': String(8 * 1024 * 1024) });
    const value = randomBytes(7_000_000);
    const wide = new Publisher(settingsWith(), { maxBatchBytes: 8 * 1024 * 1024 });
    await wide.publish([{ ...only(topic, 0), value }]);
    await wide.close();
    const dead = await new PlainReader().start(`${topic}.dead`);
    await consume(topic, async ({ records }) => ({
      parked: records.map(({ offset }) => ({ offset, reason: 'too-large', detail: '7 MB' })),
    }));
    await waitFor('the dead letter', () => dead.records.length === 1);
    expect(dead.records[0]?.value?.equals(value)).toBe(true);
    await dead.stop();
  });

  it('says that it is dead when it meets a batch that nobody can decode', async () => {
    const topic = await topics.make(1);
    const codecs = kafkajs.CompressionCodecs as Record<number, () => unknown>;
    const gzip = codecs[kafkajs.CompressionTypes.GZIP];
    const producer = clientOf(settingsWith()).producer();
    await producer.connect();
    await producer.send({ topic, compression: kafkajs.CompressionTypes.GZIP, messages: [{ value: 'x' }] });
    await producer.disconnect();
    codecs[kafkajs.CompressionTypes.GZIP] = () => ({
      decompress: () => Promise.reject(new UndecodableBatchError('gzip', new Error('incorrect header check'))),
    });
    try {
      const fatal = Promise.withResolvers<Error>();
      const { consumer } = await consume(topic, async () => done, { onFatal: (error) => fatal.resolve(error) });
      expect((await fatal.promise).message).toMatch(/died: A gzip batch cannot be decompressed: incorrect header/);
      expect(consumer.health()).toMatchObject({ live: false, ready: false });
    } finally {
      codecs[kafkajs.CompressionTypes.GZIP] = gzip as () => unknown;
    }
  });

  it('names the topics that are missing, dead letters too, and the cure', async () => {
    const start = consume('no-such-topic', async () => done);
    await expect(start).rejects.toThrow(
      'Missing on Kafka: no-such-topic, no-such-topic.dead; create them with `npm run topics`',
    );
  });

  it('names the brokers that do not answer', async () => {
    const settings = { ...settingsWith(), brokers: ['127.0.0.1:1'], connectTimeoutMs: 0 };
    const consumer = new BatchConsumer(settings, { group: 'g', topics: ['t'], handlers: async () => done });
    await expect(consumer.start()).rejects.toThrow(/^No Kafka broker answers at 127\.0\.0\.1:1: .*ECONNREFUSED/);
    await consumer.stop();
  });
});

const only = (topic: string, partition: number) => ({ topic, partition, key: 'k', headers: {} });

const partitioned = (topic: string, partition: number, count: number) =>
  recordsTo(topic, count).map((record) => ({ ...record, partition }));

const narrow = (topic: string, bytes: string) =>
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
