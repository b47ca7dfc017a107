import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { DirectoryWorld, directory, failure, forbidden, minute, second } from '../directory-world.fixtures.ts';

let world: DirectoryWorld;
let connection: Connection;

beforeEach(async () => {
  world = new DirectoryWorld();
  world.add('core', 'web', 'db', 'mobile');
  connection = world.connect();
  await world.own();
  await world.clock.advance(minute);
  expect(world.handles).toEqual(['core', 'db', 'mobile', 'web']);
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.owned.stop();
});

describe('a handle', () => {
  it('is removed when two lists, five minutes apart, do not show its team', async () => {
    world.teams.delete('db');
    await world.clock.advance(5 * minute);
    expect(world.handles).toContain('db');
    await world.clock.advance(3 * minute);
    expect(world.handles).toEqual(['core', 'mobile', 'web']);
    expect(world.lastFor(connection)).toMatchObject({ kind: 'synced', removed: 1, teams: 3 });
  });

  it('moves to the team that has it now at once, if the former team is no longer listed', async () => {
    world.teams.delete('db');
    world.teams.set('db-2', { id: 'db-2', handle: 'db', name: 'db', rules: true });
    world.writes.length = 0;
    await world.clock.advance(2 * minute);
    expect(world.writes.map(({ teamId, team }) => [teamId, team?.teamHandle])).toEqual([
      ['db-2', 'db'],
      ['db', undefined],
    ]);
    expect(world.lastFor(connection)).toMatchObject({ kind: 'synced', added: 1, removed: 1, teams: 4 });
  });

  it('belongs to both of two teams that are listed with it, although a destination should not do this', async () => {
    world.teams.set('db-2', { id: 'db-2', handle: 'db', name: 'db', rules: true });
    await world.clock.advance(10 * minute);
    expect([...world.tables.teamsOf(directory).keys()]).toEqual(expect.arrayContaining(['db', 'db-2']));
  });

  it('stays if a list in between shows its team', async () => {
    const { db } = Object.fromEntries(world.teams);
    for (let count = 0; count < 4; count += 1) {
      world.teams.delete('db');
      await world.clock.advance(4 * minute);
      world.add('db');
      await world.clock.advance(2 * minute);
    }
    expect(db).toBeDefined();
    expect(world.handles).toContain('db');
    expect(world.writes.filter(({ teamId }) => teamId === 'db')).toHaveLength(1);
  });

  it('stays if no list shows its team but its rules exist, as when other teams come and go', async () => {
    const { beforePage } = world;
    const db = world.team('db');
    world.beforePage = () => world.teams.delete('db');
    world.teams.delete('db');
    const get = world.teams.get.bind(world.teams);
    world.teams.get = (id) => (id === 'db' ? db : get(id));
    await world.clock.advance(30 * minute);
    world.beforePage = beforePage;
    expect(world.handles).toContain('db');
  });

  it('stays if the entries of a list do not add up to its total', async () => {
    for (let index = 0; index < 120; index += 1) world.add(`team-${index}`);
    await world.clock.advance(2 * minute);
    let made = 0;
    world.beforePage = (page) => {
      if (page === 1) world.add(`made-${made++}`);
    };
    world.teams.delete('db');
    await world.clock.advance(15 * minute);
    expect(world.handles).toContain('db');
    expect(world.lastFor(connection)).toMatchObject({
      kind: 'sync-failed',
      detail: expect.stringContaining('changed while it was read'),
    });
  });

  it('stays if only requested lists did not show its team', async () => {
    await world.owned.stop();
    // No regular sync is due meanwhile.
    const sync = {
      intervalMs: 60 * minute,
      retryMs: 2 * second,
      gapMs: 2 * second,
      lateMs: 5 * minute,
      concurrency: 4,
    };
    world = new DirectoryWorld({ sync });
    world.add('core', 'web', 'db', 'mobile');
    world.connect();
    await world.begin();
    world.teams.delete('db');
    for (let count = 0; count < 60; count += 1) {
      world.owned.request(directory, undefined);
      await world.clock.advance(minute / 4);
    }
    expect(world.called('teams')).toBeGreaterThan(60);
    expect(world.handles).toContain('db');
  });

  it.each([
    ['is deleted', () => world.teams.delete('db')],
    ['lost its rules', () => Object.assign(world.team('db'), { rules: false })],
  ])('is removed although a sync is requested every 50 s, if its team %s', async (_what, lose) => {
    lose();
    for (let count = 0; count < 36; count += 1) {
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(50 * second);
    }
    expect(world.handles).toEqual(['core', 'mobile', 'web']);
  });

  it('is removed no sooner if a sync was requested between its deletion and the next regular sync', async () => {
    // Regular syncs are due every 63 s: at 63 s, 126 s and so on.
    await world.clock.advance(5 * second);
    world.teams.delete('db');
    world.owned.request(directory, connection.connectionId);
    // At 378 s the requested sync is 313 s old, and the first regular sync 252 s.
    await world.clock.advance(6 * minute);
    expect(world.handles).toContain('db');
    await world.clock.advance(20 * second);
    expect(world.handles).not.toContain('db');
  });

  it('needs the full time again if the role of the account changes', async () => {
    world.teams.delete('db');
    await world.clock.advance(4 * minute);
    world.permissions.add('user_access_read');
    await world.clock.advance(4 * minute);
    expect(world.handles).toContain('db');
    await world.clock.advance(4 * minute);
    expect(world.handles).not.toContain('db');
  });

  it('needs the full time again if another credential is used', async () => {
    const other = world.connect();
    await world.clock.advance(minute);
    world.teams.delete('db');
    await world.clock.advance(4 * minute);
    world.revoked.add(connection.connectionId);
    await world.clock.advance(4 * minute);
    expect(world.kindsFor(connection).at(-1)).toBe('credential-fault');
    expect(world.handles).toContain('db');
    await world.clock.advance(4 * minute);
    expect(world.handles).not.toContain('db');
    expect(world.lastFor(other)).toMatchObject({ kind: 'synced', removed: 1 });
  });

  it('needs twice the time if most handles of the directory would be removed', async () => {
    for (const id of ['db', 'web', 'mobile']) world.teams.delete(id);
    await world.clock.advance(9 * minute);
    expect(world.handles).toHaveLength(4);
    await world.clock.advance(4 * minute);
    expect(world.handles).toEqual(['core']);
  });

  it('is removed with many others one after the other, and a sync that is requested meanwhile is answered', async () => {
    for (let index = 0; index < 396; index += 1) world.add(`team-${index}`);
    await world.clock.advance(2 * minute);
    expect(world.handles).toHaveLength(400);
    world.rulesMs = 4 * second;
    for (let index = 0; index < 150; index += 1) world.teams.delete(`team-${index}`);
    for (let count = 0; count < 600 && world.handles.length === 400; count += 1) await world.clock.advance(second);
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(20 * second);
    expect(world.reports.flatMap(({ answers }) => answers)).toContain('request-1');
    expect(world.handles.length).toBeGreaterThan(350);
    await world.clock.advance(10 * minute);
    expect(world.handles).toHaveLength(250);
  });

  it('is removed when its team has had no rules for long enough, and stays while they cannot be read', async () => {
    world.team('db').rules = false;
    world.team('web').rules = failure();
    world.team('mobile').rules = forbidden;
    await world.clock.advance(30 * minute);
    expect(world.handles).toEqual(['core', 'mobile', 'web']);
  });

  it('stays twice as long if all rules of a large directory seem gone, read a tenth at a time', async () => {
    for (let index = 0; index < 96; index += 1) world.add(`team-${index}`);
    await world.clock.advance(2 * minute);
    expect(world.handles).toHaveLength(100);
    for (const team of world.teams.values()) team.rules = false;
    await world.clock.advance(9 * minute);
    expect(world.handles).toHaveLength(100);
    for (const team of world.teams.values()) team.rules = true;
    await world.clock.advance(20 * minute);
    expect(world.writes).toHaveLength(100);
  });

  it('is written again at once when somebody else deletes its record', async () => {
    world.arrive({ teamId: 'db', team: null });
    expect(world.handles).not.toContain('db');
    await world.clock.advance(0);
    expect(world.handles).toContain('db');
  });
});
