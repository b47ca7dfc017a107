import { afterAll, afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { FlakyBroker } from '../test-fixtures/flaky-broker.ts';
import { ObservedParts } from '../test-fixtures/observed-parts.ts';
import { brokers, PlainReader, recordsTo, settingsWith, Topics, textOf } from '../test-fixtures/real-kafka.ts';
import {
  BatchConsumer,
  DeliveryTimeoutError,
  done,
  type KafkaSettings,
  Publisher,
  type RecordBatch,
  TableView,
} from './index.ts';

describe('when the network to the broker fails', () => {
  const topics = new Topics();
  let broker: FlakyBroker;
  let settings: KafkaSettings;
  let parts: ObservedParts;
  const stops: (() => Promise<void>)[] = [];
  beforeEach(async () => {
    broker = new FlakyBroker(brokers[0] ?? '');
    await broker.up();
    parts = new ObservedParts();
    settings = { ...settingsWith(parts.observer), brokers: [broker.address] };
  });
  afterEach(async () => {
    for (const stop of stops.splice(0).toReversed()) await stop();
    await broker.down();
  });
  afterAll(() => topics.remove());

  async function publisherOf(deliveryTimeoutMs: number) {
    const publisher = new Publisher(settings, { deliveryTimeoutMs });
    await publisher.start();
    stops.push(() => publisher.close());
    return publisher;
  }

  async function readerOf(topic: string) {
    const reader = await new PlainReader().start(topic);
    stops.push(() => reader.stop());
    return reader;
  }

  it('a record whose answer is lost is written once, none is lost, and each key keeps its order', async () => {
    const topic = await topics.make(2);
    const publisher = await publisherOf(30_000);
    const records = recordsTo(topic, 200, (n) => `key-${n % 3}`);
    broker.swallowAnswers(4);
    for (let n = 0; n < records.length; n += 50) {
      await Promise.all(records.slice(n, n + 50).map((record) => publisher.publish([record])));
    }
    expect(broker.swallowed).toBe(4);
    const reader = await readerOf(topic);
    await waitFor('all records', () => reader.records.length >= 200);
    for (const key of ['key-0', 'key-1', 'key-2']) {
      const read = reader.records.filter((record) => textOf(record.key) === key).map(({ value }) => textOf(value));
      expect(read).toEqual(records.filter((record) => record.key === key).map(({ value }) => textOf(value)));
    }
  });

  it('a record that was given up is never written after a later one of its key', async () => {
    const topic = await topics.make(1);
    const publisher = await publisherOf(1000);
    const [first, old, ...later] = recordsTo(topic, 4);
    const publish = (record = first) => publisher.publish(record ? [record] : []);
    await publish(first);
    const deliverHeld = broker.holdProduce();
    await expect(publish(old)).rejects.toThrow(DeliveryTimeoutError);
    broker.relayAgain();
    // On a busy machine a publish may time out although it is written; each attempt has another value, to detect
    // duplicates.
    const attempts: string[] = [];
    const arrives = () => {
      attempts.push(`try-${attempts.length}`);
      return publish(later[0] && { ...later[0], value: attempts.at(-1) ?? '' }).then(
        () => true,
        () => false,
      );
    };
    await waitFor('the next record', arrives);
    deliverHeld();
    await publish(later[1]);
    const reader = await readerOf(topic);
    await waitFor('the last record', () => reader.records.some(({ value }) => textOf(value) === 'value-3'));
    const read = reader.records.map(({ value }) => textOf(value));
    const accepted = attempts.at(-1);
    const givenUp = attempts.slice(0, -1);
    expect(read.filter((value) => !givenUp.includes(value))).toEqual(['value-0', accepted, 'value-3']);
    expect(read).toEqual([...new Set(read)]);
  });

  it('a publish is rejected after its timeout, and the next one succeeds when the broker is back', async () => {
    const topic = await topics.make(1);
    const publisher = await publisherOf(1000);
    await broker.down();
    await expect(publisher.publish(recordsTo(topic, 3))).rejects.toThrow(DeliveryTimeoutError);
    await broker.up();
    await waitFor('a publish', async () => (await publisher.publish(recordsTo(topic, 1))) === undefined);
  });

  it('a running publish succeeds if the broker is back before its timeout', async () => {
    const topic = await topics.make(1);
    const publisher = await publisherOf(30_000);
    await publisher.publish(recordsTo(topic, 1));
    await broker.down();
    const published = publisher.publish(recordsTo(topic, 20));
    await waitFor('a failed attempt', () => logged('records not accepted by Kafka'));
    await broker.up();
    await published;
  });

  it('a consumer is live but not ready, owns no partition, and continues at its committed offset', async () => {
    const topic = await topics.make(2);
    const direct = new Publisher(settingsWith());
    stops.push(() => direct.close());
    // Records that were not committed before the outage are delivered again.
    const seen = new Set<string>();
    const consumer = new BatchConsumer(settings, {
      group: uniqueName('kafka-spec'),
      topics: [topic],
      sessionTimeoutMs: 1500,
      handlers: async ({ partition, records }) => {
        for (const { offset } of records) seen.add(`${partition}/${offset}`);
        return done;
      },
    });
    stops.push(() => consumer.stop());
    await consumer.start();
    await direct.publish(recordsTo(topic, 5));
    await waitFor('the first records', () => seen.size === 5);
    expect(parts.ownedOf(topic)).toEqual([2]);
    await broker.down();
    await waitFor('the loss to show', () => !consumer.health().ready);
    expect(parts.ownedOf(topic)).toEqual([0]);
    expect(consumer.health().live).toBe(true);
    await direct.publish(recordsTo(topic, 5));
    await broker.up();
    await waitFor('the next records', () => seen.size === 10);
    await waitFor('readiness', () => consumer.health().ready);
    expect(parts.ownedOf(topic)).toEqual([2]);
  });

  it('a consumer whose connections get no more answers opens new ones', async () => {
    const topic = await topics.make(1);
    const direct = new Publisher(settingsWith());
    stops.push(() => direct.close());
    const seen = new Set<string>();
    const handlers = async ({ records }: RecordBatch) => {
      for (const { value } of records) seen.add(textOf(value));
      return done;
    };
    const consumer = new BatchConsumer(settings, { group: uniqueName('kafka-spec'), topics: [topic], handlers });
    stops.push(() => consumer.stop());
    await consumer.start();
    broker.freezeConnections();
    await direct.publish(recordsTo(topic, 5));
    await waitFor('the records', () => seen.size === 5);
    await waitFor('readiness', () => consumer.health().ready);
  });

  it('a consumer stops although it cannot leave its group', async () => {
    const topic = await topics.make(1);
    const consumer = new BatchConsumer(settings, {
      group: uniqueName('kafka-spec'),
      topics: [topic],
      handlers: async () => done,
    });
    await consumer.start();
    await broker.down();
    await consumer.stop();
    await broker.up();
    expect(consumer.health().detail).toContain('stopped');
  });

  it('a table never returns to old values after an outage', async () => {
    const topic = await topics.make(1);
    const direct = new Publisher(settingsWith());
    stops.push(() => direct.close());
    await direct.publish(recordsTo(topic, 3, () => 'k'));
    const seen: string[] = [];
    const view = new TableView(settings, { topics: [topic], onRecord: ({ value }) => void seen.push(textOf(value)) });
    stops.push(() => view.stop());
    await view.start();
    await broker.down();
    await waitFor('the loss to show', () => view.health().detail.includes('has not been read'));
    expect(parts.unreadOf(topic)).toEqual([0]);
    const lastReadAt = parts.readAtOf(topic);
    await waitFor('the table to be reported as stale', () => view.staleMs() > 4000);
    expect(parts.readAtOf(topic)).toBeCloseTo(lastReadAt, -2);
    await broker.up();
    await direct.publish([{ topic, key: 'k', value: Buffer.from('newest'), headers: {} }]);
    await waitFor('the newest value', () => seen.includes('newest'));
    expect(seen).toEqual(['value-0', 'value-1', 'value-2', 'newest']);
    await waitFor('the table to be reported as current', () => view.staleMs() < 4000);
    expect(parts.readAtOf(topic)).toBeGreaterThan(lastReadAt + 4000);
    expect(view.health()).toEqual({ ready: true, detail: 'lag 0' });
    expect(parts.unreadOf(topic)).toEqual([]);
  });

  const logged = (message: string): boolean =>
    (settings.log as ReturnType<typeof settingsWith>['log'] & { lines: { message: string }[] }).lines.some((line) =>
      line.message.includes(message),
    );
});
