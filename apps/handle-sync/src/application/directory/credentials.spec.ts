import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { DirectoryWorld, directory, failure, forbidden, minute, second } from '../directory-world.features.ts';

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
  it('is said to lack a permission when all rules are forbidden, and to be repaired when that is back', async () => {
    const connection = world.connect();
    await world.begin();
    world.permissions.delete('on_call_read');
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(5 * second);
    expect(world.lastFor(connection)).toMatchObject({ kind: 'credential-fault', missingPermission: 'on_call_read' });
    expect(world.status?.refused).toEqual([connection.connectionId]);
    world.permissions.add('on_call_read');
    world.owned.request(directory, connection.connectionId);
    await world.clock.advance(5 * second);
    expect(world.kindsFor(connection)).toEqual(['synced', 'synced', 'credential-fault', 'repaired', 'synced']);
    expect(world.status?.refused).toEqual([]);
  });

  it('is not blamed for many teams that access control hides, whether others were known before or not', async () => {
    for (let index = 0; index < 30; index += 1) world.add(`hidden-${index}`);
    for (const [id, team] of world.teams) if (id.startsWith('hidden')) team.rules = forbidden;
    world.add('last');
    const connection = world.connect();
    await world.begin();
    expect(world.handles).toEqual(['core', 'db', 'last', 'web']);
    await world.clock.advance(30 * minute);
    expect(world.kindsFor(connection)).not.toContain('credential-fault');
  });

  it('is not blamed where the first teams of a new directory are hidden', async () => {
    world.teams.clear();
    for (let index = 0; index < 30; index += 1) world.add(`hidden-${index}`);
    for (const team of world.teams.values()) team.rules = forbidden;
    world.add('last');
    const connection = world.connect();
    await world.begin();
    expect(world.handles).toEqual(['last']);
    expect(world.kindsFor(connection)).toEqual(['synced']);
    // What is hidden is read like all others, not in each round.
    world.calls = [];
    await world.clock.advance(10 * minute);
    expect(world.called('rules')).toBeLessThan(50);
  });

  it('is refused once, not again and again, while a new directory lets it read no rules', async () => {
    world.permissions.delete('on_call_read');
    const connection = world.connect();
    await world.begin();
    await world.clock.advance(3 * minute);
    expect(world.kindsFor(connection)).toEqual(['credential-fault']);
    world.permissions.add('on_call_read');
    await world.clock.advance(30 * minute);
    expect(world.handles).toEqual(['core', 'db', 'web']);
  });

  it('is replaced by the next one when it is refused, and that by the next, for who asked', async () => {
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

  it('is tried ever more seldom while it is refused, and at once when somebody asks', async () => {
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

  it('is not said to work before it was used, whatever is known of the directory', async () => {
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

  it('is tried itself when somebody asks for its connection, before the answer', async () => {
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

  it('is not said to be repaired by new keys that nobody has used yet', async () => {
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

  it('is used no longer once its connection is deleted, even while a look is under way', async () => {
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

  it('looks at once with new keys', async () => {
    const connection = world.connect();
    await world.begin();
    world.rotate(connection);
    await world.clock.advance(second);
    expect(world.lastFor(connection)).toMatchObject({ kind: 'synced', credentialRevision: 2 });
  });

  it('keeps no look going for a connection that only got another name', async () => {
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
  it('reports nothing that its former owner has reported, and a fault no second time but its end', async () => {
    const [works, fails] = [world.connect(), world.connect()];
    await world.begin();
    world.revoked.add(fails.connectionId);
    world.owned.request(directory, fails.connectionId);
    await world.clock.advance(61 * minute);
    await world.disown();
    const told = world.reports.length;
    await world.own();
    await world.clock.advance(3 * minute);
    expect(world.reports.slice(told).filter(({ connectionId }) => connectionId === works.connectionId)).toEqual([]);
    world.revoked.clear();
    world.owned.request(directory, fails.connectionId);
    await world.clock.advance(10 * second);
    expect(world.kindsFor(fails).slice(-2)).toEqual(['repaired', 'synced']);
  });

  it('does not say that keys are repaired which still may not read what they might not read before', async () => {
    const connection = world.connect();
    await world.begin();
    const wentOn = async (forbid: () => void, allow: () => void) => {
      forbid();
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(61 * minute);
      await world.disown();
      const told = world.reports.length;
      await world.own();
      await world.clock.advance(30 * minute);
      expect(new Set(world.reports.slice(told).map(({ kind }) => kind))).toEqual(new Set(['credential-fault']));
      allow();
      world.owned.request(directory, connection.connectionId);
      await world.clock.advance(10 * second);
      expect(world.kindsFor(connection).slice(-2)).toEqual(['repaired', 'synced']);
    };
    await wentOn(
      () => world.permissions.delete('on_call_read'),
      () => world.permissions.add('on_call_read'),
    );
    await wentOn(
      () => {
        world.listFailure = forbidden;
      },
      () => {
        world.listFailure = undefined;
      },
    );
  });
});
