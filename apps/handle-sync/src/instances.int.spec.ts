import 'reflect-metadata';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { waitFor } from '@pagebridge/testing';
import { IsolatedStack } from './isolated-service.fixtures.ts';

const often = {
  SYNC_INTERVAL_SECONDS: '0.2',
  SYNC_RETRY_SECONDS: '0.2',
  REPORT_INTERVAL_SECONDS: '0.1',
  UNUSED_DIRECTORY_SECONDS: '0.2',
};

let stack: IsolatedStack;
beforeAll(async () => {
  stack = new IsolatedStack();
  await stack.start();
  for (const handle of ['core-infra', 'web', 'database']) stack.destination.add(handle);
});
afterAll(() => stack.stop());

/** Resolves when each connection has `more` further reports of a successful sync. */
const syncedAgain = async (connections: readonly Connection[], more = 1) => {
  const before = connections.map((connection) => stack.reportsOf(connection, 'synced').length);
  await waitFor('every connection to be synced again', () =>
    connections.every(
      (connection, index) => stack.reportsOf(connection, 'synced').length >= (before[index] ?? 0) + more,
    ),
  );
};

describe('instances of handle-sync', () => {
  it('sync again after a restart and write nothing twice', async () => {
    const first = await stack.run(often);
    const connection = await stack.connect();
    await syncedAgain([connection]);
    await first.stop();
    await stack.written(connection, 3);
    const written = stack.handleRecords.length;
    const second = await stack.run(often);
    await syncedAgain([connection], 2);
    expect(stack.handleRecords).toHaveLength(written);
    expect(await second.handles(connection.sourceOrg)).toHaveLength(3);
    await second.stop();
  });

  it('delete the handles of a connection that was deleted while none of them ran', async () => {
    const first = await stack.run(often);
    const connection = await stack.connect();
    await syncedAgain([connection]);
    await first.stop();
    await stack.remove(connection);
    const second = await stack.run(often);
    await waitFor('tombstones', () => stack.recordsOf(connection).filter(({ handle }) => handle === null).length === 3);
    await second.stop();
  });

  it('share the connections, write each difference once, and take over from one that stops', async () => {
    const [one, two] = await Promise.all([stack.run(often), stack.run(often)]);
    // So many that the partitions of their directories are hardly ever those of one instance alone.
    const connections = await Promise.all(Array.from({ length: 20 }, () => stack.connect()));
    await syncedAgain(connections, 2);
    for (const instance of [one, two]) await waitFor('a sync', async () => (await syncsOf(instance.metrics())) > 0);
    for (const connection of connections) expect(await stack.written(connection, 3)).toHaveLength(3);
    await one.stop();
    await syncedAgain(connections, 2);
    for (const connection of connections) {
      expect(await two.handles(connection.sourceOrg)).toHaveLength(3);
      expect(stack.recordsOf(connection)).toHaveLength(3);
    }
    await two.stop();
  });
});

const syncsOf = async (metrics: Promise<string>): Promise<number> =>
  Number(/pagebridge_syncs_total\{result="synced".*\} (\d+)/.exec(await metrics)?.[1] ?? 0);
