import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DirectoryWorld, directory, failure, forbidden, minute, second } from '../directory-world.fixtures.ts';

let world: DirectoryWorld;

beforeEach(() => {
  world = new DirectoryWorld();
  world.add('core', 'web', 'db');
});
afterEach(async () => {
  expect(world.errors).toEqual([]);
  await world.owned.stop();
});

describe('a credential', () => {
  it('is reported to lack a permission if all rules are forbidden, and as repaired once they can be read', async () => {
    const connection = world.connect();
    await world.begin();
    world.permissions.delete('on_call_read');
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(5 * second);
    expect(world.lastFor(connection)).toMatchObject({ kind: 'credential-fault', missingPermission: 'on_call_read' });
    expect([world.status?.refused, world.owned.refusedConnections()]).toEqual([
      [connection.connectionId],
      [connection.connectionId],
    ]);
    world.permissions.add('on_call_read');
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(5 * second);
    expect(world.kindsFor(connection)).toEqual(['synced', 'credential-fault', 'repaired', 'synced']);
    expect([world.status?.refused, world.owned.refusedConnections()]).toEqual([[], []]);
  });

  it('is not reported as faulty if access control hides many teams but not all', async () => {
    for (let index = 0; index < 30; index += 1) world.add(`hidden-${index}`);
    for (const [id, team] of world.teams) if (id.startsWith('hidden')) team.rules = forbidden;
    world.add('last');
    const connection = world.connect();
    await world.begin();
    expect(world.handles).toEqual(['core', 'db', 'last', 'web']);
    await world.clock.advance(30 * minute);
    expect(world.kindsFor(connection)).not.toContain('credential-fault');
  });

  it('is not reported as faulty if the first teams of a new directory are hidden', async () => {
    world.teams.clear();
    for (let index = 0; index < 30; index += 1) world.add(`hidden-${index}`);
    for (const team of world.teams.values()) team.rules = forbidden;
    world.add('last');
    const connection = world.connect();
    await world.begin();
    expect(world.handles).toEqual(['last']);
    expect(world.kindsFor(connection)).toEqual(['synced']);
    // The rules of hidden teams are tried in their turn like all others, not in each round.
    world.calls = [];
    await world.clock.advance(10 * minute);
    expect(world.called('rules')).toBeLessThan(50);
  });

  it('is reported as refused once while it may read no rules of a new directory', async () => {
    world.permissions.delete('on_call_read');
    const connection = world.connect();
    await world.begin();
    await world.clock.advance(3 * minute);
    expect(world.kindsFor(connection)).toEqual(['credential-fault']);
    world.permissions.add('on_call_read');
    await world.clock.advance(30 * minute);
    expect(world.handles).toEqual(['core', 'db', 'web']);
  });

  it('is replaced by the next credential when it is refused, until a requested sync succeeds', async () => {
    const connections = [world.connect(), world.connect(), world.connect()];
    await world.begin();
    for (const { connectionId } of connections.slice(0, 2)) world.revoked.add(connectionId);
    world.add('mobile');
    const last = connections[2];
    world.owned.request(directory, last?.connectionId);
    await world.clock.advance(10 * second);
    expect(world.handles).toContain('mobile');
    expect(connections.map((connection) => world.lastFor(connection)?.kind)).toEqual([
      'credential-fault',
      'credential-fault',
      'synced',
    ]);
  });

  it('is tried less and less often while it is refused, and at once when a sync is requested', async () => {
    const [, revoked] = [world.connect(), world.connect()];
    await world.begin();
    world.revoked.add(revoked.connectionId);
    await world.clock.advance(2 * 60 * minute);
    const before = world.called(`keys ${revoked.connectionId}`);
    expect(before).toBeLessThan(15);
    world.revoked.delete(revoked.connectionId);
    world.owned.request(directory, revoked.connectionId);
    await world.clock.advance(5 * second);
    const kinds = world.kindsFor(revoked);
    expect(kinds.slice(kinds.lastIndexOf('credential-fault')).slice(1, 3)).toEqual(['repaired', 'synced']);
  });

  it('is not reported as working before it was used, even if the directory is completely known', async () => {
    world.connect();
    await world.begin();
    const { validateKeys } = world;
    world.validateKeys = failure();
    const second = world.connect();
    await world.clock.advance(5 * minute);
    expect(world.kindsFor(second)).toEqual([]);
    world.validateKeys = validateKeys;
    await world.clock.advance(5 * minute);
    expect(world.kindsFor(second)).toEqual(['synced']);
  });

  it('is tried before a sync request for its connection is answered', async () => {
    const [, other] = [world.connect(), world.connect()];
    await world.begin();
    world.revoked.add(other.connectionId);
    world.owned.request(directory, other.connectionId, 'request-1');
    await world.clock.advance(10 * second);
    expect(world.lastFor(other)).toMatchObject({ kind: 'credential-fault', answers: ['request-1'] });
    world.revoked.clear();
    world.owned.request(directory, other.connectionId, 'request-2');
    await world.clock.advance(10 * second);
    expect(world.lastFor(other)).toMatchObject({ kind: 'synced', answers: ['request-2'] });
  });

  it('is not reported as repaired while new keys have not been used', async () => {
    const [, other] = [world.connect(), world.connect()];
    await world.begin();
    world.revoked.add(other.connectionId);
    world.owned.request(directory, other.connectionId);
    await world.clock.advance(2 * 60 * minute);
    expect(world.kindsFor(other).at(-1)).toBe('credential-fault');
    world.revoked.clear();
    world.validateKeys = failure();
    world.listFailure = failure();
    world.rotate(other);
    await world.clock.advance(10 * minute);
    expect(world.lastFor(other)).toMatchObject({ kind: 'sync-failed', credentialRevision: 2 });
    expect(world.kindsFor(other)).not.toContain('repaired');
  });

  it('is no longer used once its connection is deleted, even during a sync', async () => {
    const first = world.connect();
    world.connect();
    await world.begin();
    world.beforePage = () => {
      world.remove(first);
      world.revoked.add(first.connectionId);
    };
    world.add('mobile');
    await world.clock.advance(3 * minute);
    expect(world.handles).toContain('mobile');
    expect(world.kindsFor(first)).toEqual(['synced']);
  });

  it('causes a sync at once when it has new keys', async () => {
    const connection = world.connect();
    await world.begin();
    world.rotate(connection);
    await world.clock.advance(second);
    expect(world.lastFor(connection)).toMatchObject({ kind: 'synced', credentialRevision: 2 });
  });

  it('causes no sync if its connection only gets another name', async () => {
    const connection = world.connect();
    await world.begin();
    await world.clock.advance(10 * second);
    const lists = world.called('teams');
    for (let version = 10; version < 30; version += 1)
      world.connect({ ...connection, version, name: `Globex ${version}` });
    await world.clock.advance(10 * second);
    expect(world.called('teams')).toBe(lists);
  });
});

