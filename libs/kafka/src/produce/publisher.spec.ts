import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeCluster, type Fate } from '../../test-fixtures/fake-cluster.ts';
import type { ProducePart } from '../driver/driver.ts';
import { DeliveryTimeoutError, RecordsRefusedError } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';
import { plaintext } from '../settings.ts';
import { partitionFor } from './partitioner.ts';
import { Publisher, type PublisherOptions } from './publisher.ts';

const quiet = () => undefined;
const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };

const recordOf = (partition: number, value: string, topic = 't'): OutgoingRecord => ({
  topic,
  key: 'k',
  value,
  headers: {},
  partition,
});
const all =
  (fate: Fate, partition: number, topic = 't') =>
  (part: ProducePart): Fate =>
    part.topic === topic && part.partition === partition ? fate : 'written';
const passes = (ms: number) => jest.advanceTimersByTimeAsync(ms);
/** Awaits what a healthy cluster does at once. */
const soon = async <T>(promise: Promise<T>): Promise<T> => {
  await passes(1);
  return promise;
};

describe('a publisher', () => {
  let cluster: FakeCluster;
  const opened: Publisher[] = [];
  const publisherOf = (options: PublisherOptions = {}, observer = {}) => {
    const settings = {
      brokers: ['broker-1:9092', 'broker-2:9092'],
      clientId: 'spec',
      security: plaintext,
      log,
      observer,
    };
    const publisher = new Publisher(settings, { deliveryTimeoutMs: Number.POSITIVE_INFINITY, ...options }, cluster);
    opened.push(publisher);
    return publisher;
  };
  /** Returns the state of a publish; updated when the publish settles. */
  const outcome = (published: Promise<void>) => {
    const state: { is: 'waiting' | 'written' | Error } = { is: 'waiting' };
    published.then(
      () => {
        state.is = 'written';
      },
      (error: Error) => {
        state.is = error;
      },
    );
    return state;
  };
  const valuesOf = (partition: number, topic = 't') => cluster.log(topic, partition).values;

  beforeEach(() => {
    jest.useFakeTimers();
    // Broker 1 leads the partitions 0 to 2, broker 2 partition 3.
    cluster = new FakeCluster(2, { t: [1, 1, 1, 2], other: [1] });
  });
  afterEach(() => {
    jest.useRealTimers();
    opened.splice(0);
  });

  const causeOf = (error: string) =>
    error === 'TOPIC_AUTHORIZATION_FAILED'
      ? 'Kafka denies Write on topic t: an ACL is missing; compare it with the output of `pagebridge acls`'
      : error;

  it.each([
    'NOT_ENOUGH_REPLICAS',
    'TOPIC_AUTHORIZATION_FAILED',
    'CLUSTER_AUTHORIZATION_FAILED',
    'POLICY_VIOLATION',
    'INVALID_TIMESTAMP',
    'INVALID_TOPIC_EXCEPTION',
    'UNKNOWN_TOPIC_OR_PARTITION',
    'KAFKA_STORAGE_ERROR',
    'UNKNOWN',
    'error 999',
  ])('delays only the failing partition, however long, and names the cause: %s', async (error) => {
    const publisher = publisherOf();
    cluster.fate = all(error, 1);
    const stuck = outcome(publisher.publish([recordOf(1, 'a'), recordOf(0, 'b')]));
    await passes(60_000);
    const others = outcome(publisher.publish([recordOf(0, 'c'), recordOf(2, 'd'), recordOf(3, 'e')]));
    const later = outcome(publisher.publish([recordOf(1, 'f')]));
    await passes(1);
    expect([stuck.is, others.is, later.is]).toEqual(['waiting', 'written', 'waiting']);
    expect(publisher.health()).toEqual({ ready: false, detail: `t/1: ${causeOf(error)}, 60 s` });
    cluster.fate = () => 'written';
    await passes(2000);
    expect([stuck.is, later.is]).toEqual(['written', 'written']);
    expect([0, 1, 2, 3].map((partition) => valuesOf(partition))).toEqual([['b', 'c'], ['a', 'f'], ['d'], ['e']]);
    expect(publisher.health().ready).toBe(true);
  });

  it('sends a partition with slow replicas once with the healthy ones, and then delays none of them', async () => {
    const publisher = publisherOf();
    cluster.fate = all('slow replicas', 1);
    const stuck = outcome(publisher.publish([recordOf(1, 'a'), recordOf(0, 'b')]));
    await passes(2100);
    for (let n = 0; n < 50; n++) {
      const other = outcome(publisher.publish([recordOf(0, `${n}`)]));
      await passes(100);
      expect(other.is).toBe('written');
    }
    expect(stuck.is).toBe('waiting');
    cluster.fate = () => 'written';
    await passes(5000);
    expect(stuck.is).toBe('written');
    expect(valuesOf(1)).toEqual(['a']);
  });

  it('lets failing partitions of a broker share a connection, and each leave it when it is written quickly again', async () => {
    const publisher = publisherOf();
    cluster.fate = (part) => (part.partition === 3 ? 'written' : 'slow replicas');
    const stuck = [0, 1, 2].map((partition) => outcome(publisher.publish([recordOf(partition, 'a')])));
    await passes(10_000);
    // One for metadata, one for healthy partitions and one for the others.
    expect([...cluster.connections].filter(({ nodeId }) => nodeId === 1).length).toBeLessThanOrEqual(3);
    cluster.fate = all('slow replicas', 1);
    await passes(10_000);
    expect(stuck.map(({ is }) => is)).toEqual(['written', 'waiting', 'written']);
    for (let n = 0; n < 50; n++) {
      const others = [0, 2].map((partition) => outcome(publisher.publish([recordOf(partition, `${n}`)])));
      await passes(10);
      expect(others.map(({ is }) => is)).toEqual(['written', 'written']);
    }
  });

  it('writes the healthy partitions of a broker in one shared request at a time', async () => {
    const publisher = publisherOf();
    await publisher.start();
    await soon(publisher.publish([0, 1, 2, 3].map((partition) => recordOf(partition, 'first'))));
    cluster.requests.splice(0);
    const published = Array.from({ length: 100 }, (_, n) => publisher.publish([recordOf(n % 4, `${n}`)]));
    await soon(Promise.all(published));
    expect(cluster.requests.map(({ nodeId, parts }) => [nodeId, parts.length])).toEqual([
      [1, 3],
      [2, 1],
    ]);
  });

  it('lets callers that publish again after an acknowledgement share the next request with callers that waited', async () => {
    const publisher = publisherOf();
    await soon(publisher.publish([0, 1].map((partition) => recordOf(partition, 'first'))));
    cluster.requests.splice(0);
    const again = async (partition: number) => {
      for (let n = 0; n < 5; n++) {
        await publisher.publish([recordOf(partition, `${n}`)]);
        // The caller's work between the acknowledgement and the next publish.
        for (let step = 0; step < 10; step++) await null;
      }
    };
    let later: Promise<void> | undefined;
    cluster.fate = () => {
      later ??= again(1);
      return 'written';
    };
    const sooner = again(0);
    await passes(100);
    await Promise.all([sooner, later]);
    expect(cluster.requests.map(({ parts }) => parts.length)).toEqual([1, 2, 2, 2, 2, 1]);
  });

  it.each(['MESSAGE_TOO_LARGE', 'RECORD_LIST_TOO_LARGE', 'INVALID_RECORD'])(
    'refuses only the records that a broker will never accept, after it has written all others: %s',
    async (error) => {
      const failed: unknown[] = [];
      const publisher = publisherOf({}, { publishFailed: (event: unknown) => failed.push(event) });
      cluster.fate = ({ records }) =>
        records.some(({ value }) => String(value).startsWith('bad')) ? error : 'written';
      const values = Array.from({ length: 40 }, (_, n) => (n % 13 === 5 ? `bad ${n}` : `${n}`));
      const good = values.filter((value) => !value.startsWith('bad'));
      const neighbour = outcome(publisher.publish([recordOf(0, 'neighbour')]));
      const refusal = publisher.publish(values.map((value) => recordOf(0, value))).catch((reason) => reason);
      await passes(1000);
      const reason = (await refusal) as RecordsRefusedError;
      expect(reason).toBeInstanceOf(RecordsRefusedError);
      expect(reason.refused.map(({ record }) => record.value)).toEqual(['bad 5', 'bad 18', 'bad 31']);
      expect(reason.message).toContain(error);
      expect(neighbour.is).toBe('written');
      expect(valuesOf(0)).toEqual(['neighbour', ...good]);
      expect(failed).toEqual([{ topic: 't', records: 3 }]);
      expect(cluster.identities).toBe(1);
    },
  );

  it('returns the refused records to a caller of publishAccepted', async () => {
    const publisher = publisherOf();
    cluster.fate = ({ records }) => (records.some(({ value }) => value === 'bad') ? 'INVALID_RECORD' : 'written');
    const records = ['good', 'bad'].map((value) => recordOf(0, value));
    const refused = publisher.publishAccepted(records);
    await passes(1000);
    expect((await refused).map(({ record }) => record)).toEqual([records[1]]);
    expect(valuesOf(0)).toEqual(['good']);
  });

  it('refuses no record of a batch that exceeds the limit of the topic only as a whole', async () => {
    const publisher = publisherOf();
    cluster.fate = ({ records }) => (records.length > 3 ? 'MESSAGE_TOO_LARGE' : 'written');
    const values = Array.from({ length: 40 }, (_, n) => `${n}`);
    const published = outcome(publisher.publish(values.map((value) => recordOf(0, value))));
    await passes(1000);
    expect(published.is).toBe('written');
    expect(valuesOf(0)).toEqual(values);
  });

  it('refuses without asking a broker: a record over its limit, a key with half a surrogate pair, a header that is a number', async () => {
    const publisher = publisherOf({ maxRecordBytes: 10_000 });
    const bad = [
      recordOf(0, 'x'.repeat(10_000)),
      { ...recordOf(0, 'half'), key: 'k\ud800' },
      { ...recordOf(0, 'odd'), headers: { n: 5 as unknown as string } },
    ];
    const published = publisher.publish([...bad, recordOf(0, 'good')]).catch((reason) => reason);
    await passes(10);
    const { refused } = (await published) as RecordsRefusedError;
    expect(refused.map(({ record }) => record)).toEqual(bad);
    expect(refused.map(({ detail }) => detail)).toEqual([
      expect.stringContaining('larger than the maximum of 10000'),
      expect.stringContaining('half a surrogate pair'),
      expect.stringContaining('neither a string nor a Buffer'),
    ]);
    expect(valuesOf(0)).toEqual(['good']);
  });

  it('does not treat a partition as written that the broker leaves out of its answer', async () => {
    const publisher = publisherOf();
    cluster.fate = all('unanswered', 1);
    const [one, other] = [1, 0].map((partition) => outcome(publisher.publish([recordOf(partition, 'a')])));
    await passes(5000);
    expect([one?.is, other?.is]).toEqual(['waiting', 'written']);
    cluster.fate = () => 'written';
    await passes(2000);
    expect([one?.is, valuesOf(1)]).toEqual(['written', ['a']]);
  });

  it('writes a record once although its answer is lost, and later records after it', async () => {
    const publisher = publisherOf();
    let lost = 0;
    cluster.fate = ({ partition }) => (partition === 0 && lost++ < 3 ? 'answer lost' : 'written');
    const published = ['a', 'b', 'c'].map((value) => publisher.publish([recordOf(0, value)]));
    await passes(5000);
    await soon(Promise.all(published));
    expect(valuesOf(0)).toEqual(['a', 'b', 'c']);
    expect(cluster.log('t', 0).repetitions).toBeGreaterThan(0);
  });

  it('never mistakes the acknowledgement of a record that was given up for that of the next one', async () => {
    const publisher = publisherOf({ deliveryTimeoutMs: 1000 });
    await soon(publisher.publish([recordOf(0, 'first')]));
    cluster.fate = all('answer lost', 0);
    const given = outcome(publisher.publish([recordOf(0, 'given up')]));
    await passes(1000);
    expect(given.is).toBeInstanceOf(DeliveryTimeoutError);
    expect((given.is as Error).message).toContain('t/0: ');
    cluster.fate = () => 'written';
    const next = outcome(publisher.publish([recordOf(0, 'next')]));
    await passes(1000);
    expect(next.is).toBe('written');
    expect(valuesOf(0).at(-1)).toBe('next');
    expect(cluster.identities).toBe(2);
  });

  it('continues with a new producer id if the broker has forgotten the old one', async () => {
    const publisher = publisherOf();
    await soon(publisher.publish([recordOf(0, 'a')]));
    cluster.log('t', 0).forgetProducers();
    const published = outcome(publisher.publish([recordOf(0, 'b')]));
    await passes(1000);
    expect([published.is, valuesOf(0), cluster.identities]).toEqual(['written', ['a', 'b'], 2]);
  });

  it('does not retry an aborted publish, and still writes the others', async () => {
    const publisher = publisherOf();
    await soon(publisher.publish([recordOf(0, 'first')]));
    cluster.fate = all('NOT_ENOUGH_REPLICAS', 0);
    const lease = new AbortController();
    const aborted = outcome(publisher.publish([recordOf(0, 'a'), recordOf(1, 'b')], { signal: lease.signal }));
    const other = outcome(publisher.publish([recordOf(0, 'c')]));
    await passes(10_000);
    lease.abort();
    await passes(0);
    expect(aborted.is).toMatchObject({ code: 'KAFKA.ABORTED', retriable: true });
    cluster.fate = () => 'written';
    await passes(2000);
    expect([other.is, valuesOf(0), valuesOf(1)]).toEqual(['written', ['first', 'c'], ['b']]);
    await expect(publisher.publish([recordOf(0, 'd')], { signal: lease.signal })).rejects.toThrow('aborted');
    expect(valuesOf(0)).toEqual(['first', 'c']);
  });

  it('delays only the partitions that a frozen broker leads, until another broker leads them', async () => {
    const publisher = publisherOf();
    await soon(publisher.publish([0, 1, 2, 3].map((partition) => recordOf(partition, 'first'))));
    cluster.frozen.add(1);
    const stuck = outcome(publisher.publish([recordOf(0, 'a'), recordOf(3, 'b')]));
    for (let n = 0; n < 20; n++) {
      const other = outcome(publisher.publish([recordOf(3, `${n}`)]));
      await passes(500);
      expect(other.is).toBe('written');
    }
    expect(stuck.is).toBe('waiting');
    cluster.topics.set('t', [2, 2, 2, 2]);
    await passes(5000);
    expect(stuck.is).toBe('written');
    expect(valuesOf(0)).toEqual(['first', 'a']);
  });

  it('limits its connection attempts to unreachable brokers, however many partitions wait for them', async () => {
    cluster.topics.set(
      'wide',
      Array.from({ length: 100 }, () => 1),
    );
    const publisher = publisherOf();
    const records = Array.from({ length: 100 }, (_, partition) => recordOf(partition, 'v', 'wide'));
    await soon(publisher.publish(records));
    cluster.goDown(1);
    cluster.goDown(2);
    const published = outcome(publisher.publish(records));
    await passes(10_000);
    cluster.attempts = 0;
    await passes(10_000);
    expect(cluster.attempts).toBeLessThan(150);
    expect(publisher.health().detail).toContain('ECONNREFUSED');
    cluster.down.clear();
    await passes(5000);
    expect([published.is, valuesOf(99, 'wide')]).toEqual(['written', ['v', 'v']]);
  });

  it('requests metadata at most ten times a second, however many partitions fail', async () => {
    cluster.topics.set(
      'wide',
      Array.from({ length: 100 }, () => 1),
    );
    const publisher = publisherOf();
    cluster.fate = () => 'NOT_ENOUGH_REPLICAS';
    const records = Array.from({ length: 100 }, (_, partition) => recordOf(partition, 'v', 'wide'));
    const published = outcome(publisher.publish(records));
    await passes(10_000);
    expect(cluster.lookups).toBeLessThan(105);
    cluster.fate = () => 'written';
    await passes(3000);
    expect(published.is).toBe('written');
  });

  it('waits for a missing topic, names it, and writes in order once it exists', async () => {
    const publisher = publisherOf();
    const published = ['a', 'b'].map((value) => outcome(publisher.publish([recordOf(0, value, 'new')])));
    const other = outcome(publisher.publish([recordOf(0, 'c')]));
    await passes(12_000);
    expect([other.is, published[0]?.is]).toEqual(['written', 'waiting']);
    expect(publisher.health()).toMatchObject({
      ready: false,
      detail: expect.stringContaining('Missing on Kafka: new'),
    });
    cluster.topics.set('new', [1]);
    await passes(2000);
    expect(published.map(({ is }) => is)).toEqual(['written', 'written']);
    expect(valuesOf(0, 'new')).toEqual(['a', 'b']);
  });

  it('waits for a partition that the topic does not have', async () => {
    const publisher = publisherOf();
    const published = outcome(publisher.publish([recordOf(5, 'a')]));
    await passes(20_000);
    expect(publisher.health().detail).toBe('t/5: t has only 4 partitions, 20 s');
    cluster.topics.set('t', [1, 1, 1, 2, 2, 2]);
    // A metadata request may have just failed, and the next two are a second apart.
    await passes(5000);
    expect([published.is, valuesOf(5)]).toEqual(['written', ['a']]);
  });

  it('waits for a partition with an impossibly high number, and reports it', async () => {
    const publisher = publisherOf();
    const astray = [99_999_999, 999_999_999_999_999].map((partition) =>
      outcome(publisher.publish([recordOf(partition, 'a')])),
    );
    const others = outcome(publisher.publish([recordOf(0, 'b')]));
    await passes(12_000);
    expect([...astray, others].map(({ is }) => is)).toEqual(['waiting', 'waiting', 'written']);
    expect(publisher.health().detail).toContain('t/99999999: t has only 4 partitions');
    expect(publisher.health().detail).toContain('t/999999999999999: t has only 4 partitions');
  });

  it('keeps the partitions of queued records when a topic gains partitions, and assigns later records anew', async () => {
    cluster.topics.set('grows', [1, 1]);
    const publisher = publisherOf();
    const keys = Array.from({ length: 20 }, (_, n) => `key-${n}`);
    const publish = (value: string) =>
      publisher.publish(keys.map((key) => ({ topic: 'grows', key, value: `${value} ${key}`, headers: {} })));
    const partitionsOf = (value: string) =>
      keys.map((key) => [0, 1, 2].filter((partition) => valuesOf(partition, 'grows').includes(`${value} ${key}`)));
    cluster.fate = () => 'NOT_ENOUGH_REPLICAS';
    const before = publish('before');
    await passes(5000);
    cluster.topics.set('grows', [1, 1, 2]);
    await passes(5000);
    const after = publish('after');
    cluster.fate = () => 'written';
    await passes(5000);
    await Promise.all([before, after]);
    expect(partitionsOf('before')).toEqual(keys.map((key) => [partitionFor(key, 2)]));
    expect(partitionsOf('after')).toEqual(keys.map((key) => [partitionFor(key, 3)]));
  });

  it('refreshes the partition count of a topic after a minute, even without an error', async () => {
    const publisher = publisherOf();
    await publisher.start();
    const published = publisher.publish([recordOf(0, 'a')]);
    await passes(61_000);
    await published;
    cluster.topics.set('t', [1, 1, 1, 2, 2]);
    await Promise.all([publisher.publish([recordOf(0, 'b')]), passes(10)]);
    const keyed = Array.from({ length: 50 }, (_, n) => ({ topic: 't', key: `key-${n}`, value: 'c', headers: {} }));
    await Promise.all([publisher.publish(keyed), passes(10)]);
    expect(valuesOf(4)).toContain('c');
  });

  it('leaves no connection open when it is closed while a partition waits', async () => {
    const publisher = publisherOf({ deliveryTimeoutMs: 5000 });
    cluster.fate = all('slow replicas', 0);
    const published = outcome(publisher.publish([recordOf(0, 'a'), recordOf(1, 'b')]));
    const closed = publisher.close();
    await passes(5000);
    await closed;
    await passes(10_000);
    expect(published.is).toBeInstanceOf(DeliveryTimeoutError);
    expect(cluster.connections.size).toBe(0);
    await expect(publisher.publish([recordOf(0, 'c')])).rejects.toThrow('closed');
  });

  it('resets the connection of a waiting partition at once when it is closed', async () => {
    const publisher = publisherOf({ deliveryTimeoutMs: 5000 });
    cluster.fate = all('slow replicas', 0);
    const published = outcome(publisher.publish([recordOf(0, 'a')]));
    await passes(4900);
    cluster.frozen.add(1);
    const closed = publisher.close();
    await passes(101);
    await closed;
    expect(published.is).toBeInstanceOf(DeliveryTimeoutError);
    expect(cluster.connections.size).toBe(0);
  });
});
