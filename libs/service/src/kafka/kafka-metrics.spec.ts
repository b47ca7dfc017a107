import { expect, it, jest } from '@jest/globals';
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
