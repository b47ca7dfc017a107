import { expect, it, jest } from '@jest/globals';
import type { Observed, TopicState } from '@pagebridge/kafka';
import { Registry } from 'prom-client';
import { kafkaMetrics } from './kafka-metrics.ts';

it('shows a partition that waits as older with each second, and no more once it is consumed or lost', async () => {
  jest.useFakeTimers({ now: 100_000 });
  const registry = new Registry();
  const observer = kafkaMetrics(registry);
  const seconds = async () => (await registry.getSingleMetric('pagebridge_kafka_lag_seconds')?.get())?.values ?? [];
  const labels = { topic: 'a.v1', partition: 3 };
  observer.lag?.({ ...labels, records: 5, oldestAt: 70_000 });
  expect(await seconds()).toMatchObject([{ labels, value: 30 }]);
  jest.setSystemTime(160_000);
  expect(await seconds()).toMatchObject([{ labels, value: 90 }]);
  observer.lag?.({ ...labels, records: 0, oldestAt: undefined });
  expect(await seconds()).toMatchObject([{ labels, value: 0 }]);
  observer.lag?.({ ...labels, records: undefined, oldestAt: undefined });
  expect(await seconds()).toEqual([]);
  jest.useRealTimers();
});

const valuesOf = async (registry: Registry, name: string) =>
  (await registry.getSingleMetric(`pagebridge_${name}`)?.get())?.values.map(({ labels, value }) => [labels, value]);
const partOf = (...states: TopicState[]): Observed => ({ topicStates: () => states });

it('counts a partition once that neither a consumer nor a table nor a reader of its topic can read, until all are closed', async () => {
  const registry = new Registry();
  const observer = kafkaMetrics(registry);
  const parts = [
    partOf({ topic: 'a.v1', unread: [1, 2] }, { topic: 'b.v1', unread: [] }),
    partOf({ topic: 'a.v1', unread: [2] }, { topic: 'a.v1', unread: [3] }),
  ];
  for (const part of parts) observer.opened?.(part);
  const unread = () => valuesOf(registry, 'kafka_unread_partitions');
  expect(await unread()).toEqual([
    [{ topic: 'a.v1' }, 3],
    [{ topic: 'b.v1' }, 0],
  ]);
  observer.closed?.(parts[0] as Observed);
  expect(await unread()).toEqual([[{ topic: 'a.v1' }, 2]]);
  expect(await valuesOf(registry, 'kafka_owned_partitions')).toEqual([]);
});

it('shows how many partitions of a topic an instance owns, and how many there are once that is known', async () => {
  const registry = new Registry();
  const state = { topic: 'a.v1', unread: [], owned: 0, partitions: undefined as number | undefined };
  const observer = kafkaMetrics(registry);
  observer.opened?.({ group: 'g', topicStates: () => [state] });
  const values = () =>
    Promise.all(['kafka_owned_partitions', 'kafka_topic_partitions'].map((name) => valuesOf(registry, name)));
  const labels = { topic: 'a.v1' };
  expect(await values()).toEqual([[[labels, 0]], []]);
  Object.assign(state, { owned: 5, partitions: 12 });
  expect(await values()).toEqual([[[labels, 5]], [[labels, 12]]]);
});

it('begins the counters of a consumer at 0, with every value of their closed labels, and none for a table', async () => {
  const registry = new Registry();
  const observer = kafkaMetrics(registry);
  observer.opened?.(partOf({ topic: 'table.v1', unread: [] }));
  observer.opened?.({ group: 'g', ...partOf({ topic: 'a.v1' }) });
  const topic = 'a.v1';
  expect(await valuesOf(registry, 'kafka_rebalances_total')).toEqual([[{ group: 'g' }, 0]]);
  expect(await valuesOf(registry, 'kafka_records_consumed_total')).toEqual([[{ topic }, 0]]);
  expect(await valuesOf(registry, 'kafka_batches_retried_total')).toEqual([
    [{ topic, origin: 'handler' }, 0],
    [{ topic, origin: 'kafka' }, 0],
  ]);
  expect(await valuesOf(registry, 'kafka_offset_resets_total')).toEqual([
    [{ topic, kind: 'unread' }, 0],
    [{ topic, kind: 'again' }, 0],
  ]);
  observer.joined?.({ group: 'g' });
  expect(await valuesOf(registry, 'kafka_rebalances_total')).toEqual([[{ group: 'g' }, 1]]);
});

it('counts an unreadable key of a topic once that two tables read', async () => {
  const registry = new Registry();
  const observer = kafkaMetrics(registry);
  for (const unreadableKeys of [2, 3]) observer.opened?.(partOf({ topic: 'a.v1', unreadableKeys }));
  expect(await valuesOf(registry, 'table_unreadable_keys')).toEqual([[{ topic: 'a.v1' }, 3]]);
});

it('shows when the partition that is furthest behind, in any table of a topic, was last read to its end', async () => {
  const registry = new Registry();
  const observer = kafkaMetrics(registry);
  observer.opened?.(partOf({ topic: 'a.v1', readAt: 9000 }, { topic: 'a.v1', readAt: 5000 }));
  observer.opened?.(partOf({ topic: 'a.v1', readAt: 7000 }, { topic: 'b.v1', readAt: 8500 }));
  expect(await valuesOf(registry, 'table_read_timestamp_seconds')).toEqual([
    [{ topic: 'a.v1' }, 5],
    [{ topic: 'b.v1' }, 8.5],
  ]);
});
