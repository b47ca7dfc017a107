import { expect, it } from '@jest/globals';
import { outcomes } from '@pagebridge/contracts';
import { retryNames } from '@pagebridge/vocabulary';
import { Registry } from 'prom-client';
import { aPage, received } from '../../../../libs/page-lifecycle/src/commands/commands.fixtures.ts';
import { aProcess, failed } from '../application/fakes.fixtures.ts';
import { DeliveryGauges, DeliveryMetrics } from './delivery-metrics.ts';

const gaugesOf = ({ lanes, ledger, reader }: ReturnType<typeof aProcess>): Registry => {
  const registry = new Registry();
  new DeliveryGauges(registry, lanes, ledger, reader);
  return registry;
};

it('shows since when a page waits, for twenty connections at most, once it waits for more than a minute', async () => {
  const process = aProcess();
  const registry = gaugesOf(process);
  const waits = async () => (await registry.metrics()).match(/^pagebridge_waiting_since_timestamp_seconds\{.*$/gm);
  process.own();
  const since = process.clock.now().getTime() / 1000;
  for (let n = 0; n < 25; n += 1) {
    const connectionId = `00000000-0000-4000-8000-0000000000${10 + n}`;
    process.connect({ connectionId });
    process.destination.always.set(connectionId, failed());
    await process.delivery.handle(0, [received(aPage({ connectionId, alertKey: connectionId }))]);
  }
  expect(await waits()).toBeNull();
  await process.clock.advance(61_000);

  const shown = await waits();
  expect(shown).toHaveLength(20);
  expect(shown?.[0]).toBe(
    `pagebridge_waiting_since_timestamp_seconds{data_center="EU1",connection_id="00000000-0000-4000-8000-000000000010",step="create"} ${since}`,
  );
});

it('shows twenty connections whose credential is rejected, and the number of all', async () => {
  const process = aProcess();
  const registry = gaugesOf(process);
  process.own();
  for (let n = 0; n < 25; n += 1) {
    const connectionId = `00000000-0000-4000-8000-0000000000${10 + n}`;
    process.connect({ connectionId });
    process.destination.always.set(connectionId, failed({ cause: 'credential', detail: 'answered 401' }));
    await process.delivery.handle(0, [received(aPage({ connectionId, alertKey: connectionId }))]);
    await process.clock.advance(10);
  }

  const text = await registry.metrics();
  expect(text.match(/^pagebridge_refused_connection\{connection_id=".*"\} 1$/gm)).toHaveLength(20);
  expect(text).toContain('pagebridge_refused_connections 25');
  expect(text).not.toContain('connection_id="00000000-0000-4000-8000-000000000034"');
});

it('counts from 0: each outcome, each result of a call by step, and each result of a write', async () => {
  const registry = new Registry();
  new DeliveryMetrics(registry);
  const text = await registry.metrics();
  for (const outcome of outcomes) expect(text).toContain(`pagebridge_page_outcomes_total{outcome="${outcome}"} 0`);
  for (const step of ['create', 'resolve'])
    for (const result of ['created', 'resolved', 'refused', ...retryNames])
      expect(text).toContain(`pagebridge_page_attempts_total{step="${step}",result="${result}"} 0`);
  for (const result of ['ok', 'refused'])
    expect(text).toContain(`pagebridge_ledger_writes_total{result="${result}"} 0`);
});
