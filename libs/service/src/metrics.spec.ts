import { expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { closedCounterOf, createMetrics } from './metrics.ts';

it('shows each combination of the labels of a closed list from the start, so that a rule sees the first event', async () => {
  const registry = new Registry();
  const counter = closedCounterOf(registry, 'answers_total', 'Answers.', {
    kind: ['a', 'b'],
    result: ['ok', 'failed'],
  });
  counter.inc({ kind: 'a', result: 'ok' });
  const { values } = await counter.get();
  expect(values.map(({ labels, value }) => [...Object.values(labels), value])).toEqual([
    ['a', 'ok', 1],
    ['a', 'failed', 0],
    ['b', 'ok', 0],
    ['b', 'failed', 0],
  ]);
});

it('says which version of a service runs, and no revision outside of an image', async () => {
  const text = await createMetrics('page-routing').metrics();
  expect(text).toMatch(
    /^pagebridge_build_info\{version="\d+\.\d+\.\d+",revision="unknown",service="page-routing"\} 1$/m,
  );
});
