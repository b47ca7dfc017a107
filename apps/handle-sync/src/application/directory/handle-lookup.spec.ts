import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Connection } from '@pagebridge/contracts';
import { DirectoryWorld, directory, failure, second } from '../directory-world.fixtures.ts';

let world: DirectoryWorld;
let connection: Connection;

beforeEach(() => {
  world = new DirectoryWorld();
  world.add('core', 'web', 'db');
  connection = world.connect();
});
afterEach(() => world.owned.stop());

describe('an unknown handle that was mentioned', () => {
  it('is looked up at once by its name, and its team is reported', async () => {
    await world.begin();
    world.add('payments');
    expect(world.owned.lookUp(directory, 'globex-eu/payments.')).toBe(true);
    await world.clock.advance(100);
    expect(world.handles).toContain('payments');
    expect(world.lastFor(connection)).toMatchObject({ kind: 'synced', added: 1 });
  });

  it('is not looked up again for half a minute; at most ten handles are looked up in a minute', async () => {
    await world.begin();
    expect(world.owned.lookUp(directory, 'nobody')).toBe(true);
    expect(world.owned.lookUp(directory, 'nobody')).toBe(false);
    await world.clock.advance(31 * second);
    expect(world.owned.lookUp(directory, 'nobody')).toBe(true);
    const results = Array.from({ length: 20 }, (_, index) => world.owned.lookUp(directory, `nobody-${index}`));
    expect(results.filter(Boolean)).toHaveLength(8);
  });

  it('is looked up again if the destination did not answer, which is logged', async () => {
    const notified: unknown[] = [];
    const log = { debug: () => {}, info: (its: unknown) => void notified.push(its), warn: () => {}, error: () => {} };
    await world.owned.stop();
    world = new DirectoryWorld({}, { log });
    world.add('core');
    world.connect();
    await world.begin();
    world.add('payments');
    world.listFailure = failure({ kind: 'permanent', detail: 'the destination answered 400' });
    expect(world.owned.lookUp(directory, 'payments')).toBe(true);
    await world.clock.advance(100);
    expect(notified).toContainEqual({ directory, mention: 'payments', detail: 'the destination answered 400' });
    world.listFailure = undefined;
    expect(world.owned.lookUp(directory, 'payments')).toBe(true);
    await world.clock.advance(100);
    expect(world.handles).toContain('payments');
    expect(world.owned.lookUp(directory, 'payments')).toBe(false);
  });

  it('is looked up again if the rules of its team could not be read', async () => {
    await world.begin();
    world.add('payments');
    world.team('payments').rules = failure({ kind: 'permanent' });
    world.owned.lookUp(directory, 'payments');
    await world.clock.advance(100);
    world.team('payments').rules = true;
    expect(world.owned.lookUp(directory, 'payments')).toBe(true);
    await world.clock.advance(100);
    expect(world.handles).toContain('payments');
  });

  it('keeps its new name although a list that began earlier shows the old one', async () => {
    for (let index = 0; index < 1000; index += 1) world.add(`team-${index}`);
    await world.begin();
    world.writes.length = 0;
    world.beforePage = (pageNumber) => {
      if (pageNumber !== 1) return;
      world.team('core').handle = 'new-core';
      world.owned.lookUp(directory, 'new-core');
    };
    await world.clock.advance(90 * second);
    expect(world.writes.map(({ team }) => team?.teamHandle)).toEqual(['new-core']);
  });

  it('causes no removal, whatever its lookup shows', async () => {
    await world.begin();
    world.team('db').rules = false;
    world.owned.lookUp(directory, 'db');
    await world.clock.advance(100);
    expect(world.handles).toContain('db');
  });
});
