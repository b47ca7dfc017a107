import { afterEach, describe, expect, it } from '@jest/globals';
import { waitFor } from '@pagebridge/testing';
import { FakeCluster } from '../../test-fixtures/fake-cluster.ts';
import { plaintext } from '../settings.ts';
import { PartitionReader } from './partition-reader.ts';

const topic = 'table';
const ignore = () => undefined;

describe('a partition reader', () => {
  const readers: PartitionReader[] = [];
  afterEach(async () => {
    await Promise.all(readers.splice(0).map((reader) => reader.stop()));
  });

  /** Returns a cluster of two brokers, each the leader of one partition with two records, and a reader of both. */
  async function setUp({ connectTimeoutMs = 1000 } = {}) {
    const cluster = new FakeCluster(2, { [topic]: [1, 2] });
    cluster.log(topic, 0).values.push('a0', 'a1');
    cluster.log(topic, 1).values.push('b0', 'b1');
    const seen: string[] = [];
    const faults: string[] = [];
    const progress = new Map<number, number>();
    const warnings: object[] = [];
    const warn = (_message: string, fields: object = {}) => void warnings.push(fields);
    const log = { debug: ignore, info: ignore, warn, error: ignore };
    const settings = { brokers: ['broker-1:9092'], clientId: 'spec', security: plaintext, log, connectTimeoutMs };
    const reader = new PartitionReader(
      settings,
      {
        onRecord: ({ partition, offset, value }) => seen.push(`${partition}/${offset} ${value}`),
        onProgress: ({ partition, offset, failure }) => {
          progress.set(partition, offset);
          if (failure?.fault) faults.push(failure.fault.message);
        },
      },
      cluster,
    );
    readers.push(reader);
    await reader.query((metadata) => metadata.require([topic]));
    const add = (partition: number, value: string) => void cluster.log(topic, partition).values.push(value);
    const read = (partition: number, low: number) => reader.read({ topic, partition, low, high: 2, requestedAt: 0 });
    return { cluster, reader, read, seen, faults, warnings, progress, add };
  }

  it('ends a query at once when it is stopped while no broker answers', async () => {
    // The query would go on for a minute: a busy machine stops it before.
    const { cluster, reader } = await setUp({ connectTimeoutMs: 60_000 });
    cluster.goDown(1);
    cluster.goDown(2);
    const asked = reader.query((metadata) => metadata.require([topic]));
    const attempts = cluster.attempts;
    await waitFor('a failed attempt', () => cluster.attempts > attempts);
    await reader.stop();
    await expect(asked).rejects.toMatchObject({ code: 'KAFKA.CLOSED' });
  });

  it('reads each partition from the given offset on its leader, and continues with new records', async () => {
    const { cluster, read, seen, add } = await setUp();
    read(0, 1);
    read(1, 0);
    await waitFor('both partitions', () => seen.length === 3);
    add(0, 'a2');
    await waitFor('the later record', () => seen.length === 4);
    expect(seen.toSorted()).toEqual(['0/1 a1', '0/2 a2', '1/0 b0', '1/1 b1']);
    for (const { nodeId, parts } of cluster.fetches) {
      expect(parts.map(({ partition }) => partition)).toEqual([nodeId - 1]);
    }
  });

  it('follows a partition to a new leader, also after it had no leader for a while', async () => {
    const { cluster, reader, read, seen, add } = await setUp();
    read(0, 0);
    await waitFor('the first records', () => seen.length === 2);
    cluster.topics.set(topic, [2, 2]);
    add(0, 'a2');
    await waitFor('a record of the new leader', () => seen.includes('0/2 a2'));
    cluster.topics.set(topic, [-1, 2]);
    cluster.goDown(2);
    await waitFor('its failure', () => !reader.health().ready);
    cluster.topics.set(topic, [1, 1]);
    add(0, 'a3');
    await waitFor('a record of the third leader', () => seen.includes('0/3 a3'));
    expect(seen).toEqual(['0/0 a0', '0/1 a1', '0/2 a2', '0/3 a3']);
    expect(reader.health()).toMatchObject({ ready: true });
  });

  it.each([
    ['leads no other', [2, 2]],
    ['still leads another', [2, 1]],
  ])('follows a partition to a leader that only a query learned of, where the former one %s', async (_how, leaders) => {
    const { cluster, reader, read, seen, add } = await setUp();
    const learn = () => reader.query((metadata) => metadata.require([topic]));
    cluster.topics.set(topic, [1, 1]);
    await learn();
    read(0, 2);
    read(1, 2);
    await waitFor('a fetch that waits for records', () => cluster.fetches.length === 2);
    cluster.topics.set(topic, leaders);
    await learn();
    add(0, 'a2');
    await waitFor('a record of the new leader', () => seen.includes('0/2 a2'));
    add(1, 'b2');
    await waitFor('the other partition', () => seen.includes('1/2 b2'));
  });

  it('reads all other partitions while the broker denies one, and reports the denial', async () => {
    const { cluster, reader, read, seen, faults, add } = await setUp();
    cluster.topics.set(topic, [1, 1]);
    await reader.query((metadata) => metadata.require([topic]));
    cluster.fetchFate = ({ partition }) => (partition === 0 ? 'TOPIC_AUTHORIZATION_FAILED' : undefined);
    read(0, 0);
    read(1, 0);
    await waitFor('the denial', () => faults.length > 0);
    add(1, 'b2');
    await waitFor('the other partition', () => seen.includes('1/2 b2'));
    const cause = `Kafka denies Read on topic ${topic}: an ACL is missing; compare it with the output of \`pagebridge acls\``;
    expect(faults[0]).toBe(cause);
    expect(reader.health().ready).toBe(false);
    expect(reader.health().detail).toContain(cause);
    cluster.fetchFate = () => undefined;
    await waitFor('the denied partition', () => seen.includes('0/1 a1'));
    expect(reader.health().ready).toBe(true);
  });

  it('reports for each partition without a leader why it has none', async () => {
    const { cluster, reader, read, warnings } = await setUp();
    read(0, 0);
    reader.read({ topic: 'other', partition: 0, low: 0, high: 1, requestedAt: 0 });
    cluster.topics.set(topic, [-1, 2]);
    const reported = () => new Set(warnings.map((fields) => Object.values(fields).join(': ')));
    const causes = [`${topic}/0: LEADER_NOT_AVAILABLE`, 'other/0: UNKNOWN_TOPIC_OR_PARTITION'];
    await waitFor('the causes', () => reported().size > 2);
    expect(reported()).toEqual(new Set([`${topic}/0: NOT_LEADER_FOR_PARTITION`, ...causes]));
  });

  it('continues at the oldest record, with a warning, if the record at its position was deleted', async () => {
    const { cluster, read, seen, progress, warnings } = await setUp();
    cluster.log(topic, 0).low = 2;
    read(0, 1);
    await waitFor('its end', () => progress.get(0) === 2);
    cluster.log(topic, 0).values.push('a2');
    await waitFor('the next record', () => seen.length === 1);
    expect(seen).toEqual(['0/2 a2']);
    expect(warnings).toEqual([{ topic, partition: 0, offset: 1, oldest: 2 }]);
  });

  it('reads all other partitions while no broker returns the offsets of one', async () => {
    const { cluster, reader, read, seen, add } = await setUp();
    cluster.topics.set(topic, [1, 1]);
    await reader.query((metadata) => metadata.require([topic]));
    cluster.log(topic, 0).low = 2;
    cluster.offsetsFate = ({ partition }) => (partition === 0 ? 'UNKNOWN_SERVER_ERROR' : undefined);
    read(0, 0);
    read(1, 0);
    await waitFor('its failure', () => !reader.health().ready);
    add(1, 'b2');
    await waitFor('the other partition', () => seen.includes('1/2 b2'));
    cluster.offsetsFate = () => undefined;
    add(0, 'a2');
    await waitFor('the partition without offsets', () => seen.includes('0/2 a2'));
  });

  it('delivers no record of a partition after it was paused', async () => {
    const { reader, read, seen, add } = await setUp();
    read(0, 0);
    await waitFor('the first records', () => seen.length === 2);
    reader.pause({ topic, partition: 0 });
    add(0, 'a2');
    read(1, 0);
    await waitFor('another partition', () => seen.length === 4);
    expect(seen.slice(2)).toEqual(['1/0 b0', '1/1 b1']);
  });
});
