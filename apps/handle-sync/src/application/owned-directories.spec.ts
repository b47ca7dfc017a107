import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { DirectoryWorld, minute } from './directory-world.fixtures.ts';

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
