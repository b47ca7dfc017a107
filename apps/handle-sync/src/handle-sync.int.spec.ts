import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { type Connection, Handles, handleKey, ownerEpochHeader } from '@pagebridge/contracts';
import { uniqueName, waitFor } from '@pagebridge/testing';
import { type Instance, IsolatedStack, partitionOf } from './isolated-service.fixtures.ts';

// Intervals so long that only requested syncs happen during a test.
const calm = { SYNC_INTERVAL_SECONDS: '3600', SYNC_RETRY_SECONDS: '3600', UNUSED_DIRECTORY_SECONDS: '0.2' };
const lively = { ...calm, SYNC_INTERVAL_SECONDS: '0.3', SYNC_RETRY_SECONDS: '0.3', SYNC_CONFIRM_SECONDS: '0.5' };

let stack: IsolatedStack;
let service: Instance;

const run = (environment: Record<string, string>) => {
  beforeAll(async () => {
    service = await stack.run({ SYNC_GAP_SECONDS: '0', ...environment });
  });
  afterAll(() => service.stop());
};

beforeAll(async () => {
  stack = new IsolatedStack();
  await stack.start();
});
afterAll(() => stack.stop());
beforeEach(() => {
  for (const handle of ['core-infra', 'web', 'database']) stack.destination.add(handle);
});
afterEach(() => {
  const { teams, faults } = stack.destination.org;
  teams.clear();
  faults.clear();
});

const reported = (connection: Connection, count: number, kind?: 'synced' | 'sync-failed' | 'credential-fault') =>
  waitFor(`${count} reports`, () => stack.reportsOf(connection, kind)[count - 1], { lastSeen: () => stack.reports });
const offered = (connection: Connection, ...handles: string[]) =>
  waitFor(`the handles ${handles}`, async () => {
    expect(await service.handles(connection.sourceOrg)).toEqual(handles.toSorted());
    return true;
  });
const metric = async (name: string, label = ''): Promise<number> => {
  const lines = (await service.metrics()).split('\n');
  const line = lines.find((one) => one.startsWith(`${name}{`) && one.includes(label));
  return Number(line?.split(' ').at(-1) ?? 0);
};
const team = (handle: string) => {
  const found = stack.destination.org.teams.withHandle(handle);
  if (!found) throw new Error(`no team ${handle}`);
  return found;
};
const all = ['@oncall-core-infra', '@oncall-web', '@oncall-database'];

