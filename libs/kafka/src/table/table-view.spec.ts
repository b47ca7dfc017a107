import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeCluster } from '../../test-fixtures/fake-cluster.ts';
import { ObservedParts } from '../../test-fixtures/observed-parts.ts';
import { plaintext } from '../settings.ts';
import { TableView, type TableViewOptions } from './table-view.ts';

const topic = 'table';
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const settings = { brokers: ['broker-1:9092', 'broker-2:9092'], clientId: 'spec', security: plaintext, log };

/** Advances the clock in steps that are so short that the fetch loops keep up. */
const passes = async (ms: number) => {
  for (let passed = 0; passed < ms; passed += 100) await jest.advanceTimersByTimeAsync(100);
};
/** Returns the result of a promise, which may need time to pass. */
async function settled<T>(promise: Promise<T>): Promise<T> {
  let isSettled = false;
  const noted = promise.finally(() => {
    isSettled = true;
  });
  // The caller gets the error below.
  noted.catch(ignore);
  while (!isSettled) await passes(100);
  return noted;
}

describe('a table view', () => {
  let cluster: FakeCluster;
  let seen: string[];
  let parts: ObservedParts;
  const views: TableView[] = [];
  beforeEach(() => {
    jest.useFakeTimers();
    // Broker 1 leads the partitions 0 and 1, broker 2 partition 2.
    cluster = new FakeCluster(2, { [topic]: [1, 1, 2] });
    seen = [];
    parts = new ObservedParts();
  });
  afterEach(async () => {
    await settled(Promise.all(views.splice(0).map((view) => view.stop())));
    jest.useRealTimers();
  });

  function viewOf(options: Partial<TableViewOptions> = {}): TableView {
    const onRecord = ({ value }: { value: Buffer | null }) => void seen.push(String(value));
    const view = new TableView(
      { ...settings, observer: parts.observer },
      { topics: [topic], onRecord, ...options },
      cluster,
    );
    views.push(view);
    return view;
  }
  const unreadable = (...partitions: number[]) => {
    cluster.fetchFate = ({ partition }) => (partitions.includes(partition) ? 'KAFKA_STORAGE_ERROR' : undefined);
  };

  describe('that was read', () => {
    let view: TableView;
    beforeEach(async () => {
      view = viewOf();
      await settled(view.start());
    });

    it('is not ready once a partition was not read for 30 s, and names the one that has waited longest, and the cause', async () => {
      unreadable(1);
      await passes(10_000);
      unreadable(0, 1);
      await passes(15_000);
      expect(view.health().ready).toBe(true);
      await passes(10_000);
      expect(view.health().ready).toBe(false);
      expect(view.health().detail).toMatch(
        /^lag 0; table\/1 has not been read to its end for 3\d s: KAFKA_STORAGE_ERROR$/,
      );
      expect(view.staleMs()).toBeGreaterThan(30_000);
      unreadable(0);
      await passes(10_000);
      expect(view.health().detail).toMatch(/table\/0 has not been read to its end for 3\d s/);
      unreadable();
      await passes(3000);
      expect(view.health()).toEqual({ ready: true, detail: 'lag 0' });
    });

    it('tells when the partition that is furthest behind was last read to its end, which stays as it is while that is stuck', async () => {
      expect(Date.now() - parts.readAtOf(topic)).toBeLessThan(5000);
      unreadable(1);
      await passes(30_000);
      const stuckAt = parts.readAtOf(topic);
      await passes(30_000);
      expect(parts.readAtOf(topic)).toBeCloseTo(stuckAt);
      expect(Date.now() - stuckAt).toBeGreaterThan(55_000);
      unreadable();
      await passes(3000);
      expect(Date.now() - parts.readAtOf(topic)).toBeLessThan(5000);
    });

    it('counts the partitions that Kafka does not serve, each until it is read again', async () => {
      expect(parts.unreadOf(topic)).toEqual([]);
      unreadable(1);
      await passes(3000);
      cluster.topics.set(topic, [1, 1, -1]);
      await passes(10_000);
      expect(parts.unreadOf(topic)).toEqual([1, 2]);
      cluster.topics.set(topic, [1, 1, 2]);
      await passes(5000);
      expect(parts.unreadOf(topic)).toEqual([1]);
      unreadable();
      await passes(3000);
      expect(parts.unreadOf(topic)).toEqual([]);
    });

    it('tells how stale each of its partitions is, and the one that was read last', async () => {
      unreadable(1);
      await passes(40_000);
      expect(view.staleMsOf(1)).toBeGreaterThan(30_000);
      expect([view.staleMsOf(0), view.leastStaleMs()].map((ms) => ms < 10_000)).toEqual([true, true]);
      unreadable(0, 1, 2);
      await passes(40_000);
      expect(view.leastStaleMs()).toBeGreaterThan(30_000);
    });

    it('lets go of whoever no longer waits for it to catch up, although no broker answers', async () => {
      cluster.goDown(1);
      cluster.goDown(2);
      const left = new AbortController();
      const caughtUp = view.catchUp([{ topic, partition: 0 }], left.signal);
      const ended = expect(caughtUp).rejects.toThrow('left');
      await passes(100);
      left.abort(new Error('left'));
      await ended;
    });

    it('stays ready while nothing is written', async () => {
      await passes(120_000);
      expect(view.health()).toEqual({ ready: true, detail: 'lag 0' });
      expect(view.staleMs()).toBeLessThan(5000);
    });

    it('is ready again after an outage of all brokers as soon as it has read what was written', async () => {
      cluster.goDown(1);
      cluster.goDown(2);
      await passes(60_000);
      expect(view.health()).toMatchObject({ ready: false, detail: expect.stringContaining('ECONNREFUSED') });
      cluster.log(topic, 0).values.push('written before the loss');
      cluster.down.clear();
      await passes(5000);
      expect(seen).toEqual(['written before the loss']);
      expect(view.health()).toEqual({ ready: true, detail: 'lag 0' });
    });
  });

  describe('that may have gaps', () => {
    it('starts without a partition that has no leader, reports it as a gap, and reads it once it has one', async () => {
      cluster.topics.set(topic, [1, -1, 2]);
      for (const partition of [0, 1, 2]) cluster.log(topic, partition).values.push(`value ${partition}`);
      const view = viewOf({ mayHaveGaps: true });
      await settled(view.start());
      expect(seen.toSorted()).toEqual(['value 0', 'value 2']);
      const detail = 'table/1 has not been read yet: LEADER_NOT_AVAILABLE';
      expect(view.gaps()).toMatchObject([{ topic, partition: 1, detail }]);
      expect(view.health()).toEqual({ ready: false, detail: `lag 0; ${detail}` });
      expect(view.staleMs()).toBe(Number.POSITIVE_INFINITY);
      expect(parts.readAtOf(topic)).toBeCloseTo(Date.now() - performance.now());
      cluster.topics.set(topic, [1, 2, 2]);
      await passes(5000);
      expect(seen.toSorted()).toEqual(['value 0', 'value 1', 'value 2']);
      expect([view.gaps(), view.health()]).toEqual([[], { ready: true, detail: 'lag 0' }]);
    });

    it('waits at its start for a partition that gets a leader in time', async () => {
      cluster.topics.set(topic, [1, -1, 2]);
      cluster.log(topic, 1).values.push('value 1');
      const view = viewOf({ mayHaveGaps: true });
      const started = view.start();
      await passes(10_000);
      expect(view.health()).toMatchObject({ ready: false, detail: expect.stringContaining('LEADER_NOT_AVAILABLE') });
      cluster.topics.set(topic, [1, 1, 2]);
      await settled(started);
      expect(seen).toEqual(['value 1']);
      expect(view.gaps()).toEqual([]);
    });

    it('does not start without any partition', async () => {
      unreadable(0, 1, 2);
      const view = viewOf({ mayHaveGaps: true });
      await expect(settled(view.start())).rejects.toThrow(/table\/\d cannot be read: KAFKA_STORAGE_ERROR/);
    });
  });

  it('counts a key whose latest record cannot be read or fails, until the key is written again', async () => {
    const { values } = cluster.log(topic, 0);
    const onRecord = ({ value }: { value: Buffer | null }) => {
      if (String(value) === 'fails') throw new Error('a bug');
      return String(value) === 'unreadable' ? 'not-json' : undefined;
    };
    const view = viewOf({ onRecord });
    await settled(view.start());
    const counted: number[] = [];
    for (const value of ['unreadable', 'good', 'fails', 'good']) {
      values.push(value);
      await passes(3000);
      counted.push(parts.unreadableKeysOf(topic));
    }
    expect(counted).toEqual([1, 0, 1, 0]);
  });

  it('is observed from its start to its end, as read last when the process started until it was read', async () => {
    for (const broker of [1, 2]) cluster.goDown(broker);
    const view = viewOf();
    expect(parts.of(topic)).toEqual([]);
    const started = view.start();
    await passes(5000);
    expect(parts.readAtOf(topic)).toBeCloseTo(Date.now() - performance.now());
    cluster.down.clear();
    await settled(started);
    expect(Date.now() - parts.readAtOf(topic)).toBeLessThan(2000);
    await settled(view.stop());
    expect(parts.count).toBe(0);
  });

  it('does not start without a partition if it may have no gaps, and names the partition and the cause', async () => {
    cluster.topics.set(topic, [1, -1, 2]);
    await expect(settled(viewOf().start())).rejects.toThrow('table/1 cannot be read: LEADER_NOT_AVAILABLE');
  });

  it('begins at the oldest record, without a warning, where retention deleted the first records', async () => {
    for (const partition of [0, 1]) {
      cluster.log(topic, partition).values.push('deleted', `kept ${partition}`);
      cluster.log(topic, partition).low = 1;
    }
    const warnings: string[] = [];
    const warned = { ...settings, log: { ...log, warn: (message: string) => void warnings.push(message) } };
    const onRecord = ({ value }: { value: Buffer | null }) => void seen.push(String(value));
    const view = new TableView(warned, { topics: [topic], onRecord }, cluster);
    views.push(view);
    await settled(view.start());
    expect(seen).toEqual(['kept 0', 'kept 1']);
    expect(warnings).toEqual([]);
  });
});
