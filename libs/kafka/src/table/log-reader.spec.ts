import { setTimeout as delay } from 'node:timers/promises';
import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { FakeCluster } from '../../test-fixtures/fake-cluster.ts';
import { type FetchedMessage, UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import { plaintext } from '../settings.ts';
import { LogReader, type Taken } from './log-reader.ts';

const topic = 'outcomes';
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const settings = { brokers: ['broker-1:9092'], clientId: 'spec', security: plaintext, log, connectTimeoutMs: 1000 };
const forever = new AbortController().signal;

describe('a log reader', () => {
  const readers: LogReader[] = [];
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.stop()));
  });

  function over(...values: string[]) {
    const cluster = new FakeCluster(1, { [topic]: [1, 1] });
    const first = cluster.log(topic, 0);
    first.values.push(...values);
    const reader = new LogReader(settings, cluster);
    readers.push(reader);
    return { cluster, reader, first };
  }
  /** Takes until there was this number of records. */
  async function until(reader: LogReader, count: number): Promise<Taken[]> {
    const taken: Taken[] = [];
    while (taken.flatMap(({ records }) => records).length < count) taken.push(await reader.take(forever));
    return taken;
  }
  const textsOf = ({ records }: Taken) => records.map(({ value }) => String(value));

  it('gives what it has read with the places that follow, and later what is written then', async () => {
    const { reader, first } = over('a', 'b');
    await reader.read(topic, []);
    const taken = await until(reader, 2);
    expect(taken.flatMap(textsOf)).toEqual(['a', 'b']);
    expect(taken.flatMap(({ places }) => places)).toContainEqual({ topic, partition: 0, offset: 2 });
    first.values.push('c');
    expect((await until(reader, 1)).flatMap(textsOf)).toEqual(['c']);
  });

  it('says of which partitions older records are no longer kept', async () => {
    const { reader, first } = over('a', 'b', 'c');
    first.low = 2;
    await reader.read(topic, []);
    expect((await until(reader, 1)).flatMap(({ missed }) => missed)).toEqual([{ topic, partition: 0 }]);
  });

  it('reads on from the places that it is given', async () => {
    const { reader } = over('a', 'b', 'c');
    await reader.read(topic, [{ topic, partition: 0, offset: 2 }]);
    expect((await until(reader, 1)).flatMap(textsOf)).toEqual(['c']);
  });

  it('goes on at the oldest record where its place is no longer kept', async () => {
    const { reader, first } = over('a', 'b', 'c');
    first.low = 2;
    await reader.read(topic, [{ topic, partition: 0, offset: 1 }]);
    const taken = await until(reader, 1);
    expect(taken.flatMap(textsOf)).toEqual(['c']);
    expect(taken.flatMap(({ missed }) => missed)).toEqual([{ topic, partition: 0 }]);
  });

  it('tells how far each partition is read, and when it was read to its end', async () => {
    const { reader } = over('a');
    await reader.read(topic, []);
    await until(reader, 1);
    const [progress] = reader.progress().filter(({ partition }) => partition === 0);
    expect(progress).toMatchObject({ offset: 1, end: 1 });
    expect(Math.abs((progress?.readToEndAt ?? 0) - Date.now())).toBeLessThan(60_000);
  });

  it('fetches nothing more while too much waits to be taken', async () => {
    const mebibyte = 'x'.repeat(1024 * 1024);
    const { cluster, reader, first } = over(...Array.from({ length: 20 }, () => mebibyte));
    await reader.read(topic, []);
    await waitFor('the records', () => reader.progress().some(({ offset }) => offset === 20), {});
    first.values.push('later');
    expect(cluster.fetches).toHaveLength(1);
    expect((await reader.take(forever)).records).toHaveLength(20);
    expect((await until(reader, 1)).flatMap(textsOf)).toEqual(['later']);
  });

  it('counts headers too as what waits to be taken', async () => {
    const { cluster, reader, first } = over('a');
    jest.spyOn(first, 'read').mockImplementation(
      async (of, offset) =>
        Array.from({ length: Math.max(0, 20 - offset) }, (_, n) => ({
          ...{ ...of, offset: offset + n, timestamp: 0, key: null, value: null, isControlRecord: false },
          headers: { trace: Buffer.alloc(1024 * 1024) },
        })) as unknown as FetchedMessage[],
    );
    await reader.read(topic, []);
    await waitFor('the records', () => reader.progress().some(({ offset }) => offset === 20), {});
    const { length } = cluster.fetches;
    await delay(50);
    expect(
      cluster.fetches
        .slice(length)
        .flatMap(({ parts }) => parts)
        .filter(({ partition }) => partition === 0),
    ).toEqual([]);
    expect((await reader.take(forever)).records).toHaveLength(20);
  });

  it('counts the records of a batch that cannot be decoded', async () => {
    const { reader, first } = over('a');
    jest
      .spyOn(first, 'read')
      .mockImplementation(async (_of, offset) =>
        offset < 7 ? [new UndecodableBatch(6, 0, 2, Buffer.alloc(0), 'x', '.')] : [],
      );
    await reader.read(topic, [{ topic, partition: 0, offset: 2 }]);
    // The reader may fetch the batch again before it moves on.
    await waitFor('the batch', () => reader.undecodable > 0, {});
    expect((await reader.take(forever)).skipped).toEqual([{ topic, partition: 0, records: 5 }]);
  });

  it('tells how many partitions it reads, so that one that is added later is missed by nobody', async () => {
    const { cluster, reader } = over('a');
    expect(await reader.read(topic, [])).toBe(2);
    cluster.topics.set(topic, [1, 1, 1]);
    await waitFor('the third', async () => (await reader.read(topic, [])) === 3, {});
  });

  it('stores the place of a partition from which everything was deleted, so that it counts as read', async () => {
    const { cluster, reader, first } = over('a');
    first.low = 1;
    await reader.read(topic, []);
    await waitFor('fetches', () => cluster.fetches.length > 1, {});
    const taken = await reader.take(forever);
    expect(taken.places).toContainEqual({ topic, partition: 0, offset: 1 });
    // It is missed by nobody: who has the other partitions knows how far back they reach.
    expect(taken.missed).toEqual([]);
  });

  it('reads no more of a topic that it has left, and again from the place that it is given', async () => {
    const { cluster, reader, first } = over('a', 'b');
    await reader.read(topic, []);
    await until(reader, 2);
    reader.leave(topic);
    const before = cluster.fetches.length;
    first.values.push('c');
    expect((await reader.take(forever, 50)).records).toEqual([]);
    await reader.read(topic, [{ topic, partition: 0, offset: 1 }]);
    expect((await until(reader, 2)).flatMap(textsOf)).toEqual(['b', 'c']);
    expect(cluster.fetches.length).toBeGreaterThan(before);
  });

  it('ends a wait with the reason of the signal', async () => {
    const { reader } = over();
    const stop = new AbortController();
    await reader.read(topic, []);
    stop.abort(new Error('stopping'));
    await expect(reader.take(stop.signal)).rejects.toThrow('stopping');
  });
});
