import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type Connection, handleKey } from '@pagebridge/contracts';
import { HandleRegistry } from '@pagebridge/handle-registry';
import { aConnection, aHandle } from '@pagebridge/testing';
import { silent } from './fakes.features.ts';
import type { SyncResult } from './ports.ts';
import type { SyncRun } from './sync-connection.use-case.ts';
import { SyncRunner } from './sync-runner.ts';
import { type SchedulerSettings, SyncScheduler } from './sync-scheduler.ts';
import { Tables } from './tables.ts';

const settings: SchedulerSettings = {
  intervalMs: 60_000,
  unknownHandleGapMs: 10_000,
  retryMs: 2000,
  confirmMs: 10_000,
  promptSyncs: 2,
  routineSyncs: 1,
  orphanMs: 5000,
};

/** A sync that lasts until the test ends it or it is aborted. */
interface Running {
  readonly connection: Connection;
  readonly run: SyncRun;
  end(result?: SyncResult): Promise<void>;
}

let tables: Tables;
let scheduler: SyncScheduler;
let syncs: Running[];
let forgotten: string[];
let results: SyncResult[];

// Microtasks stay real; time moves only by the test's hand.
const settle = () => jest.advanceTimersByTimeAsync(0);
const pass = (ms: number) => jest.advanceTimersByTimeAsync(ms);

beforeEach(() => {
  jest.useFakeTimers({ doNotFake: ['queueMicrotask', 'nextTick'], now: 1_000_000 });
  tables = new Tables(new HandleRegistry());
  syncs = [];
  forgotten = [];
  results = [];
  const execute = (connection: Connection, run: SyncRun) =>
    new Promise<SyncResult>((resolve, reject) => {
      run.signal.addEventListener('abort', () => reject(run.signal.reason));
      const end = async (result: SyncResult = 'synced') => {
        resolve(result);
        await settle();
      };
      syncs.push({ connection, run, end });
    });
  const forget = {
    execute: async (connectionId: string) => {
      forgotten.push(connectionId);
      for (const teamId of [...tables.handlesOf(connectionId).keys()]) {
        tables.applyHandle(handleKey(connectionId, teamId), null);
      }
    },
  };
  const meter = { synced: (result: SyncResult) => results.push(result) };
  const clock = { now: () => new Date() };
  const runner = new SyncRunner({ tables, sync: { execute }, forget, meter, log: silent, clock });
  scheduler = new SyncScheduler({ tables, runner, clock, random: () => 0.5 }, settings);
  tables.follow(scheduler);
});

afterEach(() => {
  jest.useRealTimers();
});

const take = (connection: Connection) => tables.applyConnection(connection.connectionId, connection);
const withHandle = (connection: Connection) => {
  const handle = aHandle({ connectionId: connection.connectionId });
  tables.applyHandle(handleKey(connection.connectionId, handle.teamId), handle);
};
const last = (): Running => {
  const running = syncs.at(-1);
  if (!running) throw new Error('no sync has begun');
  return running;
};
const ownAll = () => scheduler.own(() => true);

