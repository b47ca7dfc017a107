import { createRequire } from 'node:module';
import { describe, expect, it, jest } from '@jest/globals';
import './client.ts';
import { onMembershipEnd, pausedWaitMs } from './kafkajs-patches.ts';

const require = createRequire(import.meta.url);
type Queue = {
  checkPendingRequests(): void;
  push(request: object): void;
  maybeThrottle(ms: number): void;
  scheduleRequestTimeoutCheck(): void;
  destroy(): void;
};
const RequestQueue = require('kafkajs/src/network/requestQueue') as new (options: object) => Queue;
interface Group {
  maxWaitTime: number;
  fetch(nodeId: number): Promise<unknown>;
  paused(): { topic: string; partitions: number[] }[];
}
type Request = (this: object, request: { memberId: string }) => Promise<unknown>;
const Broker = require('kafkajs/src/broker') as {
  prototype: Record<'heartbeat' | 'offsetCommit' | 'leaveGroup', Request>;
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

describe('kafkajs 2.2.4, patched', () => {
  it('does not wake up a thousand times a second for an idle connection', () => {
    jest.useFakeTimers();
    const queue = queueOf();
    queue.checkPendingRequests();
    expect(jest.getTimerCount()).toBe(0);
    jest.useRealTimers();
  });

  it('still sends what was queued while the broker throttled', () => {
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

  it('still gives up a request that is not answered, though it looks less often', () => {
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
    'tells a member whose %s the group refuses, as of one unknown',
    async (request) => {
      const told: string[] = [];
      onMembershipEnd('m-1', {
        departs: async () => void told.push('departs'),
        isExpelled: () => void told.push('expelled'),
      });
      const failing = (type: string) => {
        const broker = {
          lookupRequest: () => {
            throw Object.assign(new Error(type), { type });
          },
        };
        return Broker.prototype[request].call(broker, { memberId: 'm-1' });
      };
      await expect(failing('REBALANCE_IN_PROGRESS')).rejects.toThrow('REBALANCE_IN_PROGRESS');
      expect(told).toEqual([]);
      await expect(failing('UNKNOWN_MEMBER_ID')).rejects.toThrow('UNKNOWN_MEMBER_ID');
      expect(told).toEqual(['expelled']);
    },
  );

  it('looks soon at what was paused, and else waits as long as it was told to', async () => {
    const log = { namespace: () => log, debug: () => undefined };
    const cluster = { refreshMetadataIfNecessary: () => Promise.reject({ type: 'FETCH_STOPS_HERE' }) };
    const group = new ConsumerGroup({ logger: log, cluster, maxWaitTimeInMs: 750 });
    const waitOf = async (paused: ReturnType<Group['paused']>) => {
      group.paused = () => paused;
      await group.fetch(1).catch(() => undefined);
      return group.maxWaitTime;
    };
    expect(await waitOf([])).toBe(750);
    expect(await waitOf([{ topic: 't', partitions: [1] }])).toBe(pausedWaitMs);
    expect(await waitOf([])).toBe(750);
  });
});
