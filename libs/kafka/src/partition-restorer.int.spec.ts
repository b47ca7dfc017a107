import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { recordsTo, settingsWith, Topics, textOf } from '../test-fixtures/real-kafka.ts';
import { type ConsumedRecord, PartitionRestorer, Publisher, partitionFor } from './index.ts';

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