describe('a new owner of a directory', () => {
  it('does not repeat the reports of the former owner, and reports the end of a fault', async () => {
    const [works, fails] = [world.connect(), world.connect()];
    await world.begin();
    world.revoked.add(fails.connectionId);
    world.owned.request(directory, fails.connectionId);
    await world.clock.advance(61 * minute);
    await world.disown();
    const reported = world.reports.length;
    await world.own();
    await world.clock.advance(3 * minute);
    expect(world.reports.slice(reported).filter(({ connectionId }) => connectionId === works.connectionId)).toEqual([]);
    world.revoked.clear();
    world.owned.request(directory, fails.connectionId);
    await world.clock.advance(10 * second);
    expect(world.kindsFor(fails).slice(-2)).toEqual(['repaired', 'synced']);
  });

  it('does not report keys as repaired while they lack the same permission', async () => {
    const connection = world.connect();
    await world.begin();
    const checkFault = async (forbid: () => void, allow: () => void) => {
      forbid();
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(61 * minute);
      await world.disown();
      const reported = world.reports.length;
      await world.own();
      await world.clock.advance(30 * minute);
      expect(new Set(world.reports.slice(reported).map(({ kind }) => kind))).toEqual(new Set(['credential-fault']));
      allow();
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(10 * second);
      expect(world.kindsFor(connection).slice(-2)).toEqual(['repaired', 'synced']);
    };
    await checkFault(
      () => world.permissions.delete('on_call_read'),
      () => world.permissions.add('on_call_read'),
    );
    await checkFault(
      () => {
        world.listFailure = forbidden;
      },
      () => {
        world.listFailure = undefined;
      },
    );
  });
});
