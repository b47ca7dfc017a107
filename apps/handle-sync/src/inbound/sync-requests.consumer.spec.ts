import 'reflect-metadata';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type OutgoingRecord, type SyncRequest, SyncRequests } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, asRead } from '@pagebridge/testing';
import type { OwnedDirectories } from '../application/owned-directories.ts';
import { SyncRequestsConsumer } from './sync-requests.consumer.ts';

const connection = aConnection();

let asked: unknown[][];
let counted: string[];
let isStopped: boolean;
let isOwned: boolean;
let consumer: SyncRequestsConsumer;

beforeEach(() => {
  asked = [];
  counted = [];
  isStopped = false;
  isOwned = true;
  const registry = new HandleRegistry();
  registry.applyConnection(connection.connectionId, connection);
  const ask = (...its: unknown[]) => asked.push(its) > 0 && isOwned;
  const directories = {
    get isStopped() {
      return isStopped;
    },
    request: ask,
    lookUp: (...its: unknown[]) => ask('look up', ...its),
  };
  const meter = { requested: (cause: string, result: string) => counted.push(`${cause} ${result}`) };
  consumer = new SyncRequestsConsumer(directories as unknown as OwnedDirectories, registry, meter);
});

const { connectionId, sourceOrg, directory } = connection;
const request = (its: Partial<SyncRequest> = {}): OutgoingRecord => {
  const requestedAt = '2026-01-01T00:00:00.000Z';
  const data: SyncRequest = { directory, sourceOrg, cause: 'requested', requestedAt, ...its };
  return SyncRequests.encode(directory, { id: '1', source: '/t', time: requestedAt }, data);
};
const handle = (...records: OutgoingRecord[]) =>
  consumer.handle({
    topic: SyncRequests.card.topic,
    partition: 0,
    generation: 1,
    records: records.map((record, index) => asRead(record, { offset: 40 + index })),
  });

describe('a sync request', () => {
  it('causes a sync of the directory, for one of its connections or for all', async () => {
    expect(await handle(request({ connectionId }), request())).toEqual({ parked: [] });
    expect(asked).toEqual([
      [directory, connectionId],
      [directory, undefined],
    ]);
    expect(counted).toEqual(['requested planned', 'requested planned']);
  });

  it('causes a lookup if it names a handle', async () => {
    await handle(request({ cause: 'unknown-handle', handle: '@oncall-payments.' }));
    expect(asked).toEqual([['look up', directory, 'payments.']]);
    expect(counted).toEqual(['unknown-handle planned']);
  });

  it('is dropped and counted if its org has no enabled connection to the directory', async () => {
    await handle(request({ sourceOrg: 'other-org' }), request({ directory: 'EU1/other/account' }));
    await handle(request({ connectionId: '00000000-0000-4000-8000-000000000000' }));
    expect(asked).toEqual([]);
    expect(counted).toEqual(['requested dropped', 'requested dropped', 'requested dropped']);
  });

  it('is counted as dropped if this instance does not own the directory', async () => {
    isOwned = false;
    await handle(request());
    expect(counted).toEqual(['requested dropped']);
  });

  it('is parked with its reason if it cannot be read, and later ones are handled', async () => {
    const bad = { ...request(), value: 'hello' };
    expect(await handle(bad, request())).toMatchObject({ parked: [{ offset: 40, reason: 'not-json' }] });
    expect(asked).toHaveLength(1);
  });

  it('is left to the next owner if this process stops', async () => {
    isStopped = true;
    expect(await handle(request())).toMatchObject({ retry: { fromOffset: 40 } });
    expect(asked).toEqual([]);
  });
});
