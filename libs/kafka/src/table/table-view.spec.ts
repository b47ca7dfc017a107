import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { FakeCluster } from '../../test-fixtures/fake-cluster.ts';
import { plaintext } from '../settings.ts';
import { TableView } from './table-view.ts';

const topic = 'table';
const ignore = () => undefined;
const log = { debug: ignore, info: ignore, warn: ignore, error: ignore };
const settings = { brokers: ['broker-1:9092', 'broker-2:9092'], clientId: 'spec', security: plaintext, log };
/** Advances the clock in steps that are so short that the fetch loops keep up. */
const passes = async (ms: number) => {
  for (let passed = 0; passed < ms; passed += 100) await jest.advanceTimersByTimeAsync(100);
};
const until = async (condition: () => boolean) => {
  while (!condition()) await passes(100);
};

describe('a table view', () => {
  let cluster: FakeCluster;
  let view: TableView;
  let seen: string[];
  beforeEach(async () => {
    jest.useFakeTimers();
    // Broker 1 leads the partitions 0 and 1, broker 2 partition 2.
    cluster = new FakeCluster(2, { [topic]: [1, 1, 2] });
    seen = [];
    const onRecord = ({ value }: { value: Buffer | null }) => void seen.push(String(value));
    view = new TableView(settings, { topics: [topic], onRecord }, cluster);
    const started = view.start();
    await until(() => view.health().ready);
    await started;
  });
  afterEach(async () => {
    let isStopped = false;
    void view.stop().then(() => {
      isStopped = true;
    });
    await until(() => isStopped);
    jest.useRealTimers();
  });

  const unreadable = (...partitions: number[]) => {
    cluster.fetchFate = ({ partition }) => (partitions.includes(partition) ? 'KAFKA_STORAGE_ERROR' : undefined);
  };

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
