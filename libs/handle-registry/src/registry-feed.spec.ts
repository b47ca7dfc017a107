import { beforeEach, describe, expect, it } from '@jest/globals';
import { Connections, Handles, handleKey, type OutgoingRecord, SourceOrgs } from '@pagebridge/contracts';
import { aConnection, aHandle, asRead } from '@pagebridge/testing';
import { HandleRegistry } from './handle-registry.ts';
import { RegistryFeed } from './registry-feed.ts';

const connection = aConnection();
const handle = aHandle({ connectionId: connection.connectionId });
const key = handleKey(handle.connectionId, handle.teamId);
const attributes = { id: '1', source: '/test', time: '2026-01-01T00:00:00Z' };
const written = {
  connection: Connections.encode(connection.connectionId, attributes, connection),
  handle: Handles.encode(key, attributes, handle),
  settings: SourceOrgs.encode('acme-us', attributes, { sourceOrg: 'acme-us', localHandles: ['ours'], version: 1 }),
};

let registry: HandleRegistry;
let unreadable: string[];
let feed: RegistryFeed;

beforeEach(() => {
  registry = new HandleRegistry();
  unreadable = [];
  feed = new RegistryFeed(registry, ({ topic }) => void unreadable.push(topic));
});

const take = (...records: OutgoingRecord[]) => {
  for (const record of records) feed.take(asRead(record));
};
const kindOf = (mention: string) => registry.resolve('acme-us', mention, new Date()).kind;

describe('the feed of the registry', () => {
  it('makes handles, connections and local handles known', () => {
    take(written.handle, written.connection, written.settings);
    expect([kindOf('core-infra'), kindOf('ours')]).toEqual(['routed', 'local']);
    expect(unreadable).toEqual([]);
  });

  it('forgets what a tombstone deletes', () => {
    take(written.connection, written.handle, Handles.tombstone(key));
    expect(kindOf('core-infra')).toBe('unknown');
    take(written.handle, Connections.tombstone(connection.connectionId), SourceOrgs.tombstone('acme-us'));
    expect([kindOf('core-infra'), kindOf('ours')]).toEqual(['unknown', 'unknown']);
  });

  it.each([
    ['is not JSON', { ...written.handle, value: '{' }],
    ['stands under the key of another', Handles.encode(key, attributes, { ...handle, teamId: 'other' })],
    ['has a connection under the key of another', { ...written.connection, key: 'other' }],
    ['has settings under the key of another', { ...written.settings, key: 'globex' }],
  ])('leaves out a record that %s, says so, and keeps what it knew', (_what, bad) => {
    take(written.connection, written.handle, bad);
    expect(kindOf('core-infra')).toBe('routed');
    expect(unreadable).toEqual([bad.topic]);
  });

  it('passes over the tombstone of a key that no handle has', () => {
    take(written.connection, written.handle, Handles.tombstone('no-slash'));
    expect([kindOf('core-infra'), ...unreadable]).toEqual(['routed']);
  });

  it('tells who keeps connections of one that cannot be read, and is there all the same', () => {
    const told: string[] = [];
    const keeping = { applyConnection() {}, applyHandle() {}, applySourceOrg() {} };
    feed = new RegistryFeed({ ...keeping, connectionUnreadable: (id) => void told.push(id) }, () => undefined);
    take({ ...written.connection, value: '{' });
    expect(told).toEqual([connection.connectionId]);
  });
});
