import { beforeEach, describe, expect, it } from '@jest/globals';
import {
  Connections,
  Directories,
  Handles,
  handleKey,
  type OutgoingRecord,
  ownerEpochHeader,
  SourceOrgs,
} from '@pagebridge/contracts';
import { aConnection, aHandle, asRead } from '@pagebridge/testing';
import { HandleRegistry } from '../handle-registry.ts';
import { RegistryFeed } from './registry-feed.ts';

const connection = aConnection();
const handle = aHandle();
const key = handleKey(handle.directory, handle.teamId);
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
  feed = new RegistryFeed(registry);
});

const take = (...records: OutgoingRecord[]) => {
  for (const record of records) if (feed.handle(asRead(record)) !== undefined) unreadable.push(record.topic);
};
const kindOf = (mention: string) => registry.resolve('acme-us', mention, new Date()).kind;

const gone = (ownerEpoch: number) => ({
  ...Handles.tombstone(key),
  headers: { [ownerEpochHeader]: String(ownerEpoch) },
});

describe('the feed of the registry', () => {
  it('adds handles, connections and local handles', () => {
    take(written.handle, written.connection, written.settings);
    expect([kindOf('core-infra'), kindOf('ours')]).toEqual(['routed', 'local']);
    expect(unreadable).toEqual([]);
  });

  it('deletes the key of a tombstone', () => {
    take(written.connection, written.handle, gone(1));
    expect(kindOf('core-infra')).toBe('unknown');
    take(written.handle, Connections.tombstone(connection.connectionId), SourceOrgs.tombstone('acme-us'));
    expect([kindOf('core-infra'), kindOf('ours')]).toEqual(['unknown', 'unknown']);
  });

  it.each([
    ['is not JSON', { ...written.handle, value: '{' }],
    ['has the key of another team', Handles.encode(key, attributes, { ...handle, teamId: 'other' })],
    ['has a connection and the key of another one', { ...written.connection, key: 'other' }],
    ['has settings and the key of another org', { ...written.settings, key: 'globex' }],
  ])('reports a record that %s, and keeps the former state', (_what, bad) => {
    take(written.connection, written.handle, bad);
    expect(kindOf('core-infra')).toBe('routed');
    expect(unreadable).toEqual([bad.topic]);
  });

  it('ignores a tombstone whose key is no handle key', () => {
    take(written.connection, written.handle, Handles.tombstone('no-slash'));
    expect([kindOf('core-infra'), ...unreadable]).toEqual(['routed']);
  });

  it('passes on the id of a connection that cannot be read', () => {
    const reported: string[] = [];
    const keeping = { applyConnection() {}, applyHandle() {}, applySourceOrg() {} };
    feed = new RegistryFeed({ ...keeping, connectionUnreadable: (id) => void reported.push(id) });
    take({ ...written.connection, value: '{' });
    expect(reported).toEqual([connection.connectionId]);
  });
});

describe('a former owner of a directory', () => {
  const status = { directory: handle.directory, teams: 1, unread: 0, refused: [], at: '2026-01-01T00:00:00Z' };
  const known = (ownerEpoch: number, teamHandle: string) =>
    Handles.encode(key, attributes, { ...handle, teamHandle, ownerEpoch });
  const seen = (ownerEpoch: number, unread: number) =>
    Directories.encode(handle.directory, attributes, { ...status, unread, ownerEpoch });
  let stale: string[];

  beforeEach(() => {
    stale = [];
    const handleOverwritten = (...its: string[]) => void stale.push(its.join('/'));
    feed = new RegistryFeed(Object.assign(registry, { handleOverwritten }));
    take(written.connection);
  });

  it('changes nothing once its successor has written, and its records are reported as overwriting', () => {
    take(known(6, 'first'), known(7, 'second'), known(6, 'first'), gone(6), Handles.tombstone(key));
    expect([kindOf('first'), kindOf('second')]).toEqual(['unknown', 'routed']);
    take(seen(7, 1), seen(6, 2));
    expect(registry.directoryStatus(handle.directory)).toMatchObject({ unread: 1 });
    expect(stale).toEqual(Array(3).fill(key));
    expect(feed.newestEpoch(0)).toBe(7);
    take(gone(7));
    expect(kindOf('second')).toBe('unknown');
  });

  it('may still own another partition', () => {
    feed.handle(asRead(known(7, 'first'), { partition: 3 }));
    feed.handle(asRead(known(6, 'second'), { partition: 4 }));
    expect(kindOf('second')).toBe('routed');
    expect([3, 4, 5].map((partition) => feed.newestEpoch(partition))).toEqual([7, 6, 0]);
  });

  it('of a deleted log is forgotten when the log starts again', () => {
    feed.handle(asRead(known(7, 'first'), { offset: 900 }));
    feed.handle(asRead(known(1, 'second'), { offset: 0 }));
    expect([kindOf('second'), ...stale]).toEqual(['routed']);
  });
});
