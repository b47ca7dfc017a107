import { describe, expect, it, jest } from '@jest/globals';
import { FakeCluster } from '../../test-fixtures/fake-cluster.ts';
import { Publisher } from '../produce/publisher.ts';
import { plaintext } from '../settings.ts';
import { ConsumerMonitor } from './consumer-monitor.ts';

const minute = 60_000;

describe('the health of a consumer', () => {
  it('is ready once it has joined, until heartbeats are missing', () => {
    const monitor = new ConsumerMonitor('g', 10_000);
    expect(monitor.health()).toMatchObject({ live: true, ready: false });
    monitor.joined(3);
    expect(monitor.health()).toMatchObject({ live: true, ready: true });
    expect(monitor.health().detail).toMatch(/^g: joined, generation 3, heartbeat \d s ago$/);
    expect(monitor.health(Date.now() + 11_000)).toMatchObject({ live: true, ready: false });
  });

  it('is not ready because of a heartbeat answer that was read late: the session starts when the heartbeat is sent', () => {
    const monitor = new ConsumerMonitor('g', 10_000);
    monitor.joined(1);
    monitor.heartbeat(Date.now() - 11_000);
    expect(monitor.health()).toMatchObject({ live: true, ready: false });
  });

  it('is not ready from a request to leave or to join again until it has joined', () => {
    const monitor = new ConsumerMonitor('g', 10_000);
    monitor.joined(1);
    monitor.membershipEnded();
    monitor.heartbeat();
    expect(monitor.health()).toMatchObject({ live: true, ready: false });
    monitor.joined(2);
    expect(monitor.health()).toMatchObject({ live: true, ready: true });
  });

  it('stays ready in a rebalance until it asks to join again, or its session ends', () => {
    const monitor = new ConsumerMonitor('g', 10_000);
    monitor.joined(1);
    monitor.rebalancing();
    expect(monitor.health()).toMatchObject({ ready: true });
    expect(monitor.health(Date.now() + 11_000)).toMatchObject({ ready: false });
    monitor.membershipEnded();
    expect(monitor.health()).toMatchObject({ ready: false });
  });

  it('is live in a broker outage, however long, and names the error', () => {
    jest.useFakeTimers();
    const monitor = new ConsumerMonitor('g', 10_000);
    monitor.joined(1);
    for (let minutes = 0; minutes < 60; minutes++) {
      jest.advanceTimersByTime(minute);
      monitor.crashed(new Error('connect ECONNREFUSED'));
    }
    expect(monitor.health()).toMatchObject({ live: true, ready: false });
    expect(monitor.health().detail).toContain('last error: connect ECONNREFUSED');
    jest.useRealTimers();
  });

  it('is live while its handlers write to a Kafka that accepts no writes, however long', async () => {
    jest.useFakeTimers();
    const quiet = () => undefined;
    const log = { debug: quiet, info: quiet, warn: quiet, error: quiet };
    const cluster = new FakeCluster(1, { t: [1] });
    cluster.fate = () => 'NOT_ENOUGH_REPLICAS';
    const publisher = new Publisher(
      { brokers: ['broker-1:9092'], clientId: 'spec', security: plaintext, log },
      {},
      cluster,
    );
    const monitor = new ConsumerMonitor('g', 10_000);
    monitor.joined(1);
    let isOver = false;
    let handled = 0;
    const handle = () => publisher.publish([{ topic: 't', key: 'k', value: 'v', headers: {} }]).catch(quiet);
    const consume = async () => {
      for (; !isOver; handled++) await monitor.watch(handle);
    };
    const consuming = consume();
    for (let minutes = 0; minutes < 20; minutes++) {
      await jest.advanceTimersByTimeAsync(minute);
      monitor.heartbeat();
      expect(monitor.health()).toMatchObject({ live: true, ready: true });
      expect(publisher.health()).toEqual({
        ready: false,
        detail: expect.stringMatching(/^t\/0: NOT_ENOUGH_REPLICAS, /),
      });
    }
    expect(handled).toBeGreaterThan(30);
    isOver = true;
    cluster.fate = () => 'written';
    await jest.advanceTimersByTimeAsync(minute);
    await consuming;
    jest.useRealTimers();
  });

  it('is not live when kafkajs has stalled, a handler hangs, or the consumer died', async () => {
    const stalled = new ConsumerMonitor('g', 10_000);
    stalled.joined(1);
    expect(stalled.health(Date.now() + 6 * minute)).toMatchObject({ live: false, ready: false });

    const hanging = new ConsumerMonitor('g', 10_000);
    hanging.joined(1);
    const finish = Promise.withResolvers<void>();
    const watched = hanging.watch(() => finish.promise);
    expect(hanging.health(Date.now() + 6 * minute).detail).toMatch(/^g: a handler hangs, it started 36\d s ago$/);
    finish.resolve();
    await watched;

    const dead = new ConsumerMonitor('g', 10_000);
    dead.died(new Error('no more'));
    expect(dead.health()).toMatchObject({ live: false, ready: false, detail: 'g: no more' });
  });

  it('is live after a deliberate stop', () => {
    const monitor = new ConsumerMonitor('g', 10_000);
    monitor.stopped();
    expect(monitor.health(Date.now() + 10 * minute)).toMatchObject({ live: true, ready: false });
  });
});
