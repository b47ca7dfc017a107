import { setImmediate } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { replayedFromHeader } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { type ConsumedRecord, DeliveryTimeoutError, type OutgoingRecord, type RefusedRecord } from '@pagebridge/kafka';
import { AlertTopics } from '@pagebridge/routing';
import { aConnection, aHandle, anAlertRecord, asRead } from '@pagebridge/testing';
import type { DeferredPaging } from '../application/deferred-paging/deferred-paging.ts';
import type { Decided, Decisions, RoutingNotices, TracedRequest } from '../application/ports.ts';
import { partSize, RouteAlerts, type RouteAlertsParts } from '../application/route-alerts.use-case.ts';
import { SyncLimiter } from '../domain/sync-limiter.ts';
import { KafkaDecisionPublisher } from '../outbound/kafka-decisions.publisher.ts';
import { AlertsConsumer } from './alerts.consumer.ts';

const topic = 'paging.alerts.v1';
const connection = aConnection();
const team = aHandle();
const other = aHandle({ teamHandle: 'network' });

/** A publisher that collects the decisions and requests of each batch. */
class Published {
  readonly batches: { decided: Decided[]; requests: TracedRequest[] }[] = [];
  failure: Error | undefined;

  async publish({ decided, requests }: Decisions): Promise<readonly []> {
    const batch = this.batches.at(-1);
    batch?.decided.push(...decided);
    batch?.requests.push(...requests);
    if (this.failure) throw this.failure;
    return [];
  }
}

/** A Kafka that finally refuses some records and accepts all others. */
class Broker {
  readonly accepted: OutgoingRecord[] = [];
  refuses: (record: OutgoingRecord) => boolean = () => false;

  async publishAccepted(records: readonly OutgoingRecord[]): Promise<readonly RefusedRecord[]> {
    const refused = records.filter(this.refuses);
    this.accepted.push(...records.filter((record) => !refused.includes(record)));
    const detail = 'A record of 1202380 bytes is over the bound';
    return refused.map((record) => ({ record, detail }));
  }
}

// No handle waits here; deferred paging has tests of its own.
const late: RouteAlertsParts['late'] & Pick<DeferredPaging, 'runExclusive'> = {
  partitionOf: () => undefined,
  runExclusive: (_partition, work) => work(),
};

let counted: string[];
let noticed: unknown[][];
let published: Published;
let now: Date;
const clock = { now: () => now };
let registry: HandleRegistry;
let topics: AlertTopics;
let consumer: AlertsConsumer;

const consumerWith = (publisher: RouteAlertsParts['publisher']): AlertsConsumer => {
  const count = (name: string, times: number) => counted.push(...Array<string>(times).fill(name));
  const meter = {
    alerts: count,
    decisions: () => undefined,
    unrouted: count,
    fallbacks: (times: number) => count('fallback', times),
    failovers: () => undefined,
    keyMismatches: (times: number) => count('key-mismatch', times),
    batch: () => counted.push('batch'),
  };
  const notices: RoutingNotices = {
    unrouted: ({ handle: of, reason }) => noticed.push([reason, of]),
    fellBack: (_alert, unknown, fallback) => noticed.push(['fallback', unknown.name, fallback.name]),
    keyDiffers: (_alert, key, { partition, offset }) => noticed.push(['key', key?.toString(), partition, offset]),
  };
  const limiter = new SyncLimiter(10_000);
  const maxAgeMs = 4 * 60 * 60_000;
  const routing = new RouteAlerts({
    registry,
    gapOf: () => undefined,
    topics,
    publisher,
    limiter,
    late,
    meter,
    notices,
    clock,
    maxAgeMs,
  });
  return new AlertsConsumer(routing, late, meter, notices);
};

beforeEach(() => {
  counted = [];
  noticed = [];
  published = new Published();
  now = new Date('2026-06-01T00:00:00Z');
  registry = new HandleRegistry();
  topics = new AlertTopics();
  registry.applyConnection(connection.connectionId, connection);
  for (const each of [team, other]) registry.applyHandle(each.directory, each.teamId, each);
  consumer = consumerWith(published);
});

type Written = Parameters<typeof asRead<ConsumedRecord['headers']>>[0] & { readonly timestamp?: number };

const recordsOf = (written: readonly Written[]): ConsumedRecord[] =>
  written.map((record, i) => {
    const { timestamp = now.getTime() } = record;
    return asRead(record, { partition: 3, offset: 100 + i, timestamp });
  });

