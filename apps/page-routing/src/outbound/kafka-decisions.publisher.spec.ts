import { setImmediate } from 'node:timers/promises';
import { expect, it } from '@jest/globals';
import { Alerts, type OutgoingRecord, PageCommands, SyncRequests, UnroutedHandles } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { type OutgoingRecord as KafkaRecord, RecordsRefusedError } from '@pagebridge/kafka';
import { decide } from '@pagebridge/routing';
import { aConnection, aHandle, anAlertRecord, collectGarbage } from '@pagebridge/testing';
import type { Decided } from '../application/ports.ts';
import { KafkaDecisionPublisher } from './kafka-decisions.publisher.ts';

const connection = aConnection();
const handle = aHandle();
const now = new Date('2026-06-01T00:00:00Z');
const { signal } = new AbortController();
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

function decidedOn(alert: OutgoingRecord): Decided {
  const registry = new HandleRegistry();
  registry.applyConnection(connection.connectionId, connection);
  registry.applyHandle(handle.directory, handle.teamId, handle);
  const decoded = Alerts.decode(alert);
  if (!decoded.ok) throw new Error(decoded.detail);
  const verdict = decide(decoded.event, registry, now);
  if (!verdict.ok) throw new Error(verdict.detail);
  return { event: decoded.event, offset: 7, decisions: verdict.decisions };
}

async function recordsFor(alert: OutgoingRecord): Promise<OutgoingRecord[]> {
  const written: OutgoingRecord[] = [];
  const publisher = {
    async publishAccepted(records: readonly KafkaRecord[]) {
      written.push(...(records as readonly OutgoingRecord[]));
      return [];
    },
  };
  const request = {
    directory: handle.directory,
    sourceOrg: 'acme-us',
    cause: 'unknown-handle' as const,
    requestedAt: now.toISOString(),
  };
  const decisions = {
    decided: [decidedOn(alert)],
    requests: [{ request, traceparent }],
  };
  await new KafkaDecisionPublisher(publisher, { now: () => now }).publish(decisions, signal);
  return written;
}

it('writes records that fit the contracts, with the alert identity as key, in the trace of the alert', async () => {
  const alert = anAlertRecord({ message: '@oncall-core-infra @oncall-what' }, { traceparent });
  const [command, unrouted, request] = await recordsFor({ ...alert, key: 'another/key' });
  expect(PageCommands.decode(command as OutgoingRecord)).toMatchObject({ ok: true, event: { data: { kind: 'page' } } });
  expect(UnroutedHandles.decode(unrouted as OutgoingRecord)).toMatchObject({ ok: true });
  expect(SyncRequests.decode(request as OutgoingRecord)).toMatchObject({ ok: true });
  expect([command?.key, unrouted?.key]).toEqual(Array(2).fill('acme-us/monitor-1234:host:backend-7'));
  expect(request?.key).toBe(handle.directory);
  for (const record of [command, unrouted, request]) {
    expect(record?.headers.traceparent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-(?!b7ad6b7169203331)/);
  }
});

it('gives the same ids to the same event', async () => {
  const alert = anAlertRecord({ message: '@oncall-core-infra @oncall-what @oncall-who' });
  const idsOf = (records: OutgoingRecord[]) => records.slice(0, 3).map(({ headers }) => headers.ce_id);
  const ids = idsOf(await recordsFor(alert));
  expect(idsOf(await recordsFor(alert))).toEqual(ids);
  expect(new Set(ids).size).toBe(3);
});

it('rejects if the alert of a refused record is not known', async () => {
  const publisher = {
    publishAccepted: async ([record]: readonly KafkaRecord[]) =>
      record ? [{ record: { ...record }, detail: 'too large' }] : [],
  };
  const decisions = { decided: [decidedOn(anAlertRecord())], requests: [] };
  const publishing = new KafkaDecisionPublisher(publisher, { now: () => now }).publish(decisions, signal);
  await expect(publishing).rejects.toBeInstanceOf(RecordsRefusedError);
});

it('lets an alert be garbage-collected while its records are being written', async () => {
  const acknowledged = Promise.withResolvers<readonly []>();
  const publisher = { publishAccepted: () => acknowledged.promise };
  const publish = () => {
    const decided = decidedOn(anAlertRecord());
    const writing = new KafkaDecisionPublisher(publisher, { now: () => now }).publish(
      { decided: [decided], requests: [] },
      signal,
    );
    return { alert: new WeakRef(decided.event), writing };
  };
  const { alert, writing } = publish();
  await setImmediate();
  collectGarbage();
  expect(alert.deref()).toBeUndefined();
  acknowledged.resolve([]);
  await expect(writing).resolves.toEqual([]);
});
