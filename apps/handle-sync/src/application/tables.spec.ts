import { beforeEach, describe, expect, it } from '@jest/globals';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle } from '@pagebridge/testing';
import { Tables } from './tables.ts';

const connection = aConnection({ version: 3 });
const { connectionId, directory } = connection;

let registry: HandleRegistry;
let tables: Tables;
let heard: unknown[];
beforeEach(() => {
  registry = new HandleRegistry();
  tables = new Tables(registry);
  heard = [];
  tables.follow({
    connectionsChanged: (changed) => void heard.push([changed, tables.enabledIn(changed).length]),
    teamChanged: (changed, teamId, team) => void heard.push([changed, teamId, team?.teamName]),
    overwritten: (changed, teamId) => void heard.push([changed, teamId, 'overwritten']),
  });
});

const put = (teamId: string, teamName = 'Core Infra') =>
  tables.applyHandle(directory, teamId, aHandle({ teamId, teamName }));

describe('the tables', () => {
  it('hold the latest state of each team of a directory, and notify the listener after each change', () => {
    put('a');
    put('a', 'Core Infrastructure');
    put('b');
    tables.applyHandle(directory, 'b', null);
    tables.handleOverwritten(directory, 'a');
    expect([...tables.teamsOf(directory).values()]).toMatchObject([{ teamId: 'a', teamName: 'Core Infrastructure' }]);
    expect(heard).toEqual([
      [directory, 'a', 'Core Infra'],
      [directory, 'a', 'Core Infrastructure'],
      [directory, 'b', 'Core Infra'],
      [directory, 'b', undefined],
      [directory, 'a', 'overwritten'],
    ]);
  });

  it('hold the enabled connections of a directory, the oldest first', () => {
    const older = aConnection({ createdAt: '2025-01-01T00:00:00.000Z' });
    const disabled = aConnection({ enabled: false });
    for (const one of [connection, older, disabled]) tables.applyConnection(one.connectionId, one);
    expect(tables.enabledIn(directory)).toEqual([older, connection]);
  });

  it('pass on the sealed credentials of each connection, but not those of an older version', () => {
    const notified: unknown[] = [];
    tables = new Tables(registry, (id, sealed) => void notified.push([id, sealed]));
    const former = { sealed: 'former', revision: 1 };
    const credential = { ...connection.credential, sealed: 'present', former };
    tables.applyConnection(connectionId, { ...connection, credential });
    tables.applyConnection(connectionId, { ...connection, version: 2 });
    tables.applyConnection(connectionId, null);
    expect(notified).toEqual([
      [connectionId, ['present', 'former']],
      [connectionId, []],
    ]);
  });

  it('notify both directories when a connection moves', () => {
    tables.applyConnection(connectionId, connection);
    tables.applyConnection(connectionId, { ...connection, version: 4, directory: 'EU1/other/account' });
    expect(heard).toEqual([
      [directory, 1],
      [directory, 0],
      ['EU1/other/account', 1],
    ]);
    expect(tables.isUnused(directory)).toBe(true);
  });

  it('ignore an older version of a connection, and a late record of a deleted one', () => {
    tables.applyConnection(connectionId, connection);
    tables.applyConnection(connectionId, { ...connection, version: 2 });
    expect(tables.connection(connectionId)?.version).toBe(3);
    tables.applyConnection(connectionId, null);
    tables.applyConnection(connectionId, connection);
    expect(tables.enabledIn(directory)).toEqual([]);
    expect(registry.connectionsIn(directory)).toEqual([]);
  });

  it('report a directory as unused if no connection uses it, but not while a connection cannot be read', () => {
    put('a');
    expect(tables.directories()).toEqual([directory]);
    expect(tables.isUnused(directory)).toBe(true);
    tables.connectionUnreadable(connectionId);
    expect(tables.isUnused(directory)).toBe(false);
    tables.applyConnection(connectionId, null);
    expect(tables.isUnused(directory)).toBe(true);
    tables.applyConnection(connectionId, { ...connection, version: 4 });
    tables.connectionUnreadable(connectionId);
    expect(tables.enabledIn(directory)).toHaveLength(1);
  });

  it('apply the local handles of an org to searches', () => {
    tables.applyConnection(connectionId, connection);
    put('a');
    tables.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['core-infra'], version: 1 });
    expect(registry.search('acme-us', 'core', 10, new Date())).toMatchObject([{ ambiguous: true, preferred: false }]);
  });
});
