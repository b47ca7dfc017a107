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

describe('a directory', () => {
  it('is read in rounds: one list, and the rules of a tenth of the teams', async () => {
    addMany(97);
    await world.begin();
    expect(world.handles).toHaveLength(100);
    world.calls = [];
    await world.clock.advance(10 * minute);
    expect(world.called('teams')).toBe(10);
    expect(world.called('rules')).toBe(100);
    expect(new Set(world.calls.filter((call) => call.startsWith('rules'))).size).toBe(100);
  });

  it('is still read completely if the rules of some teams cannot be read; these are reported', async () => {
    addMany(97);
    for (let index = 0; index < 20; index += 1) world.team(`team-${index}`).rules = failure();
    await world.begin();
    expect(world.handles).toHaveLength(80);
    for (const id of ['core', 'team-50', 'team-96']) world.team(id).handle = `new-${id}`;
    world.team('db').rules = false;
    await world.clock.advance(25 * minute);
    expect(world.handles).toHaveLength(79);
    expect(world.handles).toEqual(expect.arrayContaining(['new-core', 'new-team-50', 'new-team-96']));
    expect(world.lastFor(connection)).toMatchObject({ kind: 'sync-failed', unread: 20 });
    world.calls = [];
    await world.clock.advance(10 * minute);
    // In each round a tenth of all teams, and each failing team three times.
    expect(world.called('rules')).toBeLessThanOrEqual(10 * (10 + 20 * 3));
    expect(world.called('teams')).toBeLessThan(13);
  });

  it('is read less and less often while the destination fails, and is reported once', async () => {
    await world.begin();
    world.listFailure = failure();
    world.calls = [];
    await world.clock.advance(9 * minute);
    expect(world.called('teams')).toBeLessThan(3 * 16);
    expect(world.kindsFor(connection)).toEqual(['synced', 'sync-failed']);
    expect(world.handles).toHaveLength(3);
    world.listFailure = undefined;
    await world.clock.advance(2 * minute);
    expect(world.kindsFor(connection)).toEqual(['synced', 'sync-failed', 'synced']);
  });

  it('is not read more often if its connections change while the destination fails', async () => {
    await world.begin();
    world.listFailure = failure({ kind: 'permanent' });
    world.calls = [];
    for (let count = 0; count < 9 * 60; count += 1) {
      world.connect({ ...connection, version: 100 + count, name: `Globex ${count}` });
      await world.clock.advance(second);
    }
    expect(world.called('teams')).toBeLessThan(16);
  });

  it('is read less often if lists work and rules fail', async () => {
    await world.begin();
    for (const team of world.teams.values()) team.rules = failure();
    world.calls = [];
    await world.clock.advance(30 * minute);
    expect(world.called('teams')).toBeLessThan(45);
  });

  it('keeps the first teams up to the limit, and is not reported as complete while others are left out', async () => {
    await world.owned.stop();
    const reported: unknown[] = [];
    const log = { debug: () => {}, info: () => {}, warn: (its: unknown) => void reported.push(its), error: () => {} };
    const store = { renameGraceMs: 60 * minute, confirmMs: 5 * minute, maxTeams: 3 };
    world = new DirectoryWorld({ store }, { log });
    world.add('core', 'web', 'db');
    connection = world.connect();
    await world.begin();
    const { completeAt } = world.status ?? {};
    world.add('mobile', 'search');
    world.owned.request(directory, connection.connectionId, 'request-1');
    await world.clock.advance(30 * minute);
    expect(world.handles).toEqual(['core', 'db', 'web']);
    expect(world.status).toMatchObject({ teams: 3, completeAt });
    expect(world.reports).toContainEqual(expect.objectContaining({ kind: 'sync-failed', answers: ['request-1'] }));
    expect(world.lastFor(connection)).toMatchObject({
      kind: 'sync-failed',
      detail: expect.stringMatching(/2 are dropped\. Increase MAX_TEAMS/),
    });
    expect(reported).toEqual([{ directory, maxTeams: 3 }]);
    world.teams.delete('db');
    world.teams.delete('search');
    await world.clock.advance(20 * minute);
    expect(world.handles).toEqual(['core', 'mobile', 'web']);
    expect(world.lastFor(connection)?.kind).toBe('synced');
  });

  it('is reported as complete only once its teams are written', async () => {
    world.isKafkaDown = true;
    await world.begin();
    expect(world.reports).toEqual([]);
    world.isKafkaDown = false;
    const up = world.clock.now().getTime();
    await world.clock.advance(2 * minute);
    expect(world.handles).toEqual(['core', 'db', 'web']);
    expect(Date.parse(world.status?.completeAt ?? '')).toBeGreaterThanOrEqual(up);
    expect(world.lastFor(connection)?.kind).toBe('synced');
  });

  it('is read less often while Kafka is down', async () => {
    addMany(97);
    world.isKafkaDown = true;
    await world.begin();
    await world.clock.advance(9 * minute);
    expect(world.errors.length).toBeLessThan(20);
    expect(world.calls.length).toBeLessThan(100);
    world.isKafkaDown = false;
    await world.clock.advance(2 * minute);
    expect(world.handles).toHaveLength(100);
  });

  it('reads again what could not be written', async () => {
    world.team('db').rules = false;
    await world.begin();
    world.isKafkaDown = true;
    world.team('db').rules = true;
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(minute);
    world.isKafkaDown = false;
    await world.clock.advance(2 * minute);
    expect(world.handles).toContain('db');
    expect(world.lastFor(connection)).toMatchObject({ kind: 'synced', teams: 3 });
  });

  it('reads a new team before all others in a requested sync', async () => {
    addMany(97);
    await world.begin();
    world.add('aaa-new');
    world.calls = [];
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(5 * second);
    const rules = world.calls.filter((call) => call.startsWith('rules'));
    expect(rules).toHaveLength(101);
    expect(rules.slice(0, 4)).toContain('rules aaa-new');
  });

  it('counts changes once that came while it was incomplete', async () => {
    await world.begin();
    const before = world.reports.length;
    world.team('web').rules = failure();
    world.add('mobile', 'payments');
    world.team('core').handle = 'kernel';
    await world.clock.advance(4 * minute);
    expect(world.kindsFor(connection)).toContain('sync-failed');
    world.team('web').rules = true;
    await world.clock.advance(20 * minute);
    const reported = world.reports.slice(before).filter((report) => report.kind === 'synced');
    expect(reported.map(({ added }) => added).filter((added) => added > 0)).toEqual([2]);
    expect(reported.flatMap(({ renamed }) => renamed)).toEqual([{ teamId: 'core', from: 'core', to: 'kernel' }]);
  });

  it('is reported every ten minutes if nothing changes', async () => {
    await world.begin();
    const reported = world.reports.length;
    await world.clock.advance(60 * minute);
    expect(world.reports.length - reported).toBeGreaterThanOrEqual(5);
    expect(world.reports.length - reported).toBeLessThanOrEqual(6);
  });

  it('keeps what was written when another instance takes over, and writes nothing twice', async () => {
    await world.begin();
    world.add('mobile');
    await world.disown();
    await world.own();
    await world.disown();
    await world.own();
    await world.clock.advance(2 * minute);
    expect(world.handles).toEqual(['core', 'db', 'mobile', 'web']);
    expect(world.writes.map(({ teamId }) => teamId)).toEqual(['core', 'web', 'db', 'mobile']);
  });

  it('stops in the middle of a sync, and leaves no timer behind', async () => {
    await world.begin();
    world.listFailure = failure({ retryAfterMs: minute });
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(10);
    await world.owned.stop();
    const { length } = world.calls;
    await world.clock.advance(60 * minute);
    expect(world.calls).toHaveLength(length);
    expect(world.clock.waiting).toBe(0);
  });
});
