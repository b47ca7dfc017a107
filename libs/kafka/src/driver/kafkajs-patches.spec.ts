import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import './client.ts';
import { asMember, type MemberHooks, pausedWaitMs } from './kafkajs-patches.ts';

const require = createRequire(import.meta.url);
type Queue = {
  checkPendingRequests(): void;
  push(request: object): void;
  maybeThrottle(ms: number): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
};
const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
interface TopicPartitions {
  readonly topic: string;
  readonly partitions: number[];
}
interface Group {
  maxWaitTime: number;
  readonly subscriptionState: { assign(partitions: TopicPartitions[]): void };
  filterPartitionsByNode: (nodeId: number, partitions: TopicPartitions[]) => TopicPartitions[];
  offsetManager: {
    committedOffsets(): object;
    nextOffset(): string;
    resolveOffsets(): Promise<void>;
    seek(entry: unknown): Promise<void>;
  };
  seek(position: { topic: string; partition: number; offset: string }): void;
  fetch(nodeId: number): Promise<unknown>;
  pause(partitions: TopicPartitions[]): void;
  resume(partitions: TopicPartitions[]): void;
}
type Request = (this: object, request: { memberId: string }) => Promise<unknown>;
const Broker = require('kafkajs/src/broker') as {
  prototype: Record<'heartbeat' | 'offsetCommit' | 'leaveGroup', Request>;
};
const BrokerPool = require('kafkajs/src/cluster/brokerPool') as { prototype: object };
const Cluster = require('kafkajs/src/cluster') as {
  prototype: { findGroupCoordinatorMetadata(of: object): Promise<unknown> };
};
const ConsumerGroup = require('kafkajs/src/consumer/consumerGroup') as new (options: object) => Group;

const queueOf = () =>
  new RequestQueue({
    maxInFlightRequests: 1,
    requestTimeout: 1000,
    enforceRequestTimeout: true,
    clientId: 'c',
    broker: 'b',
    logger: { debug: () => undefined },
  });

const hooksWith = (overrides: Partial<MemberHooks>): MemberHooks => ({
  onUnreadable: () => undefined,
  beforeDeparture: async () => undefined,
  onExpelled: () => undefined,
  ...overrides,
});

