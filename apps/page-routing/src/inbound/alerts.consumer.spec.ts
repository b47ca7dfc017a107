import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { type ConsumedRecord, DeliveryTimeoutError } from '@pagebridge/kafka';
import { aConnection, aHandle, anAlertRecord, asRead } from '@pagebridge/testing';
import type { Decided, Decisions, SyncWish } from '../application/ports.ts';
import { RouteAlerts } from '../application/route-alerts.use-case.ts';
import { SyncLimiter } from '../domain/sync-limiter.ts';
import { AlertsConsumer } from './alerts.consumer.ts';

const topic = 'paging.alerts.v1';
const connection = aConnection();
const handle = aHandle({ connectionId: connection.connectionId });

class Published {
  readonly calls: { decided: readonly Decided[]; wishes: readonly SyncWish[] }[] = [];
  failure: Error | undefined;

  async publish(parts: AsyncIterable<Decisions>): Promise<void> {
    const call = { decided: [] as Decided[], wishes: [] as SyncWish[] };
    this.calls.push(call);
    for await (const { decided, wishes } of parts) {
      call.decided.push(...decided);
      call.wishes.push(...wishes);
    }
    if (this.failure) throw this.failure;
  }
}

let counted: string[];
let published: Published;
let now: Date;
let registry: HandleRegistry;
let consumer: AlertsConsumer;

beforeEach(() => {
  counted = [];
  published = new Published();
  now = new Date('2026-06-01T00:00:00Z');
  registry = new HandleRegistry();
  registry.applyConnection(connection.connectionId, connection);
  registry.applyHandle(`${connection.connectionId}/${handle.teamId}`, handle);
  const count = (what: string, times: number) => counted.push(...Array<string>(times).fill(what));
  const meter = {
    alerts: count,
    decisions: () => undefined,
    unrouted: count,
    fallbacks: (times: number) => count('fallback', times),
    failovers: () => undefined,
    keyMismatches: (times: number) => count('key-mismatch', times),
    batch: () => counted.push('batch'),
  };
  consumer = new AlertsConsumer(new RouteAlerts(registry, published, new SyncLimiter(10_000), meter, () => now), meter);
});

type Written = Parameters<typeof asRead<ConsumedRecord['headers']>>[0];

const deliver = (...written: Written[]) => {
  const records = written.map((record, i) => asRead(record, { partition: 3, offset: 100 + i }));
  return consumer.handle({ topic, partition: 3, generation: 1, records });
};

const unknown = (its = {}) => anAlertRecord({ message: '@oncall-what', ...its });

