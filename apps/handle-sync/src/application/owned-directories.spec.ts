import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { DirectoryWorld, directory, minute } from './directory-world.fixtures.ts';

let world: DirectoryWorld;
let connection: Connection;

beforeEach(() => {
  world = new DirectoryWorld();
  world.add('core', 'web', 'db');
  connection = world.connect();
});
afterEach(() => world.owned.stop());

describe('a directory that no connection uses', () => {
  it('is deleted after ten minutes, and the deletion is retried if Kafka fails', async () => {
    await world.begin();
    world.remove(connection);
    await world.clock.advance(9 * minute);
    expect(world.handles).toHaveLength(3);
    world.isKafkaDown = true;
    await world.clock.advance(2 * minute);
    world.isKafkaDown = false;
    expect(world.handles).toHaveLength(3);
    await world.clock.advance(11 * minute);
    expect([world.handles, world.status]).toEqual([[], undefined]);
  });

  it('is kept if a connection uses it again before that', async () => {
    await world.begin();
    world.remove(connection);
    await world.clock.advance(9 * minute);
    world.connect();
    await world.clock.advance(30 * minute);
    expect(world.handles).toHaveLength(3);
    expect(world.writes).toHaveLength(3);
  });

  it('is kept if a connection uses it again during the deletion', async () => {
    await world.begin();
    world.remove(connection);
    const release = world.holdDeletions();
    await world.clock.advance(11 * minute);
    world.connect();
    await world.clock.advance(5 * minute);
    release();
    await world.clock.advance(1);
    expect(world.handles).toHaveLength(3);
    expect(world.writes.filter(({ team }) => team === null)).toEqual([]);
    expect(world.status).toMatchObject({ teams: 3 });
  });

  it('is kept while a connection cannot be read', async () => {
    await world.begin();
    world.tables.connectionUnreadable('somebody');
    world.remove(connection);
    await world.clock.advance(30 * minute);
    expect(world.handles).toHaveLength(3);
  });
});

describe('a directory without a complete sync', () => {
  it('is outdated after fifteen minutes, since its last complete sync, until the next one', async () => {
    await world.begin();
    const complete = world.status?.completeAt ?? '';
    world.revoked.add(connection.connectionId);
    await world.clock.advance(14 * minute);
    expect(world.owned.outdatedSince()).toEqual([]);
    await world.clock.advance(10 * minute);
    const [[, since] = []] = world.owned.outdatedSince();
    expect(since?.getTime()).toBeGreaterThanOrEqual(Date.parse(complete));
    expect(since?.getTime()).toBeLessThan(world.clock.now().getTime() - 15 * minute);
    world.revoked.clear();
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(minute);
    expect(world.owned.outdatedSince()).toEqual([]);
  });

  it('is outdated since this process owns it, if there never was one', async () => {
    const begun = world.clock.now();
    world.revoked.add(connection.connectionId);
    await world.begin();
    await world.clock.advance(20 * minute);
    expect(world.owned.outdatedSince()).toEqual([[directory, begun]]);
  });
});

describe('connections whose credential is refused', () => {
  it('are listed with the one first that has been refused for longest', async () => {
    const second = world.connect();
    await world.begin();
    for (const { connectionId } of [second, connection]) {
      world.revoked.add(connectionId);
      world.owned.request(directory, connectionId);
      await world.clock.advance(minute);
    }
    expect(world.owned.refusedConnections()).toEqual([second.connectionId, connection.connectionId]);
  });
});
