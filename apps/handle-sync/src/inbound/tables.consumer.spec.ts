import { beforeEach, describe, expect, it } from '@jest/globals';
import { Connections, Handles, handleKey, type OutgoingRecord, SourceOrgs } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle, asRead } from '@pagebridge/testing';
import { silent } from '../application/fakes.features.ts';
import { Tables } from '../application/tables.ts';
import { TablesConsumer } from './tables.consumer.ts';

const attributes = { id: '1', source: '/test', time: '2026-01-01T00:00:00Z' };
const connection = aConnection();
const handle = aHandle({ connectionId: connection.connectionId, sourceOrg: connection.sourceOrg });

let tables: Tables;
let registry: HandleRegistry;
let unreadable: string[];
let consumer: TablesConsumer;

beforeEach(() => {
  registry = new HandleRegistry();
  tables = new Tables(registry);
  unreadable = [];
  consumer = new TablesConsumer(tables, registry, silent, (topic) => unreadable.push(topic));
});

const take = (record: OutgoingRecord) => consumer.take(asRead(record));
const takeConnection = (key = connection.connectionId) => take(Connections.encode(key, attributes, connection));
const takeHandle = () => take(Handles.encode(handleKey(handle.connectionId, handle.teamId), attributes, handle));

describe('reading the tables', () => {
  it('makes handles of a connection known and findable', () => {
    takeConnection();
    takeHandle();
    const known = tables.handlesOf(connection.connectionId).get(handle.teamId);
    expect(known).toMatchObject({ teamHandle: handle.teamHandle, teamName: handle.teamName });
    expect(registry.search('acme-us', 'core', 10, new Date())).toMatchObject([
      { handle: '@oncall-core-infra', ambiguous: false },
    ]);
  });

  it('forgets what a tombstone deletes', () => {
    takeConnection();
    takeHandle();
    take(Handles.tombstone(handleKey(handle.connectionId, handle.teamId)));
    take(Connections.tombstone(connection.connectionId));
    expect(tables.ids().size).toBe(0);
    expect(registry.search('acme-us', '', 10, new Date())).toEqual([]);
  });

  it('knows which handles an org declared its own', () => {
    takeConnection();
    takeHandle();
    const settings = { sourceOrg: 'acme-us', localHandles: ['core-infra'], version: 1 };
    take(SourceOrgs.encode('acme-us', attributes, settings));
    expect(registry.search('acme-us', 'core', 10, new Date())).toMatchObject([{ ambiguous: true, preferred: false }]);
  });

  it('leaves out what it cannot read, keeps what it knew, and counts it', () => {
    takeConnection();
    take({ topic: Connections.card.topic, key: connection.connectionId, value: '{', headers: {} });
    take({ topic: Handles.card.topic, key: 'no-slash', value: '{}', headers: {} });
    take({ topic: Handles.card.topic, key: 'no-slash', value: null, headers: {} });
    expect(tables.connection(connection.connectionId)).toEqual(connection);
    expect(unreadable).toEqual([Connections.card.topic, Handles.card.topic]);
  });

  it('believes no record that stands under the key of another', () => {
    takeConnection('5f0c1f0e-0000-4000-8000-000000000000');
    expect(tables.connection(connection.connectionId)).toBeUndefined();
    expect(unreadable).toEqual([Connections.card.topic]);
  });
});