describe('AlertsConsumer', () => {
  it('publishes everything that follows from a batch at once', async () => {
    expect(await deliver(anAlertRecord(), unknown(), anAlertRecord({ transition: 'recovered' }))).toEqual({
      parked: [],
    });
    expect(published.calls).toHaveLength(1);
    const kinds = published.calls[0]?.decided.flatMap(({ decisions }) => decisions.map(({ kind }) => kind));
    expect(kinds).toEqual(['page', 'unrouted', 'resolve']);
    expect(counted).toEqual(['paged', 'unrouted', 'resolved', 'unknown-handle', 'batch']);
  });

  it('asks for a fresh look at an unknown handle whose page went to the fallback', async () => {
    registry.applySourceOrg('acme-us', {
      sourceOrg: 'acme-us',
      localHandles: [],
      fallbackHandle: 'core-infra',
      version: 1,
    });
    await deliver(unknown());
    expect(published.calls[0]).toMatchObject({
      decided: [{ decisions: [{ kind: 'page', command: { matched: 'fallback', handle: '@oncall-what' } }] }],
      wishes: [{ request: { cause: 'unknown-handle', handle: '@oncall-what' } }],
    });
    expect(counted).toEqual(['paged', 'fallback', 'batch']);
  });

  it.each([
    ['no value', { value: null }, 'null-value'],
    ['2 MB', { value: Buffer.alloc(2_000_000, 'a') }, 'too-large'],
    ['what is not JSON', { value: Buffer.from('{') }, 'not-json'],
    ['what is not a CloudEvent', { value: Buffer.from('{}') }, 'not-a-cloudevent'],
    ['a malformed source org', anAlertRecord({ sourceOrg: 'Acme US' }), 'schema-violation'],
    [
      '10,000 handles',
      anAlertRecord({ message: Array.from({ length: 10_000 }, (_, i) => `@oncall-t${i}`).join(' ') }),
      'too-many-handles',
    ],
  ])('parks a record with %s and routes the others', async (_what, bad, reason) => {
    const outcome = await deliver(anAlertRecord(), { ...anAlertRecord(), ...bad }, anAlertRecord());
    expect(outcome).toEqual({ parked: [{ offset: 101, reason, detail: expect.any(String) }] });
    expect(published.calls[0]?.decided).toHaveLength(2);
  });

  it('has the whole batch delivered again when Kafka does not take everything, and then decides the same', async () => {
    published.failure = new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000);
    const bad = { ...anAlertRecord(), value: null };
    const batch = [unknown(), bad];
    expect(await deliver(...batch)).toEqual({
      retry: { fromOffset: 100, afterMs: 500, cause: expect.stringContaining('Not acknowledged within 30000 ms') },
    });
    expect(counted).toEqual([]);
    published.failure = undefined;
    await deliver(...batch);
    expect(published.calls[1]).toEqual(published.calls[0]);
    expect(published.calls[1]?.wishes).toHaveLength(1);
  });

  it('keeps refusals and offsets apart in a batch of many parts', async () => {
    const bad = { ...anAlertRecord(), value: null };
    const many = anAlertRecord({ message: Array.from({ length: 101 }, (_, i) => `@oncall-t${i}`).join(' ') });
    const good = Array.from({ length: 1000 }, () => anAlertRecord());
    const { parked } = await deliver(bad, ...good, many, ...good, bad, many);
    expect(parked?.map(({ offset, reason }) => [offset, reason])).toEqual([
      [100, 'null-value'],
      [2102, 'null-value'],
      [1101, 'too-many-handles'],
      [2103, 'too-many-handles'],
    ]);
    expect(published.calls).toHaveLength(1);
    expect(published.calls[0]?.decided).toHaveLength(2000);
  });

  it('leaves a bug to the consumer, which finds the record at fault', async () => {
    published.failure = new TypeError('a bug');
    await expect(deliver(anAlertRecord())).rejects.toThrow('a bug');
  });

  it('routes an alert under another key, and counts it', async () => {
    await deliver({ ...anAlertRecord(), key: 'acme-us/other' }, { ...anAlertRecord(), key: null });
    expect(counted).toEqual(['paged', 'paged', 'key-mismatch', 'key-mismatch', 'batch']);
  });

  it('wishes for a fresh look at each active connection once in ten seconds', async () => {
    await deliver(unknown(), unknown({ alertKey: 'other' }));
    now = new Date('2026-06-01T00:00:09Z');
    await deliver(unknown());
    now = new Date('2026-06-01T00:00:10Z');
    await deliver(unknown({ message: '@oncall-when' }));
    expect(published.calls.map(({ wishes }) => wishes.map(({ request }) => request))).toEqual([
      [
        {
          connectionId: connection.connectionId,
          sourceOrg: 'acme-us',
          cause: 'unknown-handle',
          handle: '@oncall-what',
          requestedAt: '2026-06-01T00:00:00.000Z',
        },
      ],
      [],
      [expect.objectContaining({ handle: '@oncall-when' })],
    ]);
  });

  it('asks for no fresh look because of a manual alert', async () => {
    await deliver(unknown({ origin: 'manual' }));
    expect(published.calls[0]?.wishes).toEqual([]);
  });
});
