import { afterAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { only, PlainReader, recordsTo, settingsWith, Topics, textOf } from '../../test-fixtures/real-kafka.ts';
import { withAdmin } from '../driver/client.ts';
import { createTopics, type OutgoingRecord, Publisher, partitionFor, RecordsRefusedError } from '../index.ts';

describe('a publisher', () => {
  const topics = new Topics();
  afterAll(() => topics.remove());

  it('resolves when all records are in the log, each in the partition of its key, in order', async () => {
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

  it('sends the records of overlapping calls in shared requests', async () => {
    const topic = await topics.make(1);
    const batches: number[] = [];
    const publisher = new Publisher(settingsWith({ published: ({ records }) => batches.push(records) }));
    await publisher.start();
    await Promise.all(recordsTo(topic, 400).map((record) => publisher.publish([record])));
    expect(batches.length).toBeLessThan(5);
    await publisher.close();
  });

  it('writes the records of a running publish before it closes', async () => {
    const topic = await topics.make(1);
    const batches: number[] = [];
    const publisher = new Publisher(settingsWith({ published: ({ records }) => batches.push(records) }));
    await Promise.all([publisher.publish(recordsTo(topic, 7)), publisher.close()]);
    expect(batches.reduce((sum, records) => sum + records, 0)).toBe(7);
  });

  it('refuses only the record that exceeds its limit, after it has written all others of that publish', async () => {
    const topic = await topics.make(1);
    const publisher = new Publisher(settingsWith(), { maxRecordBytes: 10_000 });
    const reader = await new PlainReader().start(topic);
    const large = { topic, key: 'k', value: Buffer.alloc(10_000), headers: {} };
    const refusal = await publisher.publish([...recordsTo(topic, 3), large]).catch((reason) => reason);
    expect(refusal).toBeInstanceOf(RecordsRefusedError);
    expect(refusal.refused).toMatchObject([
      { record: large, detail: expect.stringContaining('larger than the maximum of 10000') },
    ]);
    await waitFor('the others', () => reader.records.length === 3);
    await reader.stop();
    await publisher.close();
  });

  it('refuses only the record that is too large for the broker, and writes all others in order', async () => {
    const topic = await topics.make(2, { 'max.message.bytes': '4000' });
    const publisher = new Publisher(settingsWith());
    const reader = await new PlainReader().start(topic);
    const large = { topic, key: 'key', value: Buffer.alloc(5000), headers: {} };
    const records = recordsTo(topic, 200, () => 'key');
    const mixed = publisher.publish([...records.slice(0, 77), large, ...records.slice(77)]);
    const neighbours = recordsTo(topic, 200).map((record) => publisher.publish([record]));
    await expect(mixed).rejects.toMatchObject({
      refused: [{ record: large, detail: expect.stringContaining('MESSAGE_TOO_LARGE') }],
    });
    await Promise.all(neighbours);
    await waitFor('the others', () => reader.records.length === 400);
    const ofKey = reader.records.filter(({ key }) => textOf(key) === 'key').map(({ value }) => textOf(value));
    expect(ofKey).toEqual(records.map(({ value }) => textOf(value)));
    await reader.stop();
    await publisher.close();
  });

  it('refuses only the record without a key, which a compacted topic does not accept', async () => {
    const topic = await topics.make(1, { 'cleanup.policy': 'compact' });
    const publisher = new Publisher(settingsWith());
    const [first, second, third] = recordsTo(topic, 3) as [OutgoingRecord, OutgoingRecord, OutgoingRecord];
    const bare = { ...second, key: null };
    await expect(publisher.publish([first, bare, third])).rejects.toMatchObject({
      refused: [{ record: bare, detail: expect.stringContaining('INVALID_RECORD') }],
    });
    await publisher.close();
  });

  it('holds back only the records for a missing topic or partition, and writes them once and in order when it exists', async () => {
    const [healthy, growing] = [await topics.make(2), await topics.make(1)];
    const missing = topics.name();
    const publisher = new Publisher(settingsWith(), { deliveryTimeoutMs: Number.POSITIVE_INFINITY });
    const records = recordsTo(missing, 300, (n) => `key-${n % 2}`);
    const beyond = recordsTo(growing, 10).map((record) => ({ ...record, partition: 1 }));
    const waiting = [records.slice(0, 100), records.slice(100), beyond].map((part) => publisher.publish(part));
    for (let n = 0; n < 20; n++)
      await publisher.publish([...recordsTo(healthy, 10), { ...only(growing, 0), value: 'v' }]);
    const detail = () => publisher.health(performance.now() + 11_000).detail;
    await waitFor('the cause', () => detail().includes(`${growing} has only 1 partitions`));
    expect(detail()).toContain(`Missing on Kafka: ${missing}`);
    expect(detail()).not.toContain(healthy);
    await createTopics(settingsWith(), [{ topic: missing, partitions: 2, config: {} }]);
    await withAdmin(settingsWith(), (admin) =>
      admin.createPartitions({ topicPartitions: [{ topic: growing, count: 2 }] }),
    );
    await Promise.all(waiting);
    const reader = await new PlainReader().start(missing);
    await waitFor('all records', () => reader.records.length === 300);
    for (const key of ['key-0', 'key-1']) {
      const read = reader.records.filter((record) => textOf(record.key) === key).map(({ value }) => textOf(value));
      expect(read).toEqual(records.filter((record) => record.key === key).map(({ value }) => textOf(value)));
    }
    await reader.stop();
    await publisher.close();
  });

  it('compresses a record that is larger than a batch', async () => {
    const topic = await topics.make(1, { 'max.message.bytes': '50000' });
    const publisher = new Publisher(settingsWith(), { maxRecordBytes: 10_000_000 });
    const reader = await new PlainReader().start(topic);
    const large = { topic, key: 'k', value: Buffer.alloc(5_000_000, 'alert '), headers: {} };
    const [first, last] = recordsTo(topic, 2, () => 'k') as [OutgoingRecord, OutgoingRecord];
    await publisher.publish([first, large, last]);
    await waitFor('all records', () => reader.records.length === 3);
    expect(reader.records[1]?.value?.equals(large.value)).toBe(true);
    await reader.stop();
    await publisher.close();
  });

  it('names a missing topic in the error', async () => {
    const publisher = new Publisher(settingsWith(), { deliveryTimeoutMs: 1000 });
    await expect(publisher.publish(recordsTo('no-such-topic', 1))).rejects.toThrow('Missing on Kafka: no-such-topic');
    await publisher.close();
  });

  it('writes what was published before it was closed, and rejects later publishes', async () => {
    const topic = await topics.make(1);
    const publisher = new Publisher(settingsWith());
    const published = publisher.publish(recordsTo(topic, 10));
    await publisher.close();
    await published;
    await expect(publisher.publish(recordsTo(topic, 1))).rejects.toThrow('closed');
  });
});
