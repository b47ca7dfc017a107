import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import kafkajs from 'kafkajs';
import { recordingLog, recordsTo, settingsWith, Topics, textOf } from '../../test-fixtures/real-kafka.ts';
import { clientOf } from '../driver/client.ts';
import { type ConsumedRecord, PartitionRestorer, Publisher, partitionFor } from '../index.ts';

// A busy machine is no failure; each wait has its own limit.
jest.setTimeout(30_000);

describe('a partition restorer', () => {
  const topics = new Topics();
  const publisher = new Publisher(settingsWith());
  beforeAll(() => publisher.start());
  afterAll(async () => {
    await publisher.close();
    await topics.remove();
  });

  const valuesOf = (count: number, partitions: readonly number[], of: number) =>
    Array.from({ length: count }, (_, n) => n)
      .filter((n) => partitions.includes(partitionFor(`key-${n}`, of)))
      .map((n) => `value-${n}`);

  it('reads the partitions that are asked for, to their end, again and again', async () => {
    const topic = await topics.make(6);
    await publisher.publish(recordsTo(topic, 600));
    const restorer = new PartitionRestorer(settingsWith(), { topic });
    await restorer.start();
    for (const partitions of [[1, 4], [4], [0, 1, 2, 3, 4, 5]]) {
      const seen: ConsumedRecord[] = [];
      await restorer.restore(partitions, (record) => seen.push(record));
      expect(seen.map(({ value }) => textOf(value)).toSorted()).toEqual(valuesOf(600, partitions, 6).toSorted());
    }
    await restorer.stop();
  });

  it('reads to the end though a transaction was left open, and past a batch that nobody can read', async () => {
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
    const restorer = new PartitionRestorer(settings, { topic });
    await restorer.start();
    const seen: string[] = [];
    await restorer.restore([0], ({ value }) => seen.push(textOf(value)));
    expect(seen).toEqual(['open', 'value-0', 'value-1']);
    expect(restorer.health().detail).toContain('1 batches could not be read');
    expect(log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { topic, partition: 0, firstOffset: 2, lastOffset: 2, codec: 'zstd' } },
    ]);
    await restorer.stop();
    await transaction.abort();
    await producer.disconnect();
  });

  it('serves overlapping calls, empty partitions and callers that throw', async () => {
    const topic = await topics.make(3);
    await publisher.publish([{ topic, key: 'k', value: Buffer.from('v'), headers: {}, partition: 1 }]);
    const restorer = new PartitionRestorer(settingsWith(), { topic });
    await restorer.start();
    const first: string[] = [];
    const second: string[] = [];
    const outcomes = await Promise.allSettled([
      restorer.restore([0, 1], ({ value }) => first.push(textOf(value))),
      restorer.restore([1], () => {
        throw new Error('no');
      }),
      restorer.restore([1, 2], ({ value }) => second.push(textOf(value))),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect([first, second]).toEqual([['v'], ['v']]);
    await restorer.stop();
  });
});
