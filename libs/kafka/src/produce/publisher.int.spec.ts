import { afterAll, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { PlainReader, recordsTo, settingsWith, Topics, textOf } from '../test-fixtures/real-kafka.ts';
import { MissingTopicsError, Publisher, partitionFor, RecordTooLargeError } from './index.ts';

// A busy machine is no failure; each wait has its own limit.
jest.setTimeout(30_000);

describe('a publisher', () => {
  const topics = new Topics();
  afterAll(() => topics.remove());

  it('resolves when all records are in the log, each on the partition of its key, in order', async () => {
    const topic = await topics.make(4);
    const publisher = new Publisher(settingsWith());
    const reader = await new PlainReader().start(topic);
    await publisher.start();
    const records = recordsTo(topic, 3000, (n) => `key-${n % 20}`);
    await Promise.all([publisher.publish(records.slice(0, 1000)), publisher.publish(records.slice(1000))]);
    await waitFor('all records', () => reader.records.length === 3000);
    for (let key = 0; key < 20; key++) {
      const ofKey = reader.records.filter((record) => textOf(record.key) === `key-${key}`);
      expect(new Set(ofKey.map(({ partition }) => partition))).toEqual(new Set([partitionFor(`key-${key}`, 4)]));
      const values = ofKey.map(({ value }) => textOf(value));
      expect(values).toEqual(records.filter((_, n) => n % 20 === key).map(({ value }) => textOf(value)));
    }
    await reader.stop();
    await publisher.close();
  });

  it('sends calls that overlap in shared requests', async () => {
    const topic = await topics.make(1);
    const batches: number[] = [];
    const publisher = new Publisher(settingsWith({ published: ({ records }) => batches.push(records) }));
    await publisher.start();
    await Promise.all(recordsTo(topic, 400).map((record) => publisher.publish([record])));
    expect(batches.length).toBeLessThan(5);
    await publisher.close();
  });

  it('sends each part while the next one is being made, and all of them in order', async () => {
    const topic = await topics.make(1);
    let acknowledged = 0;
    const publisher = new Publisher(settingsWith({ published: ({ records }) => (acknowledged += records) }));
    const reader = await new PlainReader().start(topic);
    const records = recordsTo(topic, 300, () => 'key');
    async function* parts() {
      yield records.slice(0, 100);
      await waitFor('the first part', () => acknowledged === 100);
      yield records.slice(100, 200);
      yield records.slice(200);
    }
    await publisher.publishParts(parts());
    expect(acknowledged).toBe(300);
    await waitFor('all records', () => reader.records.length === 300);
    expect(reader.records.map(({ value }) => textOf(value))).toEqual(records.map(({ value }) => textOf(value)));
    await reader.stop();
    await publisher.close();
  });

  it('rejects with what the making of a part throws, and closes', async () => {
    const topic = await topics.make(1);
    const failed: number[] = [];
    const publisher = new Publisher(settingsWith({ publishFailed: ({ records }) => failed.push(records) }));
    async function* parts() {
      yield recordsTo(topic, 3);
      throw new RangeError('a bug');
    }
    await expect(publisher.publishParts(parts())).rejects.toThrow('a bug');
    expect(failed).toEqual([3]);
    await publisher.close();
  });

  it('delivers the parts that are still to be made before it closes', async () => {
    const topic = await topics.make(1);
    const batches: number[] = [];
    const publisher = new Publisher(settingsWith({ published: ({ records }) => batches.push(records) }));
    const goOn = Promise.withResolvers<void>();
    async function* parts() {
      yield recordsTo(topic, 3);
      await goOn.promise;
      yield recordsTo(topic, 4);
    }
    const published = publisher.publishParts(parts());
    const closed = publisher.close();
    goOn.resolve();
    await Promise.all([published, closed]);
    expect(batches.reduce((sum, records) => sum + records, 0)).toBe(7);
  });

  it('refuses a record over its bound before it sends anything of that publish', async () => {
    const topic = await topics.make(1);
    const published: number[] = [];
    const publisher = new Publisher(settingsWith({ published: ({ records }) => published.push(records) }), {
      maxBatchBytes: 10_000,
    });
    const large = { topic, key: 'k', value: Buffer.alloc(10_000), headers: {} };
    await expect(publisher.publish([...recordsTo(topic, 3), large])).rejects.toThrow(RecordTooLargeError);
    expect(published).toEqual([]);
    await publisher.close();
  });

  it('rejects only the record that the broker finds too large, and does not repeat it for ever', async () => {
    const topic = await topics.make(2, { 'max.message.bytes': '4000' });
    const publisher = new Publisher(settingsWith());
    const large = { topic, key: 'large', value: Buffer.alloc(5000), headers: {} };
    const outcomes = await Promise.allSettled([
      ...recordsTo(topic, 200).map((record) => publisher.publish([record])),
      publisher.publish([large]),
    ]);
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(200);
    expect(outcomes.at(-1)).toMatchObject({ reason: expect.any(RecordTooLargeError) });
    const reader = await new PlainReader().start(topic);
    await waitFor('the others', () => reader.records.length === 200);
    await reader.stop();
    await publisher.close();
  });

  it('names a topic that does not exist', async () => {
    const publisher = new Publisher(settingsWith());
    await expect(publisher.publish(recordsTo('no-such-topic', 1))).rejects.toThrow(MissingTopicsError);
    await publisher.close();
  });

  it('delivers what was published before it closes, and takes nothing after', async () => {
    const topic = await topics.make(1);
    const publisher = new Publisher(settingsWith());
    const published = publisher.publish(recordsTo(topic, 10));
    await publisher.close();
    await published;
    await expect(publisher.publish(recordsTo(topic, 1))).rejects.toThrow('closed');
  });
});