describe('the scheduler', () => {
  it('syncs a new connection at once, then after the interval', async () => {
    await ownAll();
    take(aConnection());
    await settle();
    expect(syncs).toHaveLength(1);
    await last().end();
    await pass(59_999);
    expect(syncs).toHaveLength(1);
    await pass(1);
    expect(syncs).toHaveLength(2);
  });

  it('leaves connections of other instances alone', async () => {
    const [mine, theirs] = [aConnection(), aConnection()];
    await scheduler.own((connectionId) => connectionId === mine.connectionId);
    take(theirs);
    take(mine);
    expect(scheduler.request(theirs.connectionId, 'requested')).toBe(false);
    await pass(120_000);
    expect(syncs.map(({ connection }) => connection)).toEqual([mine]);
  });

  it('syncs again at once for a new credential, dropping what runs with the old one', async () => {
    await ownAll();
    const connection = aConnection();
    take(connection);
    await settle();
    const old = last();
    const credential = { ...connection.credential, revision: 2 };
    take({ ...connection, version: 2, credential });
    await settle();
    expect(old.run.signal.aborted).toBe(true);
    expect(last().connection.credential.revision).toBe(2);
    expect(results).toEqual(['aborted']);
  });

  it('does not sync for a new name, and neither for an older version of the connection', async () => {
    await ownAll();
    const connection = aConnection({ version: 5 });
    take(connection);
    await settle();
    await last().end();
    take({ ...connection, version: 6, name: 'Renamed' });
    take({ ...connection, version: 4, credential: { ...connection.credential, revision: 9 } });
    await pass(1000);
    expect(syncs).toHaveLength(1);
  });

  it('keeps a disabled connection as it is until it is enabled', async () => {
    await ownAll();
    const connection = aConnection({ enabled: false });
    take(connection);
    withHandle(connection);
    expect(scheduler.request(connection.connectionId, 'requested')).toBe(false);
    await pass(120_000);
    expect(syncs).toEqual([]);
    expect(forgotten).toEqual([]);
    take({ ...connection, enabled: true, version: 2 });
    await settle();
    expect(syncs).toHaveLength(1);
  });

  it('joins all wishes during a sync into one sync after it', async () => {
    await ownAll();
    const connection = aConnection();
    take(connection);
    await settle();
    for (let wish = 0; wish < 5; wish += 1) scheduler.request(connection.connectionId, 'requested', `trace-${wish}`);
    await pass(100);
    expect(syncs).toHaveLength(1);
    await last().end();
    expect(syncs).toHaveLength(2);
    expect(last().run.traceparent).toBe('trace-4');
    await last().end();
    await pass(1000);
    expect(syncs).toHaveLength(2);
  });

  it('obeys unknown handles no more often than the gap allows', async () => {
    await ownAll();
    const connection = aConnection();
    take(connection);
    await settle();
    await last().end();
    for (let second = 0; second < 25; second += 1) {
      scheduler.request(connection.connectionId, 'unknown-handle');
      await pass(1000);
      if (syncs.length > results.length) await last().end();
    }
    expect(syncs).toHaveLength(3);
  });

  it('tries a failed sync again soon, and looks twice at an implausible listing', async () => {
    await ownAll();
    take(aConnection());
    await settle();
    await last().end('sync-failed');
    await pass(2000);
    expect(syncs).toHaveLength(2);
    await last().end('implausible');
    await pass(10_000);
    expect(syncs).toHaveLength(3);
  });

  it('deletes the handles of a deleted connection, after what runs has stopped', async () => {
    await ownAll();
    const connection = aConnection();
    take(connection);
    withHandle(connection);
    await settle();
    tables.applyConnection(connection.connectionId, null);
    await settle();
    expect(last().run.signal.aborted).toBe(true);
    expect(forgotten).toEqual([connection.connectionId]);
    await pass(120_000);
    expect(syncs).toHaveLength(1);
  });

  it('deletes handles that a connection left behind while nobody looked, but waits for a connection that is late', async () => {
    const [gone, late] = [aConnection(), aConnection()];
    withHandle(gone);
    withHandle(late);
    await ownAll();
    await pass(4000);
    take(late);
    await pass(2000);
    expect(forgotten).toEqual([gone.connectionId]);
  });

  it('never takes the handles of a connection that cannot be read for orphans', async () => {
    const connection = aConnection();
    withHandle(connection);
    tables.connectionUnreadable(connection.connectionId);
    await ownAll();
    await pass(120_000);
    expect(forgotten).toEqual([]);
  });

  it('spreads what it takes over, except for connections that have no handles yet', async () => {
    const [known, fresh] = [aConnection(), aConnection()];
    for (const connection of [known, fresh]) take(connection);
    withHandle(known);
    await ownAll();
    await settle();
    expect(syncs.map(({ connection }) => connection)).toEqual([fresh]);
    await pass(30_000);
    expect(syncs.map(({ connection }) => connection)).toEqual([fresh, known]);
  });

  it('stops what it no longer owns before it says so, and takes it up again when it comes back', async () => {
    await ownAll();
    take(aConnection());
    await settle();
    await scheduler.own(() => false);
    expect(last().run.signal.aborted).toBe(true);
    expect(results).toEqual(['aborted']);
    await pass(120_000);
    expect(syncs).toHaveLength(1);
    await ownAll();
    await settle();
    expect(syncs).toHaveLength(2);
  });

  it('lets routine syncs wait for each other and never hold up a new connection', async () => {
    const known = Array.from({ length: 3 }, () => aConnection());
    for (const connection of known) {
      take(connection);
      withHandle(connection);
    }
    await ownAll();
    await pass(30_000);
    expect(syncs).toHaveLength(1);
    const fresh = aConnection();
    take(fresh);
    await settle();
    expect(last().connection).toBe(fresh);
    await syncs[0]?.end();
    expect(syncs).toHaveLength(3);
  });

  it('tells how long the longest unseen connection has been unseen', async () => {
    await ownAll();
    expect(scheduler.stalenessMs()).toBe(0);
    const [one, two] = [aConnection(), aConnection()];
    take(one);
    await settle();
    await last().end();
    await pass(3000);
    take(two);
    await pass(1000);
    expect(scheduler.stalenessMs()).toBe(4000);
  });

  it('aborts what runs when it stops, and starts nothing more', async () => {
    await ownAll();
    const connection = aConnection();
    take(connection);
    await settle();
    await scheduler.stop();
    expect(results).toEqual(['aborted']);
    scheduler.request(connection.connectionId, 'requested');
    await pass(120_000);
    expect(syncs).toHaveLength(1);
  });
});
