import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import kafkajs from 'kafkajs';
import { Consumers } from '../../test-fixtures/consumers.ts';
import { ObservedParts } from '../../test-fixtures/observed-parts.ts';
import {
  committed,
  only,
  partitioned,
  recordsTo,
  settingsWith,
  Topics,
  textOf,
} from '../../test-fixtures/real-kafka.ts';
import { clientOf, withAdmin } from '../driver/client.ts';
import { ConsumerMonitor } from '../driver/consumer-monitor.ts';
import { type Assignment, BatchConsumer, type BatchHandler, done, Publisher, type RecordBatch } from '../index.ts';
import type { Member } from './batch-consumer.ts';

const require = createRequire(import.meta.url);

describe('a batch consumer as a member of its group', () => {
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

  it('stays in the group while a handler runs longer than a session', async () => {
    const topic = await topics.make(1);
    await publisher.publish(recordsTo(topic, 1));
    const generations: number[] = [];
    const { group } = await consume(
      topic,
      async ({ generation }) => {
        generations.push(generation);
        await delay(4000);
        return done;
      },
      // Longer than a stall of a busy machine.
      { sessionTimeoutMs: 2500 },
    );
    await waitFor('the commit', async () => (await committed(group, topic))[0] === 1);
    expect(generations).toEqual([1]);
  });

  it('delivers the records of an aborted transaction, and commits past its marker', async () => {
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
    await waitFor('the next record', () => seen.length === 2);
    expect(seen).toEqual(['x', 'value-0']);
  });

  it('reads past a transaction that stays open', async () => {
    const topic = await topics.make(1);
    const producer = clientOf(settingsWith()).producer({ transactionalId: topic, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'open', value: 'x' }] });
    await publisher.publish(recordsTo(topic, 1));
    const seen: string[] = [];
    const lags: (number | undefined)[] = [];
    const handler: BatchHandler = async ({ records }) => {
      seen.push(...records.map(({ value }) => textOf(value)));
      return done;
    };
    await consume(topic, handler, { observer: { lag: ({ records }) => lags.push(records) } });
    await waitFor('the record after it', () => seen.includes('value-0'));
    await waitFor('the commit', () => lags.at(-1) === 0);
    await transaction.abort();
    await producer.disconnect();
  });

  it('counts its joins and the partitions that it owns, which are those of the topic over all members', async () => {
    const topic = await topics.make(3);
    const group = uniqueName('kafka-spec');
    const parts = new ObservedParts();
    const { observer } = parts;
    const first = await consume(topic, async () => done, { group, observer });
    expect([parts.joins, parts.of(topic)]).toEqual([1, [{ topic, unread: [], owned: 3, partitions: 3 }]]);
    const second = await consume(topic, async () => done, { group, observer });
    await waitFor('the split', () => String(parts.ownedOf(topic).toSorted()) === '1,2');
    expect(parts.joins).toBeGreaterThanOrEqual(3);
    const { joins } = parts;
    await first.consumer.stop();
    await waitFor('the takeover', () => String(parts.ownedOf(topic)) === '3');
    expect(parts.joins).toBeGreaterThan(joins);
    await second.consumer.stop();
    expect(parts.count).toBe(0);
  });

  it('waits for onAssigned before the first batch, reports revoked partitions, and keeps the others', async () => {
    const topic = await topics.make(4);
    const group = uniqueName('kafka-spec');
    await publisher.publish([0, 1, 2, 3].flatMap((partition) => partitioned(topic, partition, 3)));
    const story: string[] = [];
    const seen = new Set<string>();
    const member = (name: string) => ({
      group,
      onAssigned: async ({ partition, generation }: Assignment) => {
        await delay(100);
        story.push(`${name} assigned ${partition} in ${generation}`);
      },
      onDisowned: (lost: readonly Assignment[]) =>
        void story.push(`${name} no longer owns ${lost.map(({ partition }) => partition)}`),
      onRevoked: ({ partition }: Assignment) => void story.push(`${name} revoked ${partition}`),
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
    expect(story.slice(0, 4)).toEqual([0, 1, 2, 3].map((partition) => `a assigned ${partition} in 1`));
    await consume(topic, handler('b'), member('b'));
    const split = await waitFor('the split', () => story.find((line) => line.startsWith('b assigned')));
    await waitFor('the revocations', () => story.filter((line) => line.startsWith('a revoked')).length === 2);
    expect(split).toMatch(/in 2$/);
    const ofA = story.filter((line) => /^a (no longer|revoked)/.test(line));
    expect(ofA).toEqual([
      expect.stringMatching(/^a no longer owns \d,\d$/),
      expect.stringMatching(/^a revoked \d$/),
      expect.stringMatching(/^a revoked \d$/),
    ]);
    expect(story.filter((line) => line.startsWith('a assigned'))).toHaveLength(4);
    await publisher.publish([0, 1, 2, 3].flatMap((partition) => partitioned(topic, partition, 3)));
    await waitFor('the new records', () => seen.size === 24);
    expect(story.filter((line) => line.includes('reads in 2')).length).toBeGreaterThan(1);
    expect(first.consumer.health()).toMatchObject({ live: true, ready: true });
  });

  it('rejoins when beforeRebalance has ended, and after two seconds at the latest', async () => {
    const topic = await topics.make(2);
    const group = uniqueName('kafka-spec');
    const story: string[] = [];
    const ended = Promise.withResolvers<void>();
    const patient = async () => {
      story.push('called');
      await ended.promise;
      story.push('ended');
    };
    const endless = (signal: AbortSignal) => {
      story.push('called');
      signal.addEventListener('abort', () => story.push('aborted'));
      return new Promise<void>(() => undefined);
    };
    const onAssigned = async () => void story.push('joined');
    const first = await consume(topic, async () => done, { group, beforeRebalance: patient });
    const second = consume(topic, async () => done, { group, onAssigned, beforeRebalance: endless });
    await waitFor('the call of beforeRebalance', () => story.length === 1);
    expect(first.consumer.health()).toMatchObject({ live: true, ready: true });
    ended.resolve();
    await second;
    await waitFor('the join', () => story.length === 3);
    expect(story).toEqual(['called', 'ended', 'joined']);
    await first.consumer.stop();
    await waitFor('the second to join again', () => story.length === 8);
    expect(story.slice(3)).toEqual(['called', 'ended', 'called', 'aborted', 'joined']);
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

  it('can be stopped while its group cannot be joined', async () => {
    const topic = await topics.make(1);
    const [starting, joined] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    const member: Member = {
      ...{ monitor: new ConsumerMonitor('spec', 10_000), membership: 0, heartbeatIntervalMs: 1000 },
      start: () => {
        starting.resolve();
        return joined.promise;
      },
      stop: async () => joined.reject(new Error('stopped before it had joined')),
      ...{ pause: () => undefined, resume: () => undefined, commit: async () => undefined },
    };
    const options = { group: uniqueName('kafka-spec'), topics: [topic], handlers: async () => done };
    const consumer = new BatchConsumer(settingsWith(), options, () => member);
    const started = consumer.start().catch((error: Error) => error.message);
    await starting.promise;
    await consumer.stop();
    expect(await started).toBe('stopped before it had joined');
  });

  it('continues at the oldest record, and reports this, if retention has deleted its committed offset', async () => {
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
      // kafkajs finds the leader only of topics that it has requested before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 0, offset: '3' }] });
    });
    const resets: object[] = [];
    await consume(topic, handler, { group, observer: { offsetReset: (event) => resets.push(event) } });
    await waitFor('the last record', () => seen.length === 2);
    expect(seen).toEqual(['value-0', 'value-2']);
    expect(resets).toEqual([{ topic, partition: 0, kind: 'unread' }]);
  });

  it('delivers a large record while other partitions are flooded', async () => {
    const topic = await topics.make(2, { 'max.message.bytes': String(4 * 1024 * 1024) });
    const wide = new Publisher(settingsWith(), { maxRecordBytes: 3 * 1024 * 1024 });
    const flood = Array.from({ length: 20 }, () => ({ ...only(topic, 0), value: randomBytes(900_000) }));
    await wide.publish([...flood, { ...only(topic, 1), value: randomBytes(2_000_000) }]);
    await wide.close();
    const order: number[] = [];
    await consume(topic, async ({ partition }) => {
      order.push(partition);
      return done;
    });
    await waitFor('the large record', () => order.includes(1));
    expect(order.length).toBeLessThan(17);
  });

  it('reports that it is dead after a permanent error', async () => {
    const topic = await topics.make(1);
    const decode = replaceDecode(() => Promise.reject(new kafkajs.KafkaJSNonRetriableError('no such protocol')));
    try {
      const fatal = Promise.withResolvers<Error>();
      const { consumer } = await consume(topic, async () => done, { onFatal: (error) => fatal.resolve(error) });
      expect((await fatal.promise).message).toMatch(/died: no such protocol/);
      expect(consumer.health()).toMatchObject({ live: false, ready: false });
    } finally {
      replaceDecode(decode);
    }
  });

  it('names the missing topics, also those of dead letters, and the cure', async () => {
    const start = consume('no-such-topic', async () => done);
    await expect(start).rejects.toThrow(
      'Missing on Kafka: no-such-topic, no-such-topic.dead; create them with `pagebridge topics create`',
    );
  });

  it('names the brokers that do not answer', async () => {
    const settings = { ...settingsWith(), brokers: ['127.0.0.1:1'], connectTimeoutMs: 0 };
    const consumer = new BatchConsumer(settings, { group: 'g', topics: ['t'], handlers: async () => done });
    await expect(consumer.start()).rejects.toThrow(/^No Kafka broker answers at 127\.0\.0\.1:1: .*ECONNREFUSED/);
    await consumer.stop();
  });

  it('assigns its partitions again after kafkajs has restarted it', async () => {
    const topic = await topics.make(1);
    const story: string[] = [];
    await publisher.publish(recordsTo(topic, 1));
    const decode = replaceDecode(() => Promise.reject(new kafkajs.KafkaJSError('the network is bad')));
    await consume(
      topic,
      async ({ generation }) => {
        story.push(`reads in ${generation}`);
        return done;
      },
      {
        onAssigned: async ({ generation }) => {
          story.push(`assigned in ${generation}`);
          if (generation > 1) replaceDecode(decode);
        },
        onRevoked: ({ generation }) => void story.push(`revoked of ${generation}`),
      },
    );
    await waitFor('the record', () => story.length === 4);
    expect(story).toEqual([
      'assigned in 1',
      'revoked of 1',
      expect.stringMatching(/^assigned in/),
      expect.stringMatching(/^reads in/),
    ]);
  });
});

type Decode = (bytes: Buffer) => Promise<unknown>;

/** Replaces the function with which kafkajs decodes fetches. Returns the former one. */
function replaceDecode(decode: Decode): Decode {
  const response = require('kafkajs/src/protocol/requests/fetch/v11/response') as { decode: Decode };
  const former = response.decode;
  response.decode = decode;
  return former;
}
