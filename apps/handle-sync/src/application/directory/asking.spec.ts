import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { DirectoryWorld, directory, failure, minute, second } from '../directory-world.features.ts';

let world: DirectoryWorld;
let connection: Connection;

beforeEach(() => {
  world = new DirectoryWorld();
  world.add('core', 'web', 'db');
  connection = world.connect();
});
afterEach(() => world.owned.stop());

describe('a directory for which somebody asks for a sync', () => {
  it('answers everybody who asks, with one look where they ask together, and no sooner than agreed', async () => {
    const other = world.connect();
    await world.begin();
    await world.clock.advance(9 * second);
    world.calls = [];
    for (let count = 0; count < 50; count += 1) {
      world.owned.request(directory, connection.connectionId);
      world.owned.request(directory, other.connectionId);
      await world.clock.advance(second / 10);
    }
    expect(world.called('teams')).toBeLessThanOrEqual(4);
    expect(world.called('teams')).toBeGreaterThanOrEqual(2);
    for (const each of [connection, other]) expect(world.kindsFor(each).length).toBeGreaterThan(2);
  });

  it('answers who asked though a look that is due by itself begins before all of it is read', async () => {
    await world.begin();
    world.team('web').rules = failure();
    world.add('mobile');
    world.team('mobile').rules = failure();
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(20 * second);
    expect(world.reports.flatMap(({ answers }) => answers)).not.toContain('request-1');
    for (const id of ['web', 'mobile']) world.team(id).rules = true;
    await world.clock.advance(2 * minute);
    expect(world.reports.flatMap(({ answers }) => answers)).toContain('request-1');
  });

  it('is listed once more in each interval, and no oftener, where somebody asks again and again', async () => {
    await world.begin();
    world.calls = [];
    for (let count = 0; count < 30; count += 1) {
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(20 * second);
    }
    // 30 that are asked for, and at most one for each of ten minutes.
    expect(world.called('teams')).toBeLessThanOrEqual(40);
    expect(world.called('teams')).toBeGreaterThan(30);
  });

  it('does not answer more often than agreed while looks fail', async () => {
    await world.begin();
    world.listFailure = failure({ kind: 'permanent' });
    world.calls = [];
    for (let count = 0; count < 100; count += 1) {
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(second / 10);
    }
    expect(world.called('teams')).toBeLessThanOrEqual(6);
  });

  it('tells who asked while a look was failing', async () => {
    await world.begin();
    world.listFailure = failure();
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(second / 10);
    world.listFailure = undefined;
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(3 * second);
    expect(world.kindsFor(connection).at(-1)).toBe('synced');
  });

  it('answers nobody twice where it fails after all that was new has been read', async () => {
    await world.begin();
    for (const id of ['core', 'web', 'db']) world.team(id).rules = failure();
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(20 * second);
    expect(world.lastFor(connection)?.kind).toBe('sync-failed');
    expect(world.reports.filter(({ answers }) => answers?.includes('request-1'))).toHaveLength(1);
  });
});
