import { beforeEach, describe, expect, it } from '@jest/globals';
import { handleKey } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle } from '@pagebridge/testing';
import { Tables } from './tables.ts';

const connection = aConnection();
const { connectionId } = connection;
const key = (teamId: string) => handleKey(connectionId, teamId);

let tables: Tables;
beforeEach(() => {
  tables = new Tables(new HandleRegistry());
});

const put = (teamId: string, teamName = 'Core Infra') =>
  tables.applyHandle(key(teamId), aHandle({ connectionId, teamId, teamName }));

describe('the tables', () => {
  it('hold the latest handle of each team, by connection', () => {
    put('a');
    put('a', 'Core Infrastructure');
    put('b');
    tables.applyHandle(key('b'), null);
    expect([...tables.handlesOf(connectionId).values()]).toMatchObject([
      { teamId: 'a', teamName: 'Core Infrastructure' },
    ]);
    expect([...tables.ids()]).toEqual([connectionId]);
    tables.applyHandle(key('a'), null);
    expect(tables.ids().size).toBe(0);
  });

  it('ignore an older version of a connection, but not after its deletion', () => {
    tables.applyConnection(connectionId, { ...connection, version: 3 });
    expect(tables.applyConnection(connectionId, { ...connection, version: 2 })).toBe(false);
    expect(tables.connection(connectionId)?.version).toBe(3);
    tables.applyConnection(connectionId, null);
    expect(tables.applyConnection(connectionId, { ...connection, version: 1 })).toBe(true);
  });

  it('call handles orphaned when their connection is absent, not when it cannot be read', () => {
    put('a');
    expect(tables.isOrphaned(connectionId)).toBe(true);
    tables.connectionUnreadable(connectionId);
    expect(tables.isOrphaned(connectionId)).toBe(false);
    tables.applyConnection(connectionId, null);
    expect(tables.isOrphaned(connectionId)).toBe(true);
    tables.applyConnection(connectionId, connection);
    tables.connectionUnreadable(connectionId);
    expect(tables.connection(connectionId)).toBe(connection);
  });

  it('show search what an org declares its own', () => {
    const registry = new HandleRegistry();
    tables = new Tables(registry);
    tables.applyConnection(connectionId, connection);
    put('a');
    tables.applySourceOrg('acme-us', { sourceOrg: 'acme-us', localHandles: ['core-infra'], version: 1 });
    expect(registry.search('acme-us', 'core', 10, new Date())).toMatchObject([{ ambiguous: true, preferred: false }]);
  });

  it('tell when all that was written has come back', async () => {
    const handle = aHandle({ connectionId, teamId: 'a', changedAt: '2026-01-05T00:00:00.000Z' });
    const writes = [
      { connectionId, teamId: 'a', handle },
      { connectionId, teamId: 'b', handle: null },
    ];
    const returned = tables.returnOf(writes, 1000);
    put('a');
    tables.applyHandle(key('b'), null);
    tables.applyHandle(key('a'), handle);
    expect(await returned).toBe(true);
  });

  it('tell when it has not come back in time', async () => {
    expect(await tables.returnOf([{ connectionId, teamId: 'a', handle: null }], 1)).toBe(false);
    expect(await tables.returnOf([], 1)).toBe(true);
  });
});