describe('kafkajs 2.2.4, patched', () => {
  it('starts no timer for an idle connection', () => {
    jest.useFakeTimers();
    const queue = queueOf();
    queue.checkPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('sends requests that were queued while the broker throttled', () => {
    jest.useFakeTimers();
    const queue = queueOf();
    const sent: number[] = [];
    queue.maybeThrottle(500);
    const entry = { correlationId: 1, resolve: () => undefined, reject: () => undefined };
    queue.push({ entry, expectResponse: true, sendRequest: () => sent.push(1) });
    jest.advanceTimersByTime(400);
    expect(sent).toEqual([]);
    jest.advanceTimersByTime(200);
    expect(sent).toEqual([1]);
    queue.destroy();
    jest.useRealTimers();
  });

  it('rejects a request without an answer, although it checks less often', () => {
    jest.useFakeTimers();
    const queue = queueOf();
    const reject = jest.fn();
    queue.scheduleRequestTimeoutCheck();
    queue.push({ entry: { correlationId: 1, reject }, expectResponse: true, sendRequest: () => undefined });
    jest.advanceTimersByTime(1600);
    expect(reject).toHaveBeenCalledWith(expect.objectContaining({ name: 'KafkaJSRequestTimeoutError' }));
    queue.destroy();
    jest.useRealTimers();
  });

  it.each(['heartbeat', 'offsetCommit'] as const)(
    'calls onExpelled if the group answers UNKNOWN_MEMBER_ID to a %s of the present member id',
    async (request) => {
      const calls: string[] = [];
      const hooks = hooksWith({
        memberId: 'm-1',
        beforeDeparture: async () => void calls.push('departs'),
        onExpelled: () => void calls.push('expelled'),
      });
      const failing = (type: string, memberId = 'm-1') => {
        const broker = {
          lookupRequest: () => {
            throw Object.assign(new Error(type), { type });
          },
        };
        return asMember(hooks, () => Broker.prototype[request].call(broker, { memberId }));
      };
      await expect(failing('REBALANCE_IN_PROGRESS')).rejects.toThrow('REBALANCE_IN_PROGRESS');
      await expect(failing('UNKNOWN_MEMBER_ID', 'who it was before')).rejects.toThrow('UNKNOWN_MEMBER_ID');
      expect(calls).toEqual([]);
      await expect(failing('UNKNOWN_MEMBER_ID')).rejects.toThrow('UNKNOWN_MEMBER_ID');
      expect(calls).toEqual(['expelled']);
    },
  );

  it('accepts metadata in which a partition has no leader, reports it, and refreshes them soon', async () => {
    const partition = { partitionErrorCode: 5, partitionId: 0, leader: -1, replicas: [1], isr: [] };
    const led = { ...partition, partitionErrorCode: 0, partitionId: 1, leader: 2 };
    const metadata = {
      brokers: [],
      topicMetadata: [{ topic: 't', topicErrorCode: 0, partitionMetadata: [partition, led] }],
    };
    const { parse } = require('kafkajs/src/protocol/requests/metadata/v6/response');
    expect(await parse(metadata)).toBe(metadata);

    const broker = { metadata: async () => metadata };
    const pool = Object.assign(Object.create(BrokerPool.prototype), {
      ...{ metadataMaxAge: 60_000, brokers: {}, seedBroker: { connectionPool: {} } },
      findConnectedBroker: async () => broker,
      retrier: (attempt: () => Promise<void>) => attempt(),
    });
    const leaderless: unknown[] = [];
    const hooks = hooksWith({ onUnreadable: (its) => void leaderless.push(its) });
    await asMember(hooks, () => pool.refreshMetadata(['t']));
    expect(leaderless).toEqual([{ topic: 't', partition: 0, errorCode: 5 }]);
    expect(pool.metadataExpireAt).toBeLessThan(Date.now() + 2000);
    Object.assign(partition, { leader: 1 });
    await pool.refreshMetadata(['t']);
    expect(pool.metadataExpireAt).toBeGreaterThan(Date.now() + 50_000);
  });

  it('lets a consumer try again if no broker knows the coordinator of its group yet, as while brokers start', async () => {
    const cluster = Object.assign(Object.create(Cluster.prototype), { brokerPool: { withBroker: async () => null } });
    const search = cluster.findGroupCoordinatorMetadata({ groupId: 'g' });
    await expect(search).rejects.toMatchObject({ name: 'KafkaJSGroupCoordinatorNotFound', retriable: true });
  });

  it('returns the other partitions if a broker cannot read its log of one, and reports that one', async () => {
    const { parse } = require('kafkajs/src/protocol/requests/fetch/v11/response');
    const ofPartition = (partition: number, errorCode: number, messages: object[] = []) => ({
      ...{ partition, errorCode, messages },
    });
    const read = ofPartition(1, 0, [{ offset: 7 }]);
    const broken = [-1, 2, 56].map((errorCode, n) => ofPartition(n + 2, errorCode));
    const answer = { responses: [{ topicName: 't', partitions: [...broken, read] }] };
    const unreadable: unknown[] = [];
    const hooks = hooksWith({ onUnreadable: (its) => void unreadable.push(its) });

    const parsed = await asMember(hooks, () => parse(answer));
    expect(parsed.responses[0].partitions.at(-1)).toEqual(read);
    expect(unreadable).toEqual([
      { topic: 't', partition: 2, errorCode: -1 },
      { topic: 't', partition: 3, errorCode: 2 },
      { topic: 't', partition: 4, errorCode: 56 },
    ]);

    // The broker no longer leads the partition: kafkajs must see this error, to refresh its metadata.
    const moved = { responses: [{ topicName: 't', partitions: [ofPartition(1, 6)] }] };
    await expect(asMember(hooks, () => parse(moved))).rejects.toThrow('not the leader');
  });

  describe('a consumer with paused partitions', () => {
    const log = { namespace: () => log, debug: () => undefined, info: () => undefined };
    const sought: unknown[] = [];
    let fetches = 0;
    let waits: number[] = [];
    const broker = {
      fetch: async ({ maxWaitTime }: { maxWaitTime: number }) => {
        waits.push(maxWaitTime);
        fetches += 1;
        return { responses: [] };
      },
    };
    const groupOf = (paused: number[]) => {
      fetches = 0;
      waits = [];
      sought.length = 0;
      const cluster = { refreshMetadataIfNecessary: async () => undefined, findBroker: async () => broker };
      const group = new ConsumerGroup({ logger: log, cluster, maxWaitTimeInMs: 750 });
      group.filterPartitionsByNode = (_nodeId, partitions) => partitions;
      group.offsetManager = {
        committedOffsets: () => ({ t: { 0: '0', 1: '0' } }),
        nextOffset: () => '0',
        resolveOffsets: async () => undefined,
        seek: async (entry) => void sought.push(entry),
      };
      group.subscriptionState.assign([{ topic: 't', partitions: [0, 1] }]);
      group.pause([{ topic: 't', partitions: paused }]);
      return group;
    };

    it('fetches sooner while one is paused, and otherwise waits for the configured time', async () => {
      const group = groupOf([1]);
      await group.fetch(1);
      expect(group.maxWaitTime).toBe(pausedWaitMs);
      group.resume([{ topic: 't', partitions: [1] }]);
      await group.fetch(1);
      expect([group.maxWaitTime, fetches]).toEqual([750, 2]);
    });

    it('fetches sooner if one is paused while a fetch looks for its broker', async () => {
      const group = groupOf([]);
      const fetched = group.fetch(1);
      group.pause([{ topic: 't', partitions: [1] }]);
      await fetched;
      expect(waits).toEqual([pausedWaitMs]);
    });

    it('sends no request to a broker whose partitions are all paused, and checks again soon', async () => {
      const group = groupOf([0, 1]);
      await group.fetch(1);
      expect([group.maxWaitTime, fetches]).toEqual([pausedWaitMs, 0]);
    });
  });
});
