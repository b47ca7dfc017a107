import { beforeEach, describe, expect, it } from '@jest/globals';
import { ConnectionReports, handleKey } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle } from '@pagebridge/testing';
import type { ReadTeam, Rules } from '../domain/team.ts';
import { FakeDestination, FakeHandles, FakeReports, silent } from './fakes.features.ts';
import { ForgetConnection } from './forget-connection.use-case.ts';
import { SyncConnection, type SyncMemory } from './sync-connection.use-case.ts';
import { Tables } from './tables.ts';

const connection = aConnection();
const { connectionId } = connection;
const day = 24 * 60 * 60 * 1000;

let tables: Tables;
let destination: FakeDestination;
let handles: FakeHandles;
let reports: FakeReports;
let sync: SyncConnection;
let memory: SyncMemory;
let now: number;

beforeEach(() => {
  now = Date.parse('2026-03-01T12:00:00Z');
  tables = new Tables(new HandleRegistry());
  destination = new FakeDestination();
  handles = new FakeHandles(tables);
  reports = new FakeReports();
  memory = { suspicious: false, faulty: false };
  const settings = { renameGraceMs: day, returnMs: 50 };
  sync = new SyncConnection(tables, destination, { handles, reports, log: silent }, settings, {
    now: () => new Date(now),
  });
});

const listed = (teamId: string, rules: Rules = 'some', teamHandle = teamId): ReadTeam => ({
  teamId,
  teamHandle,
  teamName: teamId,
  rules,
});
const shows = (...teams: ReadTeam[]) => ({ kind: 'listed', teams, complete: true }) as const;
const run = () => {
  now += 1000;
  return sync.execute(connection, { signal: new AbortController().signal, memory });
};
const known = () => [...tables.handlesOf(connectionId).values()].map(({ teamHandle }) => teamHandle).toSorted();

