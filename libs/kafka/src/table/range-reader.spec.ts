import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { FakeCluster } from '../../test-fixtures/fake-cluster.ts';
import { ObservedParts } from '../../test-fixtures/observed-parts.ts';
import { plaintext } from '../settings.ts';
import { RangeReader } from './range-reader.ts';

const topic = 'commands';
const ignore = () => undefined;

describe('a range reader', () => {
  const readers: RangeReader[] = [];
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.stop()));
  });

  function over(...values: string[]) {
    const cluster = new FakeCluster(1, { [topic]: [1] });
    cluster.log(topic, 0).values.push(...values);
    const warnings: string[] = [];
    const log = { debug: ignore, info: ignore, warn: (message: string) => void warnings.push(message), error: ignore };
    const parts = new ObservedParts();
    const settings = { brokers: ['broker-1:9092'], clientId: 'spec', security: plaintext, log, connectTimeoutMs: 0 };
    const reader = new RangeReader({ ...settings, observer: parts.observer }, 256 * 1024, cluster);
    readers.push(reader);
    const countFrom = async (offset: number): Promise<number> => {
      const offsets: number[] = [];
      await reader.readFrom(topic, 0, offset, (record) => offsets.push(record.offset));
      return offsets.length;
    };
    const readFrom = (offset: number) => reader.readFrom(topic, 0, offset, ignore);
    return { cluster, warnings, countFrom, readFrom, reader, parts };
  }

  it.each([
    ['beyond the end of a log that was made anew', ['a', 'b'], 5],
    ['at the end of a log that was made anew', ['a', 'b'], 2],
    ['in an empty log', [], 0],
  ])('finds no record %s, and reads the next range', async (_where, values, offset) => {
    const { countFrom, cluster } = over(...values);
    const [found] = await Promise.all([countFrom(offset), values.length > 0 && countFrom(0)]);
    expect(found).toBe(0);
    cluster.log(topic, 0).values.push('later');
    expect(await countFrom(0)).toBe(values.length + 1);
  });

  it('says where to read on, also after what it could not find', async () => {
    const { readFrom } = over('a', 'b', 'c');
    expect([await readFrom(0), await readFrom(2), await readFrom(3), await readFrom(9)]).toEqual([3, 3, 3, 9]);
  });

  it('finds that a log ends before an offset in less than the second that a page waits for its text', async () => {
    const { cluster, countFrom } = over('a', 'b');
    expect(await countFrom(2)).toBe(0);
    // What the broker may wait in all, since the time that a busy machine takes says nothing.
    expect(cluster.fetches.reduce((sum, { maxWaitMs }) => sum + maxWaitMs, 0)).toBeLessThan(1000);
  });

  it('counts a partition as unread while its leader does not tell its offsets, also after that, and not once it does', async () => {
    const { cluster, reader, parts } = over('a');
    cluster.topics.set(topic, [-1]);
    const read = () => reader.readAll(topic, 0, ignore);
    await expect(read()).rejects.toThrow('LEADER_NOT_AVAILABLE');
    expect(parts.unreadOf(topic)).toEqual([0]);
    cluster.topics.set(topic, [1]);
    await read();
    expect(parts.unreadOf(topic)).toEqual([]);
  });

  it('counts a partition as unread while its leader cannot read its log, and is not observed after it is stopped', async () => {
    const { cluster, reader, parts } = over('a');
    cluster.fetchFate = () => 'KAFKA_STORAGE_ERROR';
    const read = reader.readAll(topic, 0, ignore);
    await waitFor('the fault', () => parts.unreadOf(topic).length > 0);
    cluster.fetchFate = () => undefined;
    await read;
    expect(parts.unreadOf(topic)).toEqual([]);
    await reader.stop();
    expect(parts.count).toBe(0);
  });

  it('opens no connection and writes no line for each of many records that are gone', async () => {
    const { cluster, warnings, countFrom } = over('a', 'b', 'c');
    cluster.log(topic, 0).low = 2;
    await countFrom(0);
    const before = [cluster.attempts, warnings.length];
    for (let n = 0; n < 50; n += 1) expect(await countFrom(1)).toBe(0);
    expect([cluster.attempts, warnings.length]).toEqual(before);
  });
});
