import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { partitioned, recordingLog, recordsTo, settingsWith, Topics, textOf } from '../../test-fixtures/real-kafka.ts';
import { withAdmin } from '../driver/client.ts';
import { type KafkaLog, Publisher, RangeReader } from '../index.ts';

// A busy machine is no failure; each wait has its own limit.
jest.setTimeout(30_000);

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

  const readerOf = async (of: readonly string[], log: KafkaLog = recordingLog()): Promise<RangeReader> => {
    const reader = new RangeReader(settingsWith({}, log), { topics: of });
    readers.push(reader);
    await reader.start();
    return reader;
  };

  it('reads what was written since a time, of the partitions that are asked for, of any of its topics', async () => {
    const [one, other] = [await topics.make(3), await topics.make(3)];
    await publisher.publish([0, 1, 2].flatMap((partition) => partitioned(one, partition, 50)));
    const before = Date.now();
    const since = await waitFor('a later millisecond', () => Date.now() > before && Date.now());
    const late = recordsTo(one, 4).map((record, n) => ({ ...record, partition: n % 3, value: `late-${n}` }));
    await publisher.publish([...late, ...partitioned(other, 1, 2)]);
    const reader = await readerOf([one, other]);
    const seen: string[] = [];
    await Promise.all([
      reader.readSince(one, [0, 2], since, ({ value }) => seen.push(textOf(value))),
      reader.readSince(other, [1, 2], since, ({ topic, value }) => seen.push(`${topic}: ${textOf(value)}`)),
    ]);
    expect(seen.toSorted()).toEqual(
      [`${other}: value-0`, `${other}: value-1`, 'late-0', 'late-2', 'late-3'].toSorted(),
    );
    await reader.readSince(one, [0, 1, 2], Date.now() + 60_000, ({ value }) => seen.push(textOf(value)));
    expect(seen).toHaveLength(5);
  });

  it('hands over the records at single offsets, again and again, and leaves out what is gone or not there yet', async () => {
    const topic = await topics.make(2);
    for (let n = 0; n < 5; n += 1) await publisher.publish(partitioned(topic, 1, 100));
    await withAdmin(settingsWith(), async (admin) => {
      // Until it is asked about the topic, kafkajs knows no leader of it.
      await admin.fetchTopicOffsets(topic);
      await admin.deleteTopicRecords({ topic, partitions: [{ partition: 1, offset: '10' }] });
    });
    const log = recordingLog();
    const reader = await readerOf([topic], log);
    for (let again = 0; again < 2; again += 1) {
      const seen: number[] = [];
      await reader.readAt(topic, 1, [499, 3, 10, 11, 250, 600], ({ offset }) => seen.push(offset));
      expect(seen).toEqual([10, 11, 250, 499]);
    }
    expect(log.lines.filter(({ level }) => level === 'error' || level === 'warn')).toEqual([]);
  });
});