describe('a sync', () => {
  it('writes the on-call teams of a new connection and reports them', async () => {
    destination.readings = [shows(listed('core'), listed('web'), listed('guild', 'none'))];
    expect(await run()).toBe('synced');
    expect(known()).toEqual(['core', 'web']);
    expect(reports.reports).toMatchObject([
      { kind: 'synced', teams: 2, added: 2, removed: 0, renamed: [], reportedBy: 'handle-sync', credentialRevision: 1 },
    ]);
  });

  it('writes nothing when nothing differs, and reports that it looked', async () => {
    destination.readings = [shows(listed('core'))];
    await run();
    expect(await run()).toBe('synced');
    expect(handles.batches).toHaveLength(1);
    expect(reports.reports[1]).toMatchObject({ kind: 'synced', teams: 1, added: 0, removed: 0 });
  });

  it('keeps the old handle of a renamed team and names the rename', async () => {
    destination.readings = [shows(listed('t1', 'some', 'core')), shows(listed('t1', 'some', 'kernel'))];
    await run();
    await run();
    expect(handles.written[1]).toMatchObject({ teamHandle: 'kernel', formerHandles: [{ teamHandle: 'core' }] });
    expect(reports.reports[1]).toMatchObject({ renamed: [{ teamId: 't1', from: 'core', to: 'kernel' }] });
  });

  it('writes when a handle was first seen, and keeps it where only the name of the team changes', async () => {
    const first = { ...listed('t1', 'some', 'core'), teamName: 'Core' };
    destination.readings = [shows(first), shows({ ...first, teamName: 'Core Infra' })];
    await run();
    await run();
    expect(handles.written).toMatchObject([
      { teamName: 'Core', firstSeenAt: '2026-03-01T12:00:01.000Z' },
      { teamName: 'Core Infra', firstSeenAt: '2026-03-01T12:00:01.000Z', changedAt: '2026-03-01T12:00:02.000Z' },
    ]);
  });

  it('takes a record that does not say when its handle was first seen for as old as it is', async () => {
    const handle = aHandle({ connectionId, teamId: 't1', teamHandle: 'core', changedAt: '2026-01-05T00:00:00.000Z' });
    tables.applyHandle(handleKey(connectionId, 't1'), handle);
    destination.readings = [shows(listed('t1', 'some', 'core'))];
    await run();
    expect(handles.written).toMatchObject([{ teamName: 't1', firstSeenAt: '2026-01-05T00:00:00.000Z' }]);
  });

  it('deletes the handle of a removed team', async () => {
    destination.readings = [shows(listed('a'), listed('b'), listed('c')), shows(listed('a'), listed('b'))];
    await run();
    await run();
    expect(known()).toEqual(['a', 'b']);
    expect(handles.batches[1]).toEqual([{ connectionId, teamId: 'c', handle: null }]);
    expect(reports.reports[1]).toMatchObject({ teams: 2, removed: 1 });
  });

  it('keeps the handles and says why when the destination fails', async () => {
    destination.readings = [shows(listed('core')), { kind: 'failed', detail: 'GET /api/v2/team answered 503' }];
    await run();
    expect(await run()).toBe('sync-failed');
    expect(known()).toEqual(['core']);
    expect(reports.reports[1]).toMatchObject({ kind: 'sync-failed', detail: 'GET /api/v2/team answered 503' });
  });

  it('keeps what could not be read, takes what could, and says that it did not see everything', async () => {
    destination.readings = [shows(listed('a'), listed('b')), shows(listed('a', 'unread'), listed('b'), listed('c'))];
    await run();
    expect(await run()).toBe('sync-failed');
    expect(known()).toEqual(['a', 'b', 'c']);
    expect(reports.reports[1]).toMatchObject({ kind: 'sync-failed', detail: expect.stringContaining('1 of 3 teams') });
  });

  it('removes most handles only when it is shown twice', async () => {
    destination.readings = [shows(listed('a'), listed('b')), shows()];
    await run();
    expect(await run()).toBe('implausible');
    expect(known()).toEqual(['a', 'b']);
    expect(await run()).toBe('synced');
    expect(known()).toEqual([]);
    expect(reports.kinds).toEqual(['synced', 'sync-failed', 'synced']);
  });

  it('forgets its suspicion when the handles are back', async () => {
    destination.readings = [shows(listed('a')), shows(), shows(listed('a')), shows()];
    for (const result of ['synced', 'implausible', 'synced', 'implausible']) expect(await run()).toBe(result);
    expect(known()).toEqual(['a']);
  });

  it('reports a credential fault with the missing permission, and its repair', async () => {
    destination.readings = [
      { kind: 'credential-fault', missingPermission: 'teams_read', detail: 'no' },
      shows(listed('a', 'forbidden')),
      shows(listed('a')),
      shows(listed('a')),
    ];
    for (const result of ['credential-fault', 'credential-fault', 'synced', 'synced']) expect(await run()).toBe(result);
    expect(reports.kinds).toEqual(['credential-fault', 'credential-fault', 'repaired', 'synced', 'synced']);
    expect(reports.reports.slice(0, 2)).toMatchObject([
      { missingPermission: 'teams_read' },
      { missingPermission: 'on_call_read' },
    ]);
  });

  it('writes nothing after it was aborted', async () => {
    destination.readings = [shows(listed('a'))];
    const signal = AbortSignal.abort(new Error('gone'));
    await expect(sync.execute(connection, { signal, memory })).rejects.toThrow('gone');
    expect(handles.batches).toEqual([]);
    expect(reports.reports).toEqual([]);
  });

  it('reports no success when Kafka does not take the handles', async () => {
    destination.readings = [shows(listed('a'))];
    handles.failure = new Error('no broker');
    await expect(run()).rejects.toThrow('no broker');
    expect(reports.reports).toEqual([]);
  });

  it('makes reports that their contract accepts, however long the answer was', async () => {
    destination.readings = [
      { kind: 'failed', detail: 'x'.repeat(5000) },
      { kind: 'credential-fault', detail: 'y'.repeat(5000) },
      shows(listed('a')),
      shows(),
      shows(listed('a', 'unread')),
    ];
    for (let runs = 0; runs < 5; runs += 1) await run();
    for (const report of reports.reports) {
      const record = ConnectionReports.encode(connectionId, { id: '1', source: '/test', time: report.at }, report);
      expect(ConnectionReports.decode(record)).toMatchObject({ ok: true });
    }
    expect(reports.kinds).toHaveLength(6);
  });
});

describe('forgetting a connection', () => {
  it('deletes each of its handles, and no other', async () => {
    destination.readings = [shows(listed('a'), listed('b'))];
    await run();
    const other = aConnection();
    await sync.execute(other, { signal: new AbortController().signal, memory });
    await new ForgetConnection(tables, handles, silent, 50).execute(connectionId);
    expect(known()).toEqual([]);
    expect(tables.handlesOf(other.connectionId).size).toBe(2);
  });
});