const handle = (records: readonly ConsumedRecord[]) => consumer.handle({ topic, partition: 3, generation: 1, records });

const deliver = (...written: Written[]) => {
  published.batches.push({ decided: [], requests: [] });
  return handle(recordsOf(written));
};

const unknown = (its = {}) => anAlertRecord({ message: '@oncall-what', ...its });

describe('AlertsConsumer', () => {
  it('publishes everything that follows from a batch', async () => {
    expect(await deliver(anAlertRecord(), unknown(), anAlertRecord({ transition: 'recovered' }))).toEqual({
      parked: [],
    });
    const kinds = published.batches[0]?.decided.flatMap(({ decisions }) => decisions.map(({ kind }) => kind));
    expect(kinds).toEqual(['page', 'unrouted', 'resolve']);
    expect(counted).toEqual(['paged', 'unrouted', 'resolved', 'unknown-handle', 'batch']);
    expect(noticed).toEqual([['unknown-handle', '@oncall-what']]);
  });

  it('names the record of each alert in its commands, but not that of a replay, which only its time orders', async () => {
    const recovery = () => anAlertRecord({ transition: 'recovered' });
    const replayed = (record: OutgoingRecord) => ({
      ...record,
      headers: { ...record.headers, [replayedFromHeader]: Buffer.from(`${topic}.dead/3/7`) },
    });
    await deliver(anAlertRecord(), recovery(), replayed(anAlertRecord()), replayed(recovery()));
    const decisions = published.batches[0]?.decided.flatMap((each) => each.decisions) ?? [];
    const named = decisions.map((decision) => 'command' in decision && decision.command.alertRecord);
    expect(named).toEqual([`${topic}/3/100`, `${topic}/3/101`, undefined, undefined]);
  });

  it('requests a sync for an unknown handle for which the fallback is paged', async () => {
    registry.applySourceOrg('acme-us', {
      sourceOrg: 'acme-us',
      localHandles: [],
      fallbackHandle: 'core-infra',
      version: 1,
    });
    await deliver(unknown());
    expect(published.batches[0]).toMatchObject({
      decided: [{ decisions: [{ kind: 'page', command: { matched: 'fallback', handle: '@oncall-what' } }] }],
      requests: [{ request: { cause: 'unknown-handle', handle: '@oncall-what' } }],
    });
    expect(counted).toEqual(['paged', 'fallback', 'batch']);
    expect(noticed).toEqual([['fallback', 'what', 'core-infra']]);
  });

  it.each([
    ['no value', { value: null }, 'null-value'],
    ['2 MB', { value: Buffer.alloc(2_000_000, 'a') }, 'too-large'],
    ['a value that is not JSON', { value: Buffer.from('{') }, 'not-json'],
    ['a value that is not a CloudEvent', { value: Buffer.from('{}') }, 'not-a-cloudevent'],
    ['a malformed source org', anAlertRecord({ sourceOrg: 'Acme US' }), 'schema-violation'],
    [
      '10,000 handles',
      anAlertRecord({ message: Array.from({ length: 10_000 }, (_, i) => `@oncall-t${i}`).join(' ') }),
      'too-many-handles',
    ],
  ])('parks a record with %s and routes the others', async (_case, bad, reason) => {
    const outcome = await deliver(anAlertRecord(), { ...anAlertRecord(), ...bad }, anAlertRecord());
    expect(outcome).toEqual({ parked: [{ offset: 101, reason, detail: expect.any(String) }] });
    expect(published.batches[0]?.decided).toHaveLength(2);
  });

  it('retries the whole batch if Kafka does not acknowledge every record, with the same decisions', async () => {
    published.failure = new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000);
    const bad = { ...anAlertRecord(), value: null };
    const batch = [unknown(), bad];
    expect(await deliver(...batch)).toEqual({
      retry: { fromOffset: 100, afterMs: 500, cause: expect.stringContaining('within 30000 ms') },
    });
    expect(counted).toEqual([]);
    published.failure = undefined;
    await deliver(...batch);
    expect(published.batches[1]).toEqual(published.batches[0]);
    expect(published.batches[1]?.requests).toHaveLength(1);
  });

  it('parks each refused alert by its own offset in a batch of many parts', async () => {
    const bad = { ...anAlertRecord(), value: null };
    const many = anAlertRecord({ message: Array.from({ length: 101 }, (_, i) => `@oncall-t${i}`).join(' ') });
    const good = Array.from({ length: 1000 }, () => anAlertRecord());
    const { parked } = await deliver(bad, ...good, many, ...good, bad, many);
    expect(parked?.map(({ offset, reason }) => [offset, reason])).toEqual([
      [100, 'null-value'],
      [1101, 'too-many-handles'],
      [2102, 'null-value'],
      [2103, 'too-many-handles'],
    ]);
    expect(published.batches[0]?.decided).toHaveLength(2000);
  });

  it('throws the error of a bug, so that the consumer finds the record at fault', async () => {
    published.failure = new TypeError('a bug');
    await expect(deliver(anAlertRecord())).rejects.toThrow('a bug');
  });

  it('routes an alert with another key, and counts and reports it', async () => {
    await deliver({ ...anAlertRecord(), key: 'acme-us/other' }, { ...anAlertRecord(), key: null }, anAlertRecord());
    expect(counted).toEqual(['paged', 'paged', 'paged', 'key-mismatch', 'key-mismatch', 'batch']);
    expect(noticed).toEqual([
      ['key', 'acme-us/other', 3, 100],
      ['key', undefined, 3, 101],
    ]);
  });

  it('requests a sync of each directory of the org once in ten seconds', async () => {
    await deliver(unknown(), unknown({ alertKey: 'other' }));
    now = new Date('2026-06-01T00:00:09Z');
    await deliver(unknown());
    now = new Date('2026-06-01T00:00:10Z');
    await deliver(unknown({ message: '@oncall-when' }));
    expect(published.batches.map(({ requests }) => requests.map(({ request }) => request))).toEqual([
      [
        {
          directory: connection.directory,
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

  it('requests no sync because of a manual alert', async () => {
    await deliver(unknown({ origin: 'manual' }));
    expect(published.batches[0]?.requests).toEqual([]);
  });

  it('parks an alert that was too old when it was read, pages nobody, and routes the others', async () => {
    const old = { occurredAt: '2026-05-31T19:59:59Z' };
    const week = new Date('2026-05-25T00:00:00Z').getTime();
    const batch = [anAlertRecord(old), anAlertRecord(), anAlertRecord({ ...old, transition: 'recovered' })];
    const outcome = await deliver(...batch.map((record) => ({ ...record, timestamp: week })));
    expect(outcome).toEqual({
      parked: [{ offset: 100, reason: 'too-old', detail: expect.any(String), isSound: true }],
    });
    expect(counted).toEqual(['too-old', 'paged', 'resolved', 'batch']);
    expect(published.batches[0]?.decided).toHaveLength(2);
  });

  it('routes an old alert whose record is recent, such as a replay', async () => {
    expect(await deliver(anAlertRecord({ occurredAt: '2026-05-01T00:00:00Z' }))).toEqual({ parked: [] });
    expect(counted).toEqual(['paged', 'batch']);
  });
});

describe('a record that Kafka will never accept', () => {
  let broker: Broker;

  beforeEach(() => {
    broker = new Broker();
    consumer = consumerWith(new KafkaDecisionPublisher(broker, clock));
  });

  const handlesOf = (records: readonly OutgoingRecord[]) =>
    records.map(({ value }) => JSON.parse(String(value)).data.handle);
  const refusing = (...handles: string[]) => {
    broker.refuses = (record) => handlesOf([record]).some((each) => handles.includes(each));
  };

  it('parks its alert, with the handle and the reason, and writes all other records of the batch', async () => {
    refusing('@oncall-network');
    const both = anAlertRecord({ message: '@oncall-core-infra @oncall-network' });
    const good = Array.from({ length: partSize + 10 }, () => anAlertRecord());
    expect(await deliver(...good, both, ...good)).toEqual({
      parked: [
        {
          offset: 100 + good.length,
          reason: 'unwritable',
          detail: expect.stringMatching(/@oncall-network cannot be written.*pages nobody twice.*1202380 bytes/),
        },
      ],
    });
    expect(handlesOf(broker.accepted)).toEqual(Array(2 * good.length + 1).fill('@oncall-core-infra'));
    expect(counted).toEqual([...Array(2 * good.length + 1).fill('paged'), 'unwritable', 'batch']);
  });

  it('parks its alert once, however many such records the alert has', async () => {
    refusing('@oncall-core-infra', '@oncall-network', '@oncall-what');
    const message = '@oncall-core-infra @oncall-network @oncall-what';
    const { parked } = await deliver(anAlertRecord({ message }), anAlertRecord({ message }));
    expect(parked?.map(({ offset }) => offset)).toEqual([100, 101]);
    expect(parked?.[0]?.detail).toContain('and 2 more records of its alert');
  });

  it('parks a recovery, with `the recovery` in the detail', async () => {
    broker.refuses = () => true;
    const { parked } = await deliver(anAlertRecord({ transition: 'recovered' }));
    expect(parked).toMatchObject([{ reason: 'unwritable', detail: expect.stringContaining('the recovery') }]);
  });

  it('parks no alert if it is a sync request', async () => {
    broker.refuses = (record) => record.topic === 'paging.sync-requests.v1';
    expect(await deliver(unknown(), anAlertRecord())).toEqual({ parked: [] });
    expect(handlesOf(broker.accepted)).toEqual(['@oncall-what', '@oncall-core-infra']);
  });

  it('parks no alert while other records are not acknowledged: the whole batch is retried', async () => {
    const good = Array.from({ length: partSize + 10 }, () => anAlertRecord());
    refusing('@oncall-network');
    const { publish } = KafkaDecisionPublisher.prototype;
    let parts = 0;
    const failing = new KafkaDecisionPublisher(broker, clock);
    failing.publish = (decisions, signal) => {
      parts += 1;
      if (parts === 2) return Promise.reject(new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000));
      return publish.call(failing, decisions, signal);
    };
    consumer = consumerWith(failing);
    const outcome = await deliver(anAlertRecord({ message: '@oncall-network' }), ...good);
    expect(outcome).toEqual({ retry: { fromOffset: 100, afterMs: 500, cause: expect.any(String) } });
    expect(counted).toEqual([]);
  });
});

describe('a batch that leads to more bytes than may be in flight', () => {
  const mebibyte = 1024 * 1024;
  const many = Array.from({ length: 100 }, (_, i) => `@oncall-what-${i}`).join(' ');

  /** A Kafka that acknowledges records once its gate is resolved. */
  class SlowBroker {
    readonly ids = new Set<string | undefined>();
    bytesInFlight = 0;
    most = 0;
    calls = 0;
    gate = Promise.withResolvers<void>();

    async publishAccepted(records: readonly OutgoingRecord[]): Promise<readonly RefusedRecord[]> {
      const bytes = records.reduce((sum, { value }) => sum + Buffer.byteLength(value ?? ''), 0);
      this.calls += 1;
      this.bytesInFlight += bytes;
      this.most = Math.max(this.most, this.bytesInFlight);
      await this.gate.promise;
      this.bytesInFlight -= bytes;
      for (const { headers } of records) this.ids.add(String(headers.ce_id));
      return [];
    }
  }

  let broker: SlowBroker;

  beforeEach(() => {
    broker = new SlowBroker();
    consumer = consumerWith(new KafkaDecisionPublisher(broker, clock));
  });

  /** Waits until no more records are published. */
  async function idle(): Promise<void> {
    for (let before = -1; before !== broker.calls; ) {
      before = broker.calls;
      for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    }
  }

  /** Handles the records until none is left, as the consumer does. Returns the offsets of the retries and of the parked records. */
  async function handleAll(records: readonly ConsumedRecord[]) {
    const from: number[] = [];
    const parked: number[] = [];
    for (let rest = records; rest.length > 0; ) {
      const { retry, parked: these = [] } = await handle(rest);
      parked.push(...these.map(({ offset }) => offset));
      if (retry) {
        expect(retry.afterMs).toBe(0);
        from.push(retry.fromOffset);
      }
      rest = retry ? rest.filter(({ offset }) => offset >= retry.fromOffset) : [];
    }
    return { from, parked };
  }

  it('is written in parts, without repeated records', async () => {
    const records = recordsOf(Array.from({ length: 400 }, () => anAlertRecord({ message: many })));
    const all = handleAll(records);
    await idle();
    expect(broker.most).toBeGreaterThan(mebibyte);
    broker.gate.resolve();
    const { from } = await all;
    expect(from.length).toBeGreaterThan(10);
    expect(broker.most).toBeLessThan(16 * mebibyte);
    expect(counted.filter((name) => name === 'unknown-handle')).toHaveLength(40_000);
    // One of the records is a sync request.
    expect(broker.ids.size).toBe(40_001);
  });

  it('is written in parts if each page has a long text', async () => {
    const teams = Array.from({ length: 100 }, (_, i) => aHandle({ teamHandle: `team-${i}` }));
    for (const each of teams) registry.applyHandle(each.directory, each.teamId, each);
    const message = `${teams.map(({ teamHandle }) => `@oncall-${teamHandle}`).join(' ')} ${'😀'.repeat(7_000)}`;
    broker.gate.resolve();
    const { from } = await handleAll(recordsOf(Array.from({ length: 60 }, () => anAlertRecord({ message }))));
    expect(from.length).toBeGreaterThan(2);
    expect(broker.most).toBeLessThan(16 * mebibyte);
    expect(broker.ids.size).toBe(6000);
  });

  it('is not split if it is a full fetch of common alerts', async () => {
    const message = `@oncall-core-infra @oncall-network ${'x'.repeat(300)}`;
    const written = Array.from({ length: 900 }, () => anAlertRecord({ message }));
    broker.gate.resolve();
    expect(await handleAll(recordsOf(written))).toEqual({ from: [], parked: [] });
  });

  it('counts each alert once, and parks each unreadable one once', async () => {
    const bad = { ...anAlertRecord(), value: null };
    const good = { ...anAlertRecord({ message: many }), key: 'another/key' };
    const written = Array.from({ length: 200 }, (_, i) => (i % 10 === 5 ? bad : good));
    broker.gate.resolve();
    const { from, parked } = await handleAll(recordsOf(written));
    expect(from.length).toBeGreaterThan(2);
    expect(parked).toEqual(Array.from({ length: 20 }, (_, i) => 105 + 10 * i));
    const times = (name: string) => counted.filter((each) => each === name).length;
    expect([times('unreadable'), times('unrouted'), times('key-mismatch')]).toEqual([20, 180, 180]);
  });

  it('publishes no further part after one has failed', async () => {
    const outage = new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000);
    broker.gate.reject(outage);
    const { retry } = await handle(recordsOf(Array.from({ length: 500 }, () => anAlertRecord())));
    expect(retry).toEqual({ fromOffset: 100, afterMs: 500, cause: outage.message });
    expect(broker.calls).toBe(1);
  });
});

describe('parts of a batch', () => {
  const twoParts = () => recordsOf(Array.from({ length: partSize + 1 }, () => anAlertRecord()));

  it('are aborted together, so that none is written without an earlier one', async () => {
    const outage = new DeliveryTimeoutError(['paging.page-commands.v1'], 30_000);
    const first = Promise.withResolvers<readonly []>();
    const givenUp = Promise.withResolvers<never>();
    const signals: AbortSignal[] = [];
    consumer = consumerWith({
      publish: (_decisions, signal) => {
        signals.push(signal);
        if (signals.length === 1) return first.promise;
        signal.addEventListener('abort', () => givenUp.reject(new Error('aborted')));
        first.reject(outage);
        return givenUp.promise;
      },
    });
    expect(await handle(twoParts())).toEqual({ retry: { fromOffset: 100, afterMs: 500, cause: outage.message } });
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });

  it('are decoded shortly before they are decided if alerts are large', async () => {
    let reads = 0;
    const readsByPart: number[] = [];
    const value = `${anAlertRecord().value}${' '.repeat(500_000)}`;
    const records = recordsOf(Array.from({ length: 20 }, () => ({ ...anAlertRecord(), value })));
    for (const record of records) {
      const bytes = record.value;
      Object.defineProperty(record, 'value', {
        get: () => {
          reads += 1;
          return bytes;
        },
      });
    }
    consumer = consumerWith({
      publish: async () => {
        readsByPart.push(reads);
        return [];
      },
    });
    await handle(records);
    expect(readsByPart[0]).toBeLessThanOrEqual(3);
  });

  it('are awaited if a later one cannot be decided', async () => {
    const write = Promise.withResolvers<readonly []>();
    consumer = consumerWith({ publish: () => write.promise });
    const bug = new TypeError('a bug');
    const records = twoParts();
    const last = records.at(-1) as ConsumedRecord;
    Object.defineProperty(last, 'headers', {
      get: () => {
        throw bug;
      },
    });
    let ended = false;
    const handling = handle(records).finally(() => {
      ended = true;
    });
    handling.catch(() => undefined);
    for (let turn = 0; turn < 10; turn += 1) await setImmediate();
    expect(ended).toBe(false);
    write.resolve([]);
    await expect(handling).rejects.toBe(bug);
  });
});
