import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { DirectoryWorld, directory, failure, minute, second } from '../directory-world.fixtures.ts';

let world: DirectoryWorld;
let connection: Connection;

beforeEach(() => {
  world = new DirectoryWorld();
  world.add('core', 'web', 'db');
  connection = world.connect();
});
afterEach(() => world.owned.stop());

const addMany = (count: number) => {
  for (let index = 0; index < count; index += 1) world.add(`team-${index}`);
};
const answersTo = (requestId: string) => world.reports.filter(({ answers }) => answers?.includes(requestId));

describe('a directory with requested syncs', () => {
  it('answers every request, simultaneous ones with one sync, and keeps the gap between syncs', async () => {
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

  it('reads a team that was put on call before it answers the request', async () => {
    addMany(97);
    world.team('team-96').rules = false;
    await world.begin();
    world.rulesMs = second / 2;
    world.team('team-96').rules = true;
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(10 * second);
    const answer = world.reports.find(({ answers }) => answers?.includes('request-1'));
    expect(answer).toMatchObject({ kind: 'synced', added: 1, teams: 100 });
  });

  it('reads a team that was put on call first, although rules of an earlier request are still to be read', async () => {
    addMany(97);
    world.team('team-0').rules = false;
    await world.begin();
    // No regular sync begins in the next minute.
    await world.clock.advance(10 * second);
    world.rulesMs = second;
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(4.5 * second);
    world.team('team-0').rules = true;
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(3 * second);
    expect(world.handles).toContain('team-0');
  });

  it.each([
    ['all concurrent calls', second, undefined],
    ['four fifths of the rate limit', 0, { limit: 300, remaining: 299, periodMs: minute, resetMs: minute }],
  ])('uses %s to read all rules again', async (_what, rulesMs, rulesLimit) => {
    addMany(97);
    await world.begin();
    Object.assign(world, { rulesMs, rulesLimit });
    world.calls = [];
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(32 * second);
    expect(world.called('rules')).toBeGreaterThanOrEqual(100);
  });

  it('answers a request within seconds although many rules are still to be read', async () => {
    addMany(97);
    await world.begin();
    world.rulesMs = second;
    world.calls = [];
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(6 * second);
    expect(world.called('rules')).toBeLessThan(50);
    expect(world.reports.flatMap(({ answers }) => answers)).toContain('request-1');
  });

  it('answers a request once although a regular sync begins before it is answered', async () => {
    addMany(97);
    await world.begin();
    // The next regular sync begins half a second after this request.
    await world.clock.advance(2.5 * second);
    world.rulesMs = second;
    world.calls = [];
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(2 * second);
    expect(world.called('teams')).toBe(2);
    expect(answersTo('request-1')).toEqual([]);
    await world.clock.advance(4 * second);
    expect(answersTo('request-1')).toMatchObject([{ kind: 'synced' }]);
  });

  it('answers a request although some rules cannot be read, and only with their number', async () => {
    const other = world.connect();
    await world.begin();
    world.team('web').rules = failure();
    world.add('mobile');
    world.team('mobile').rules = failure();
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(6 * second);
    expect(answersTo('request-1')).toMatchObject([{ kind: 'sync-failed', unread: 2 }]);
    expect(world.kindsFor(other)).not.toContain('sync-failed');
    for (const id of ['web', 'mobile']) world.team(id).rules = true;
    await world.clock.advance(2 * minute);
    expect(world.lastFor(connection)).toMatchObject({ kind: 'synced', teams: 4 });
    expect(answersTo('request-1')).toHaveLength(1);
  });

  it('answers a request within seconds although the destination is slow to answer for a team', async () => {
    addMany(97);
    await world.begin();
    world.slow.set('team-9', minute);
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(6 * second);
    expect(answersTo('request-1')).toMatchObject([{ kind: 'synced' }]);
  });

  it('answers a request after a slow batch of rules if Kafka is away before', async () => {
    addMany(97);
    await world.begin();
    world.slow.set('team-9', 20 * second);
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(2 * second);
    world.isKafkaDown = true;
    await world.clock.advance(4 * second);
    world.isKafkaDown = false;
    await world.clock.advance(20 * second);
    expect(answersTo('request-1')).toMatchObject([{ kind: 'synced' }]);
    expect(world.errors).toEqual([]);
  });

  it('answers that a sync is incomplete while the destination has not answered for any team', async () => {
    await world.begin();
    world.rulesMs = 20 * second;
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(6 * second);
    expect(answersTo('request-1')).toMatchObject([{ kind: 'sync-failed' }]);
    await world.clock.advance(20 * second);
    expect(world.lastFor(connection)?.kind).toBe('synced');
    expect(answersTo('request-1')).toHaveLength(1);
  });

  it('reads rules before it answers a request although the list is slow', async () => {
    await world.begin();
    // No regular sync begins in the next minute.
    await world.clock.advance(10 * second);
    world.listMs = 5 * second;
    world.rulesMs = second / 2;
    world.calls = [];
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(5.2 * second);
    expect(answersTo('request-1')).toEqual([]);
    await world.clock.advance(2 * second);
    expect(world.called('rules')).toBeGreaterThan(0);
    expect(answersTo('request-1')).toMatchObject([{ kind: 'synced' }]);
  });

  it('answers a request although others follow before all rules are read', async () => {
    addMany(97);
    await world.begin();
    world.rulesMs = second;
    for (let count = 0; count < 4; count += 1) {
      world.owned.request(directory, connection.connectionId, `request-${count}`);
      await world.clock.advance(2 * second);
    }
    expect(answersTo('request-0')).toHaveLength(1);
  });

  it('is listed for each request, and in addition once per interval', async () => {
    await world.begin();
    world.calls = [];
    for (let count = 0; count < 30; count += 1) {
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(20 * second);
    }
    // 30 requested lists, and at most one regular list for each of ten minutes.
    expect(world.called('teams')).toBeLessThanOrEqual(40);
    expect(world.called('teams')).toBeGreaterThan(30);
  });

  it('keeps the gap between requested syncs while syncs fail', async () => {
    await world.begin();
    world.listFailure = failure({ kind: 'permanent' });
    world.calls = [];
    for (let count = 0; count < 100; count += 1) {
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(second / 10);
    }
    expect(world.called('teams')).toBeLessThanOrEqual(6);
  });

  it('answers a request that came while a sync was failing', async () => {
    await world.begin();
    world.listFailure = failure();
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(second / 10);
    world.listFailure = undefined;
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(3 * second);
    expect(world.kindsFor(connection).at(-1)).toBe('synced');
  });

  it('answers a request although the destination fails while the rules are read', async () => {
    addMany(97);
    await world.begin();
    // No regular sync begins in the next minute.
    await world.clock.advance(10 * second);
    world.rulesMs = second;
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(1.5 * second);
    for (const team of world.teams.values()) team.rules = failure();
    await world.clock.advance(30 * second);
    for (const team of world.teams.values()) team.rules = true;
    await world.clock.advance(3 * minute);
    expect(world.reports.filter(({ answers }) => answers?.includes('request-1'))).toHaveLength(1);
  });

  it('answers a request once if the sync fails after everything new was read', async () => {
    await world.begin();
    for (const id of ['core', 'web', 'db']) world.team(id).rules = failure();
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(20 * second);
    expect(world.lastFor(connection)?.kind).toBe('sync-failed');
    expect(world.reports.filter(({ answers }) => answers?.includes('request-1'))).toHaveLength(1);
  });
});
