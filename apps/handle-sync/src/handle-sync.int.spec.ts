import 'reflect-metadata';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { type Instance, IsolatedStack } from './isolated-service.features.ts';

// Long enough that within a test only what is asked for happens.
const calm = { SYNC_INTERVAL_SECONDS: '3600', SYNC_RETRY_SECONDS: '3600', SYNC_CONFIRM_SECONDS: '0.2' };

let stack: IsolatedStack;
let service: Instance;

beforeAll(async () => {
  stack = new IsolatedStack();
  await stack.start();
  service = await stack.run(calm);
}, 30_000);
afterAll(async () => {
  await service.stop();
  await stack.stop();
});
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
const planned = () => metric('pagebridge_sync_requests_total', 'result="planned"');
const team = (handle: string) => {
  const found = stack.destination.org.teams.withHandle(handle);
  if (!found) throw new Error(`no team ${handle}`);
  return found;
};

describe('a new connection', () => {
  it('has its handles within two seconds', async () => {
    stack.destination.add('not-on-call', { onCall: false });
    const connection = await stack.connect();
    const before = performance.now();
    await offered(connection, '@oncall-core-infra', '@oncall-web', '@oncall-database');
    expect(performance.now() - before).toBeLessThan(2000);
    expect(await reported(connection, 1)).toMatchObject({ kind: 'synced', teams: 3, added: 3 });
  });

  it('has the teams of every page of the list', async () => {
    for (let index = 0; index < 202; index += 1) stack.destination.add(`team-${index}`);
    const connection = await stack.connect();
    expect(await reported(connection, 1)).toMatchObject({ kind: 'synced', teams: 205, added: 205 });
    await waitFor('all records', () => stack.recordsOf(connection).length === 205);
  });
});

describe('a wish for a sync', () => {
  it('brings what is new, keeps what was renamed usable, deletes what is gone, and writes nothing else', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.add('mobile');
    const { teams } = stack.destination.org;
    teams.rename(team('web'), 'Frontend', 'frontend');
    teams.remove(team('database'));
    await stack.askFor(connection);
    expect(await reported(connection, 2)).toMatchObject({
      kind: 'synced',
      teams: 3,
      added: 1,
      removed: 1,
      renamed: [{ from: 'web', to: 'frontend' }],
    });
    await offered(connection, '@oncall-core-infra', '@oncall-frontend', '@oncall-mobile');
    const written = await waitFor('three more records', () => {
      const records = stack.recordsOf(connection);
      return records.length >= 6 && records.slice(3);
    });
    expect(written).toHaveLength(3);
    expect(written.map(({ handle }) => handle?.formerHandles.map((former) => former.teamHandle))).toContainEqual([
      'web',
    ]);
    expect(written.filter(({ handle }) => handle === null)).toHaveLength(1);
  });

  it('joins those that arrive while one runs', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    const { destination } = stack;
    const plannedBefore = await planned();
    destination.strike({ kind: 'latency', ms: 200 });
    await stack.askFor(connection);
    await waitFor('a second sync to begin', () => destination.struck > 0);
    for (let wish = 0; wish < 10; wish += 1) await stack.askFor(connection);
    await waitFor('all wishes to be planned', async () => (await planned()) === plannedBefore + 11);
    await reported(connection, 3);
    destination.org.faults.clear();
    await stack.askFor(connection);
    await reported(connection, 4);
    expect(stack.reportsOf(connection)).toHaveLength(4);
  });
});

describe('a destination in trouble', () => {
  it('loses no handle when it fails, and says why', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.strike({ kind: 'error', status: 503, body: 'empty' });
    await stack.askFor(connection);
    expect(await reported(connection, 1, 'sync-failed')).toMatchObject({ detail: expect.stringContaining('503') });
    await offered(connection, '@oncall-core-infra', '@oncall-web', '@oncall-database');
    expect(stack.recordsOf(connection)).toHaveLength(3);
  });

  it('loses its handles only when it shows twice that they are gone', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.org.teams.clear();
    await stack.askFor(connection);
    expect(await reported(connection, 1, 'sync-failed')).toMatchObject({ detail: expect.stringContaining('3 of 3') });
    expect(await reported(connection, 2, 'synced')).toMatchObject({ teams: 0, removed: 3 });
    await offered(connection);
  });

  it('is reported with the missing permission, and as repaired when it is back', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.permissions.delete('on_call_read');
    await stack.askFor(connection);
    expect(await reported(connection, 1, 'credential-fault')).toMatchObject({ missingPermission: 'on_call_read' });
    stack.destination.permissions.add('on_call_read');
    await stack.askFor(connection);
    await reported(connection, 4);
    const kinds = stack.reportsOf(connection).map(({ kind }) => kind);
    expect(kinds).toEqual(['synced', 'credential-fault', 'repaired', 'synced']);
  });

  it('is named when nobody knows where it is', async () => {
    const connection = await stack.connect({ dataCenter: 'MARS1' });
    expect(await reported(connection, 1)).toMatchObject({
      kind: 'sync-failed',
      detail: expect.stringContaining('MARS1'),
    });
  });
});

describe('a changed connection', () => {
  it('is synced at once with its new credential', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    stack.destination.add('mobile');
    await stack.put({ ...connection, version: 2, credential: { ...connection.credential, revision: 2 } });
    expect(await reported(connection, 2)).toMatchObject({ kind: 'synced', added: 1, credentialRevision: 2 });
  });

  it('keeps its handles when it is disabled, without offering them', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    await stack.put({ ...connection, version: 2, enabled: false });
    await offered(connection);
    await stack.put({ ...connection, version: 3 });
    await offered(connection, '@oncall-core-infra', '@oncall-web', '@oncall-database');
    expect(await reported(connection, 2)).toMatchObject({ added: 0 });
    expect(stack.recordsOf(connection)).toHaveLength(3);
  });

  it('takes its handles along when it is deleted', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    await stack.remove(connection);
    const records = await waitFor('three tombstones', () => {
      const all = stack.recordsOf(connection);
      return all.length >= 6 && all;
    });
    expect(records.slice(3).map(({ handle }) => handle)).toEqual([null, null, null]);
    await offered(connection);
  });
});

describe('the metrics', () => {
  it('count syncs by result, handles known, and how long a connection has not been seen', async () => {
    const connection = await stack.connect();
    await reported(connection, 1);
    expect(await metric('pagebridge_syncs_total', 'result="synced"')).toBeGreaterThan(0);
    expect(await metric('pagebridge_sync_duration_seconds_count', 'result="synced"')).toBeGreaterThan(0);
    expect(await metric('pagebridge_handles_known')).toBeGreaterThanOrEqual(3);
    expect(await metric('pagebridge_sync_staleness_seconds')).toBeGreaterThan(0);
  });
});