describe('handle-sync', () => {
  run(calm);

  it('offers the handles of a new connection', async () => {
    stack.destination.add('not-on-call', { onCall: false });
    const connection = await stack.connect();
    await offered(connection, ...all);
    expect(await reported(connection, 1)).toMatchObject({ kind: 'synced', teams: 3, added: 3 });
  });

  it('reads the teams of every page of the list', async () => {
    for (let index = 0; index < 202; index += 1) stack.destination.add(`team-${index}`);
    const connection = await stack.connect();
    expect(await reported(connection, 1)).toMatchObject({ kind: 'synced', teams: 205, added: 205 });
    expect(await stack.written(connection, 205)).toHaveLength(205);
  });

  it('reads a directory once for all connections of its service account', async () => {
    const first = await stack.connect();
    await reported(first, 1);
    const second = await stack.connect({ directory: first.directory });
    await offered(second, ...all);
    expect(await reported(second, 1)).toMatchObject({ kind: 'synced', teams: 3, added: 3 });
    expect(await stack.written(second, 3)).toHaveLength(3);
  });

  it('syncs again on request, and writes new and renamed teams', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.add('mobile');
    const { teams } = stack.destination.org;
    teams.rename(team('web'), 'Frontend', 'frontend');
    await stack.requestSync(connection);
    expect(await reported(connection, 2)).toMatchObject({
      kind: 'synced',
      teams: 4,
      added: 1,
      renamed: [{ from: 'web', to: 'frontend' }],
    });
    await offered(connection, '@oncall-core-infra', '@oncall-frontend', '@oncall-mobile', '@oncall-database');
    const written = (await stack.written(connection, 5)).slice(3);
    expect(written).toHaveLength(2);
    expect(written.map(({ handle }) => handle?.formerHandles.map((former) => former.teamHandle))).toContainEqual([
      'web',
    ]);
  });

  it('shows changes to the orgs that use the directory, the latest first, and to no others', async () => {
    const [connection, other] = [await stack.connect(), await stack.connect()];
    await reported(connection, 1);
    await reported(other, 1);
    stack.destination.add('mobile');
    stack.destination.org.teams.rename(team('web'), 'Frontend', 'frontend');
    await stack.requestSync(connection);
    await reported(connection, 2);
    const changes = await service.changes(connection.sourceOrg);
    const { connectionId, name: connectionName } = connection;
    const whose = { at: expect.any(String), connections: [{ connectionId, connectionName }] };
    expect(changes).toHaveLength(5);
    expect(changes.slice(0, 2)).toContainEqual({
      kind: 'renamed',
      handle: '@oncall-frontend',
      teamName: 'Frontend',
      from: '@oncall-web',
      ...whose,
    });
    expect(changes.slice(0, 2)).toContainEqual(
      expect.objectContaining({ kind: 'added', handle: '@oncall-mobile', from: null, ...whose }),
    );
    expect(await service.changes(other.sourceOrg)).toHaveLength(3);
    expect(await service.changes(uniqueName('acme'))).toEqual([]);
  });

  it('finds a mentioned handle before the next sync', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.add('payments');
    await stack.requestSync(connection, '@oncall-globex-eu/payments.');
    await offered(connection, ...all, '@oncall-payments');
  });

  it('keeps all handles when the destination fails, and reports the reason', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.strike({ kind: 'error', status: 503, body: 'empty' });
    await stack.requestSync(connection);
    expect(await reported(connection, 1, 'sync-failed')).toMatchObject({ detail: expect.stringContaining('503') });
    await offered(connection, ...all);
    expect(await stack.written(connection, 3)).toHaveLength(3);
  });

  it('reports the missing permission, and that it is back', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.permissions.delete('on_call_read');
    await stack.requestSync(connection);
    expect(await reported(connection, 1, 'credential-fault')).toMatchObject({ missingPermission: 'on_call_read' });
    await offered(connection);
    stack.destination.permissions.add('on_call_read');
    await stack.requestSync(connection);
    await offered(connection, ...all);
    await waitFor('the repair, and a good sync after it', () => {
      const kinds = stack.reportsOf(connection).map(({ kind }) => kind);
      return kinds
        .slice(kinds.lastIndexOf('credential-fault') + 1)
        .join()
        .startsWith('repaired,synced');
    });
  });

  it('reports an unknown data center by name', async () => {
    const connection = await stack.connect({ dataCenter: 'MARS1' });
    const detail = expect.stringContaining('MARS1');
    expect(await reported(connection, 1)).toMatchObject({ kind: 'sync-failed', detail });
  });

  it('uses a new credential at once', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    await stack.put({ ...connection, version: 2, credential: { ...connection.credential, revision: 2 } });
    expect(await reported(connection, 2)).toMatchObject({ kind: 'synced', credentialRevision: 2 });
  });

  it('reports a credential that it cannot open', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    const credential = { ...connection.credential, revision: 2, sealed: 'not for us' };
    await stack.put({ ...connection, version: 2, credential });
    const detail = expect.stringContaining('cannot be opened');
    expect(await reported(connection, 1, 'credential-fault')).toMatchObject({ credentialRevision: 2, detail });
    expect(await metric('pagebridge_credentials_of_unheld_keys')).toBeGreaterThan(0);
  });

  it('keeps the handles of a disabled connection without offering them', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    await stack.put({ ...connection, version: 2, enabled: false });
    await offered(connection);
    await stack.put({ ...connection, version: 3 });
    await offered(connection, ...all);
    expect(await stack.written(connection, 3)).toHaveLength(3);
  });

  it('keeps a directory while any connection uses it, and deletes it after that', async () => {
    const [one, other] = [await stack.connect(), await stack.connect()];
    const last = await stack.connect({ directory: one.directory });
    await Promise.all([one, other, last].map((connection) => reported(connection, 1)));
    await stack.remove(one);
    await stack.remove(other);
    await waitFor('tombstones', () => stack.recordsOf(other).filter(({ handle }) => handle === null).length === 3);
    await offered(last, ...all);
    expect(await stack.written(last, 3)).toHaveLength(3);
  });

  it('writes a team again that a former owner of the directory overwrote', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    const { directory } = connection;
    const tombstone = Handles.tombstone(handleKey(directory, team('web').id));
    const stale = { ...tombstone, partition: partitionOf(directory), headers: { [ownerEpochHeader]: '0' } };
    await stack.publish(stale);
    await waitFor('the record to be replaced', () => {
      const [before, after] = stack.recordsOf(connection).slice(3);
      return before?.handle === null && after?.handle?.teamHandle === 'web';
    });
    await offered(connection, ...all);
  });

  it('has metrics of syncs by result, calls and handles', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    expect(await metric('pagebridge_syncs_total', 'result="synced"')).toBeGreaterThan(0);
    expect(await metric('pagebridge_sync_duration_seconds_count', 'result="synced"')).toBeGreaterThan(0);
    expect(await metric('pagebridge_sync_calls_total', 'endpoint="rules"')).toBeGreaterThan(0);
    expect(await metric('pagebridge_handles_known')).toBeGreaterThanOrEqual(3);
  });
});

describe('handle-sync with short rounds', () => {
  run(lively);

  it('removes a team once two syncs have not shown it', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.org.teams.remove(team('database'));
    await offered(connection, '@oncall-core-infra', '@oncall-web');
    expect(await reported(connection, 2, 'synced')).toMatchObject({ teams: 2, removed: 1 });
    expect((await stack.written(connection, 4)).at(-1)).toMatchObject({ handle: null });
    const [change] = await service.changes(connection.sourceOrg);
    expect(change).toMatchObject({ kind: 'removed', handle: '@oncall-database' });
  });

  it('adds a handle when its team gets routing rules, and removes it when they are gone', async () => {
    const mobile = stack.destination.add('mobile', { onCall: false });
    const connection = await stack.connect();
    await reported(connection, 1);
    mobile.onCall = 'on-call';
    await offered(connection, ...all, '@oncall-mobile');
    mobile.onCall = 'emptied';
    await offered(connection, ...all);
  });

  it('uses the credential of another connection, and offers no handles of the refused one', async () => {
    const applicationKey = uniqueName('key');
    const keys = { apiKey: uniqueName('api-key'), applicationKey };
    stack.destination.accept(keys);
    const one = await stack.connect({ createdAt: '2025-01-01T00:00:00.000Z' }, keys);
    await reported(one, 1);
    const createdAt = new Date().toISOString();
    const other = await stack.connect({ directory: one.directory, createdAt });
    await reported(other, 1);
    stack.destination.revoke(applicationKey);
    await reported(one, 1, 'credential-fault');
    await offered(one);
    stack.destination.add('mobile');
    await offered(other, ...all, '@oncall-mobile');
  });
});
