import 'reflect-metadata';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type OutgoingRecord, type SyncRequest, SyncRequests } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, asRead } from '@pagebridge/testing';
import type { SyncScheduler } from '../application/sync-scheduler.ts';
import { Tables } from '../application/tables.ts';
import { SyncRequestsConsumer } from './sync-requests.consumer.ts';

const connection = aConnection();
const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01';

let planned: unknown[][];
let counted: string[];
let isStopped: boolean;
let consumer: SyncRequestsConsumer;

beforeEach(() => {
  planned = [];
  counted = [];
  isStopped = false;
  const tables = new Tables(new HandleRegistry());
  tables.applyConnection(connection.connectionId, connection);
  const scheduler = {
    get isStopped() {
      return isStopped;
    },
    request: (...wish: unknown[]) => planned.push(wish) > 0,
  };
  const meter = { requested: (cause: string, result: string) => counted.push(`${cause} ${result}`) };
  consumer = new SyncRequestsConsumer(scheduler as unknown as SyncScheduler, tables, meter);
});

const request = (its: Partial<SyncRequest> = {}): OutgoingRecord => {
  const { connectionId, sourceOrg } = connection;
  const data: SyncRequest = {
    connectionId,
    sourceOrg,
    cause: 'requested',
    requestedAt: '2026-01-01T00:00:00.000Z',
    ...its,
  };
  return SyncRequests.encode(connectionId, { id: '1', source: '/t', time: data.requestedAt, traceparent }, data);
};
const handle = (...records: OutgoingRecord[]) =>
  consumer.handle({
    topic: SyncRequests.card.topic,
    partition: 0,
    generation: 1,
    records: records.map((record, index) => asRead(record, { offset: 40 + index })),
  });

describe('a wish for a sync', () => {
  it('is planned with its trace', async () => {
    expect(await handle(request({ cause: 'unknown-handle' }))).toEqual({ parked: [] });
    expect(planned).toEqual([[connection.connectionId, 'unknown-handle', traceparent]]);
    expect(counted).toEqual(['unknown-handle planned']);
  });

  it('is dropped and counted when it comes from an org that does not own the connection', async () => {
    expect(await handle(request({ sourceOrg: 'other-org' }))).toEqual({ parked: [] });
    expect(planned).toEqual([]);
    expect(counted).toEqual(['requested dropped']);
  });

  it('is parked with its reason when it cannot be read, and the others go on', async () => {
    const bad = { ...request(), value: 'hello' };
    expect(await handle(bad, request())).toMatchObject({ parked: [{ offset: 40, reason: 'not-json' }] });
    expect(planned).toHaveLength(1);
  });

  it('is left for the next owner when this process stops', async () => {
    isStopped = true;
    expect(await handle(request())).toMatchObject({ retry: { fromOffset: 40 } });
    expect(planned).toEqual([]);
  });
});
