import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import kafkajs from 'kafkajs';
import { partitioned, recordingLog, recordsTo, settingsWith, Topics, textOf } from '../../test-fixtures/real-kafka.ts';
import { clientOf, withAdmin } from '../driver/client.ts';
import { type ConsumedRecord, Publisher, partitionFor, RangeReader } from '../index.ts';

describe('a range reader', () => {
  const topics = new Topics();
  const publisher = new Publisher(settingsWith());
  const readers: RangeReader[] = [];
  beforeAll(() => publisher.start());
  afterAll(async () => {
    await Promise.all(readers.map((reader) => reader.stop()));
    await publisher.close();
    await topics.remove();
  });

  const readerOf = (settings = settingsWith({}, recordingLog())): RangeReader => {
    const reader = new RangeReader(settings);
    readers.push(reader);
    return reader;
  };

  const valuesOf = (count: number, partitions: readonly number[], of: number) =>
    Array.from({ length: count }, (_, n) => n)
      .filter((n) => partitions.includes(partitionFor(`key-${n}`, of)))
      .map((n) => `value-${n}`);

  it('reads the requested partitions to their end, also several times', async () => {
    const topic = await topics.make(6);
    await publisher.publish(recordsTo(topic, 600));
    const reader = readerOf();
    for (const partitions of [[1, 4], [4], [0, 1, 2, 3, 4, 5]]) {
      const seen: ConsumedRecord[] = [];
      const read = (partition: number) => reader.readAll(topic, partition, (record) => seen.push(record));
      await Promise.all(partitions.map(read));
      expect(seen.map(({ value }) => textOf(value)).toSorted()).toEqual(valuesOf(600, partitions, 6).toSorted());
    }
  });

  it('reads to the end past an open transaction and past a batch that cannot be decoded', async () => {
    const topic = await topics.make(1);
    const producer = clientOf(settingsWith()).producer({ transactionalId: topic, idempotent: true });
    await producer.connect();
    const transaction = await producer.transaction();
    await transaction.send({ topic, messages: [{ key: 'open', value: 'open' }] });
    await publisher.publish(recordsTo(topic, 1));
    const plain = clientOf(settingsWith()).producer();
    await plain.connect();
    const compression = kafkajs.CompressionTypes.ZSTD;
    await plain.send({ topic, compression, messages: [{ key: 'bomb', value: Buffer.alloc(3_000_000) }] });
    await plain.disconnect();
    await publisher.publish(recordsTo(topic, 2).slice(1));
    const log = recordingLog();
    const settings = { ...settingsWith({}, log), maxDecompressedBytes: 1024 * 1024 };
    const reader = readerOf(settings);
    const seen: string[] = [];
    await reader.readAll(topic, 0, ({ value }) => seen.push(textOf(value)));
    expect(seen).toEqual(['open', 'value-0', 'value-1']);
    expect(reader.health().detail).toContain('1 record batches could not be decoded');
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { topic, partition: 0, firstOffset: 2, lastOffset: 2, codec: 'zstd' } },
    ]);
    await transaction.abort();
    await producer.disconnect();
  });

  it('serves overlapping calls, empty partitions and callbacks that throw', async () => {
    const topic = await topics.make(3);
    await publisher.publish([{ topic, key: 'k', value: Buffer.from('v'), headers: {}, partition: 1 }]);
    const reader = readerOf();
    const first: string[] = [];
    const second: string[] = [];
    const outcomes = await Promise.allSettled([
      reader.readAll(topic, 0, ({ value }) => first.push(textOf(value))),
      reader.readAll(topic, 1, ({ value }) => first.push(textOf(value))),
      reader.readAll(topic, 1, () => {
        throw new Error('no');
      }),
      reader.readAll(topic, 1, ({ value }) => second.push(textOf(value))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'rejected', 'fulfilled']);
    expect([first, second]).toEqual([['v'], ['v']]);
  });

  it('reads the records since a time, only from the requested partition of the requested topic', async () => {
    const [one, other] = [await topics.make(3), await topics.make(3)];
    await publisher.publish([0, 1, 2].flatMap((partition) => partitioned(one, partition, 50)));
    const before = Date.now();
    const since = await waitFor('a later millisecond', () => Date.now() > before && Date.now());
    const late = recordsTo(one, 4).map((record, n) => ({ ...record, partition: n % 3, value: `late-${n}` }));
    await publisher.publish([...late, ...partitioned(other, 1, 2)]);
    const reader = readerOf();
    const seen: string[] = [];
    const readSince = (topic: string, partition: number, sinceMs: number) =>
      reader.readSince(topic, partition, sinceMs, ({ value }) => seen.push(`${topic}: ${textOf(value)}`));
    await Promise.all([
      ...[0, 2].map((partition) => readSince(one, partition, since)),
      ...[1, 2].map((partition) => readSince(other, partition, since)),
    ]);
    expect(seen.toSorted()).toEqual(
      [...[0, 1].map((n) => `${other}: value-${n}`), ...[0, 2, 3].map((n) => `${one}: late-${n}`)].toSorted(),
    );
    await Promise.all([0, 1, 2].map((partition) => readSince(one, partition, Date.now() + 60_000)));
    expect(seen).toHaveLength(5);
  });

  it('reads the records at given offsets, and omits deleted and future ones', async () => {
    const topic = await topics.make(2);
    for (let n = 0; n < 5; n += 1) await publisher.publish(partitioned(topic, 1, 100));
    await withAdmin(settingsWith(), async (admin) => {
      // kafkajs finds the leader only of topics that it has requested before.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '10' }] });
    });
    const log = recordingLog();
    const reader = readerOf(settingsWith({}, log));
    for (let again = 0; again < 2; again += 1) {
      const seen: number[] = [];
      await reader.readAt(topic, 1, [499, 3, 10, 11, 250, 600], ({ offset }) => seen.push(offset));
      expect(seen).toEqual([10, 11, 250, 499]);
    }
    expect(log.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });
});
