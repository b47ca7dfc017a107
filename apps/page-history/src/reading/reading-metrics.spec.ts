import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { ReadingMetrics } from './reading-metrics.ts';

const registry = new Registry();
const metrics = new ReadingMetrics(registry);
const age = async () => (await registry.getSingleMetric('pagebridge_history_age_seconds')?.get())?.values[0]?.value;
const minutesAgo = (minutes: number) => Date.now() - minutes * 60_000;
const behind = (records: number | null, minutes: number) => ({
  ...{ topic: 'paging.alerts.v1', partition: 0, records, until: minutesAgo(minutes) },
});

it('shows the age of the partition that is furthest behind, and not of a topic that cannot be read', async () => {
  metrics.noted(new Date(minutesAgo(0)), [behind(7, 5), behind(3, 9), behind(null, 60)]);
  expect(Math.round(((await age()) ?? 0) / 60)).toBe(9);
  metrics.noted(null, []);
  expect(await age()).toBe(-1);
});
