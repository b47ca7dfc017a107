import { beforeEach, expect, it } from '@jest/globals';
import { Connections, Handles, handleKey, type OutgoingRecord, SourceOrgs } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle, asRead } from '@pagebridge/testing';
import { RegistryConsumer } from './registry.consumer.ts';

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
let noticed: string[];
let consumer: RegistryConsumer;

beforeEach(() => {
  registry = new HandleRegistry();
  noticed = [];
  const quiet = () => undefined;
  const log = { debug: quiet, info: quiet, warn: quiet, error: (message: string) => void noticed.push(message) };
  consumer = new RegistryConsumer(registry, log, (topic) => void noticed.push(topic));
});

const take = (record: OutgoingRecord) => consumer.take(asRead(record));
const kindOf = (mention: string) => registry.resolve('acme-us', mention, new Date()).kind;

it('makes handles, connections and local handles known', () => {
  for (const record of [written.handle, written.connection, written.settings]) take(record);
  expect([kindOf('core-infra'), kindOf('ours')]).toEqual(['routed', 'local']);
  expect(noticed).toEqual([]);
});

it('forgets what a tombstone deletes', () => {
  for (const record of [written.connection, written.handle, Handles.tombstone(key)]) take(record);
  expect(kindOf('core-infra')).toBe('unknown');
});

it.each([
  ['is not JSON', { ...written.handle, value: '{' }],
  ['stands under the key of another', { ...Handles.encode(key, attributes, { ...handle, teamId: 'other' }) }],
  ['has a connection under the key of another', { ...written.connection, key: 'other' }],
  ['has settings under the key of another', { ...written.settings, key: 'globex' }],
])('leaves out a record that %s, says so, and routes with what it knew', (_what, bad) => {
  for (const record of [written.connection, written.handle, bad]) take(record);
  expect(kindOf('core-infra')).toBe('routed');
  expect(noticed).toEqual([bad.topic, 'a table record cannot be read and is left out']);
});
