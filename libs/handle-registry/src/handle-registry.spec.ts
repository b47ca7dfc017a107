import { describe, expect, it, jest } from '@jest/globals';
import { heapBytes } from '@pagebridge/testing';
import { mentionsIn } from '@pagebridge/vocabulary';
import { distance } from 'fastest-levenshtein';
import type { ConnectionFact, HandleFact } from './facts.ts';
import { HandleRegistry } from './handle-registry.ts';
import { Org } from './org.ts';

const now = new Date('2026-06-01T00:00:00Z');
const later = '2026-07-01T00:00:00Z';

const directoryOf = (connectionId: string): string => `EU1/org/${connectionId}`;
const connect = (registry: HandleRegistry, id: string, fact: Partial<ConnectionFact> = {}) =>
  registry.applyConnection(id, {
    connectionId: id,
    sourceOrg: 'acme',
    name: id,
    slug: id,
    directory: directoryOf(id),
    enabled: true,
    version: 1,
    createdAt: '2026-01-01T00:00:00Z',
    ...fact,
  });
/** In `eu/core`, `core` is the id of a team in the directory that connection `eu` reads. */
const know = (registry: HandleRegistry, place: string, teamHandle: string, fact: Partial<HandleFact> = {}): void => {
  const [connectionId = '', teamId = ''] = place.split('/');
  registry.applyHandle(directoryOf(connectionId), teamId, {
    teamId,
    teamHandle,
    teamName: `Team ${place}`,
    onCall: true,
    formerHandles: [],
    firstSeenAt: '2026-03-01T00:00:00Z',
    ...fact,
  });
};
/** The fields of a team that is known since a day of March. */
const since = (day: string): Pick<HandleFact, 'firstSeenAt'> => ({ firstSeenAt: `2026-03-${day}T00:00:00Z` });

function registryWith(...keys: (readonly [string, string])[]): HandleRegistry {
  const registry = new HandleRegistry();
  connect(registry, 'eu');
  connect(registry, 'us', { createdAt: '2026-02-01T00:00:00Z' });
  for (const [key, teamHandle] of keys) know(registry, key, teamHandle);
  return registry;
}

describe('resolve', () => {
  it('gives a handle of two connections to the one that had it first, and lists both as contenders', () => {
    const registry = registryWith();
    know(registry, 'eu/1', 'core', since('05'));
    know(registry, 'us/1', 'core', since('04'));
    expect(registry.resolve('acme', 'core', now)).toMatchObject({
      kind: 'routed',
      matched: 'exact',
      connection: { connectionId: 'us' },
      contenders: [
        { connection: { connectionId: 'us' }, claimedAt: '2026-03-04T00:00:00.000Z' },
        {
          connection: { connectionId: 'eu' },
          claimedAt: '2026-03-05T00:00:00.000Z',
          qualifiedHandle: '@oncall-eu/core',
        },
      ],
    });
  });

  it('gives a handle that two connections have since the same time to the older connection', () => {
    const registry = registryWith(['us/1', 'core'], ['eu/1', 'core']);
    expect(registry.resolve('acme', 'core', now)).toMatchObject({ connection: { connectionId: 'eu' } });
  });

  it('gives the handle of a disabled connection to no other, and lists the other contenders', () => {
    const registry = registryWith(['eu/1', 'core'], ['us/1', 'core']);
    connect(registry, 'eu', { enabled: false, version: 2 });
    expect(registry.resolve('acme', 'core', now)).toMatchObject({
      kind: 'connection-disabled',
      name: 'core',
      connection: { connectionId: 'eu' },
      contenders: [
        { connection: { connectionId: 'eu', enabled: false }, qualifiedHandle: '@oncall-eu/core' },
        { connection: { connectionId: 'us', enabled: true }, qualifiedHandle: '@oncall-us/core' },
      ],
    });
    expect(registry.resolve('acme', 'us/core', now)).toMatchObject({ kind: 'routed', matched: 'qualified' });
    registry.applyConnection('eu', null);
    expect(registry.resolve('acme', 'core', now)).toMatchObject({ kind: 'routed', connection: { connectionId: 'us' } });
  });

  it('gives a qualified handle to its connection rather than to a team that got the same handle later', () => {
    const registry = registryWith(['eu/1', 'core']);
    know(registry, 'us/9', 'eu/core', { firstSeenAt: '2026-02-02T00:00:00Z' });
    expect(registry.resolve('acme', 'eu/core', now)).toMatchObject({
      matched: 'qualified',
      connection: { connectionId: 'eu' },
      teamHandle: 'core',
      contenders: [
        { matched: 'qualified', claimedAt: '2026-01-01T00:00:00.000Z' },
        { matched: 'exact', claimedAt: '2026-02-02T00:00:00.000Z', qualifiedHandle: '@oncall-us/eu/core' },
      ],
    });
    know(registry, 'eu/1', 'kernel', { formerHandles: [{ teamHandle: 'core', validUntil: later }] });
    expect(registry.resolve('acme', 'eu/core', now)).toMatchObject({ matched: 'renamed', teamHandle: 'kernel' });
    connect(registry, 'eu', { enabled: false, version: 2 });
    expect(registry.resolve('acme', 'eu/core', now).kind).toBe('connection-disabled');
    know(registry, 'eu/1', 'kernel');
    expect(registry.resolve('acme', 'eu/core', now)).toMatchObject({ matched: 'exact', teamId: '9' });
  });

  it('gives a handle to the team that had it before a slug that would qualify it', () => {
    const registry = registryWith(['us/1', 'core']);
    know(registry, 'eu/9', 'ops/core', since('04'));
    connect(registry, 'us', { slug: 'ops', slugSince: '2026-03-05T00:00:00Z', version: 2 });
    expect(registry.resolve('acme', 'ops/core', now)).toMatchObject({
      matched: 'exact',
      teamId: '9',
      contenders: [{ matched: 'exact' }, { matched: 'qualified', claimedAt: '2026-03-05T00:00:00.000Z' }],
    });
    connect(registry, 'us', { slug: 'ops', slugSince: '2026-03-04T00:00:00Z', version: 3 });
    expect(registry.resolve('acme', 'ops/core', now)).toMatchObject({ matched: 'qualified', teamId: '1' });
  });

  it('gives a handle to the team that has it, not to one that had it before', () => {
    const registry = registryWith(['us/1', 'core']);
    know(registry, 'eu/1', 'kernel', { ...since('01'), formerHandles: [{ teamHandle: 'core', validUntil: later }] });
    expect(registry.resolve('acme', 'core', now)).toMatchObject({
      matched: 'exact',
      connection: { connectionId: 'us' },
    });
    connect(registry, 'us', { enabled: false, version: 2 });
    expect(registry.resolve('acme', 'core', now)).toMatchObject({ kind: 'connection-disabled' });
  });

  it('resolves a qualified handle to the connection of its slug', () => {
    const registry = registryWith(['us/1', 'core'], ['eu/1', 'core']);
    expect(registry.resolve('acme', 'us/core', now)).toMatchObject({
      matched: 'qualified',
      connection: { connectionId: 'us' },
      teamHandle: 'core',
      contenders: [],
    });
  });

  it('prefers the whole mention to the mention without its trailing punctuation', () => {
    expect(registryWith(['eu/1', 'core'], ['us/2', 'core.']).resolve('acme', 'core.', now)).toMatchObject({
      teamId: '2',
    });
    expect(registryWith(['eu/1', 'core']).resolve('acme', 'core.:', now)).toMatchObject({ name: 'core', teamId: '1' });
  });

  it('gives no mention at the end of a sentence to a later team whose handle includes the punctuation', () => {
    const registry = registryWith(['eu/1', 'core'], ['eu/2', 'core.']);
    for (const [key, name] of [
      ['us/8', 'core:'],
      ['us/9', 'eu/core.'],
    ] as const)
      know(registry, key, name, since('05'));
    expect(registry.resolve('acme', 'core:', now)).toMatchObject({ name: 'core', teamId: '1' });
    expect(registry.resolve('acme', 'us/core:', now)).toMatchObject({ matched: 'qualified', teamId: '8' });
    expect(registry.resolve('acme', 'eu/core.', now)).toMatchObject({ matched: 'qualified', teamId: '2' });
    know(registry, 'eu/2', 'other');
    expect(registry.resolve('acme', 'eu/core.', now)).toMatchObject({ name: 'eu/core', teamId: '1' });
    expect(registry.search('acme', 'core:', 1, now)).toMatchObject([{ ambiguous: true, preferred: false }]);
    connect(registry, 'eu', { enabled: false, version: 2 });
    expect(registry.resolve('acme', 'core:', now)).toMatchObject({ kind: 'connection-disabled', name: 'core' });
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: ['core'], version: 1 });
    expect(registry.resolve('acme', 'core:', now)).toEqual({ kind: 'local', name: 'core' });
  });

  it('prefers a shorter handle that can be paged to a longer one of a disabled connection', () => {
    const registry = registryWith(['eu/1', 'core'], ['us/2', 'core.']);
    connect(registry, 'us', { enabled: false, version: 2 });
    expect(registry.resolve('acme', 'core.', now)).toMatchObject({ kind: 'routed', teamId: '1' });
    expect(registry.resolve('acme', 'us/core.', now)).toMatchObject({ kind: 'connection-disabled', name: 'us/core.' });
  });

  it('resolves a former handle until its grace period ends, qualified or not', () => {
    const registry = registryWith();
    know(registry, 'eu/1', 'new', { formerHandles: [{ teamHandle: 'old', validUntil: later }] });
    expect(registry.resolve('acme', 'old', now)).toMatchObject({ matched: 'renamed', name: 'old', teamHandle: 'new' });
    expect(registry.resolve('acme', 'eu/old', now)).toMatchObject({ matched: 'renamed', name: 'eu/old' });
    expect(registry.resolve('acme', 'old', new Date(later)).kind).toBe('unknown');
  });

  it('finds the team of a present or former handle over one connection only', () => {
    const registry = registryWith(['us/1', 'core'], ['eu/2', 'core']);
    know(registry, 'us/3', 'new', { formerHandles: [{ teamHandle: 'old', validUntil: later }] });
    expect(registry.teamOver('acme', 'us', 'core', now)).toMatchObject({
      kind: 'known',
      teamId: '1',
      teamHandle: 'core',
    });
    expect(registry.teamOver('acme', 'us', 'old', now)).toMatchObject({ teamId: '3', teamHandle: 'new' });
    expect(registry.teamOver('acme', 'us', 'old', new Date(later)).kind).toBe('unknown');
    expect(registry.teamOver('globex', 'us', 'core', now).kind).toBe('connection-unknown');
    know(registry, 'us/4', 'core', { firstSeenAt: '2026-02-01T00:00:00Z' });
    expect(registry.teamOver('acme', 'us', 'core', now)).toMatchObject({ teamId: '4' });
    connect(registry, 'us', { enabled: false, version: 2 });
    expect(registry.teamOver('acme', 'us', 'core', now).kind).toBe('connection-disabled');
  });

  it('never uses the fallback handle by itself', () => {
    const registry = registryWith(['eu/1', 'core']);
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: [], fallbackHandle: 'core', version: 2 });
    expect(registry.fallbackHandleOf('acme')).toBe('core');
    expect(registry.resolve('acme', 'what', now).kind).toBe('unknown');
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: [], version: 3 });
    expect(registry.fallbackHandleOf('acme')).toBeUndefined();
    expect(registry.fallbackHandleOf('nobody')).toBeUndefined();
  });

  it('does not confuse a non-ASCII letter with the ASCII letter of its low byte', () => {
    expect(registryWith(['eu/1', 'come']).resolve('acme', 'co\u016de', now).kind).toBe('unknown');
  });

  it('resolves local handles as local', () => {
    const registry = registryWith(['eu/1', 'core']);
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: ['core'], version: 1 });
    expect(registry.resolve('acme', 'core', now)).toEqual({ kind: 'local', name: 'core' });
    expect(registry.resolve('acme', 'eu/core', now)).toMatchObject({ kind: 'routed', matched: 'qualified' });
  });

  it('hides the handles of a deleted connection, also when an earlier record of it is read again', () => {
    const registry = registryWith(['eu/1', 'core']);
    registry.applyConnection('eu', null);
    connect(registry, 'eu');
    expect(registry.resolve('acme', 'core', now).kind).toBe('unknown');
  });

  it('shows an org no handles of another org', () => {
    const registry = registryWith(['eu/1', 'core']);
    connect(registry, 'gx', { sourceOrg: 'globex' });
    for (const mention of ['core', 'eu/core']) {
      expect(registry.resolve('globex', mention, now)).toEqual({ kind: 'unknown', name: mention });
    }
    expect(registry.search('globex', '', 10, now)).toEqual([]);
  });
});

it('lists at most a hundred contenders of a handle', () => {
  const registry = registryWith(['eu/1', 'core']);
  for (let i = 0; i < 200; i += 1) know(registry, `us/${i}`, 'core', since('02'));
  expect(registry.resolve('acme', 'core', now)).toMatchObject({ teamId: '1', contenders: { length: 100 } });
  expect(registry.conflicts('acme', 100, now)).toMatchObject({ conflicts: [{ contenders: { length: 100 } }] });
});

describe('nearest', () => {
  it('names the most similar known handle and its connection', () => {
    const registry = registryWith(['eu/1', 'core-infra'], ['us/2', 'payments']);
    expect(registry.resolve('acme', 'core-infar.', now)).toEqual({
      kind: 'unknown',
      name: 'core-infar',
      nearest: { handle: '@oncall-core-infra', teamHandle: 'core-infra', connectionId: 'eu' },
    });
    expect(registry.nearest('acme', 'us/payment', now)).toMatchObject({ handle: '@oncall-us/payments' });
    know(registry, 'eu/3', 'payments', { firstSeenAt: '2026-02-01T00:00:00Z' });
    expect(registry.nearest('acme', 'payment', now)).toMatchObject({ handle: '@oncall-payments', connectionId: 'eu' });
    expect(registry.nearest('acme', 'something-else', now)).toBeUndefined();
  });

  it('names the qualified handle if the plain one belongs to a disabled connection', () => {
    const registry = registryWith(['eu/1', 'payments'], ['us/2', 'payments']);
    connect(registry, 'eu', { enabled: false, version: 2 });
    expect(registry.nearest('acme', 'payment', now)).toMatchObject({
      handle: '@oncall-us/payments',
      connectionId: 'us',
    });
  });

  it('names the qualified handle if the plain one is local, also if that is declared later', () => {
    const registry = registryWith(['eu/1', 'core-infra'], ['us/2', 'payments.']);
    expect(registry.nearest('acme', 'core-infr', now)?.handle).toBe('@oncall-core-infra');
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: ['core-infra', 'payments'], version: 1 });
    const meant = ['core-infr', 'paymints.'].map((name) => registry.nearest('acme', name, now)?.handle ?? '');
    expect(meant).toEqual(['@oncall-eu/core-infra', '@oncall-us/payments.']);
    for (const handle of meant) {
      expect(registry.resolve('acme', handle.replace('@oncall-', ''), now).kind).toBe('routed');
    }
  });

  it('is searched by resolve unless it is not wanted, and never by isRouted', () => {
    const registry = registryWith(['eu/1', 'core-infra']);
    const searches = jest.spyOn(Org.prototype, 'nearest', 'get');
    expect(registry.resolve('acme', 'core-infr', now, false)).toEqual({ kind: 'unknown', name: 'core-infr' });
    expect(registry.isRouted('acme', 'core-infr', now)).toBe(false);
    expect(searches).not.toHaveBeenCalled();
    expect(registry.resolve('acme', 'core-infr', now)).toHaveProperty('nearest');
    expect(searches).toHaveBeenCalled();
    searches.mockRestore();
  });

  it('finds a handle among thousands despite a typing error at the start, in the middle or at the end', () => {
    const registry = registryWith();
    for (let i = 0; i < 5_000; i += 1) know(registry, `eu/${i}`, `team-${String(i).padStart(4, '0')}-prod`);
    expect(registry.nearest('acme', 'xeam-0042-prod', now)?.teamHandle).toBe('team-0042-prod');
    expect(registry.nearest('acme', 'team-0042-prox', now)?.teamHandle).toBe('team-0042-prod');
    const between = registry.nearest('acme', 'team-00x42-prod', now)?.teamHandle ?? '';
    expect(distance('team-00x42-prod', between)).toBeLessThanOrEqual(2);
  });
});

describe('search', () => {
  it('offers handles that begin with the query before those that contain it', () => {
    const registry = registryWith(['eu/1', 'b-core'], ['eu/2', 'core-b'], ['us/3', 'core-a'], ['eu/4', 'other']);
    const offered = (query: string) => registry.search('acme', query, 10, now).map((hit) => hit.teamHandle);
    expect(offered('core')).toEqual(['core-a', 'core-b', 'b-core']);
    expect(offered('@oncall-CORE')).toEqual(['core-a', 'core-b', 'b-core']);
    expect(offered('us/')).toEqual(['core-a']);
  });

  it('finds the handles of one connection, and counts what all pages have', () => {
    const registry = registryWith(
      ['eu/1', 'b-core'],
      ['eu/2', 'core'],
      ['us/3', 'core'],
      ['us/4', 'core'],
      ['us/5', 'web'],
    );
    const over = (query: string, connectionId: string) =>
      registry.search('acme', query, 10, now, { connectionId }).map((hit) => [hit.teamId, hit.teamHandle].join(' '));
    expect(over('core', 'us')).toEqual(['3 core', '4 core']);
    expect(over('eu/', 'us')).toEqual([]);
    expect(over('core', 'nobody')).toEqual([]);
    const count = (query: string, connectionId?: string) => registry.count('acme', query, now, connectionId);
    expect([count(''), count('core'), count('core', 'us'), count('us/'), count('us/', 'eu')]).toEqual([5, 4, 2, 3, 0]);
    registry.applyHandle(directoryOf('us'), '4', null);
    expect([count('core'), count('core', 'us'), registry.count('nobody', '', now)]).toEqual([3, 1, 0]);
    connect(registry, 'us', { enabled: false, version: 2 });
    expect([count('core'), count('core', 'us')]).toEqual([2, 0]);
  });

  it('marks a handle of two connections as ambiguous and offers the qualified handles', () => {
    const hits = registryWith(['us/1', 'core'], ['eu/1', 'core']).search('acme', 'core', 10, now);
    expect(hits).toMatchObject([
      { qualifiedHandle: '@oncall-eu/core', ambiguous: true, preferred: true },
      { qualifiedHandle: '@oncall-us/core', ambiguous: true, preferred: false },
    ]);
  });

  it('does not prefer a plain handle that a disabled connection or a slug claimed first', () => {
    const registry = registryWith(['eu/1', 'core'], ['us/1', 'core'], ['us/2', 'eu/core']);
    connect(registry, 'eu', { enabled: false, version: 2 });
    expect(registry.search('acme', 'core', 10, now)).toMatchObject([
      { qualifiedHandle: '@oncall-us/core', ambiguous: true, preferred: false },
      { qualifiedHandle: '@oncall-us/eu/core', ambiguous: true, preferred: false },
    ]);
  });
});

describe('conflicts', () => {
  it('list every contender, enabled or not, with the kind and time of its claim', () => {
    const registry = registryWith(['eu/1', 'core'], ['us/1', 'core'], ['us/2', 'eu/core'], ['us/3', 'alone']);
    connect(registry, 'eu', { enabled: false, version: 2 });
    const first = '2026-01-01T00:00:00.000Z';
    const seen = '2026-03-01T00:00:00.000Z';
    expect(registry.conflicts('acme', 100, now).conflicts).toMatchObject([
      {
        teamHandle: 'core',
        contenders: [
          { connection: { connectionId: 'eu', enabled: false }, matched: 'exact', claimedAt: seen },
          { connection: { connectionId: 'us', enabled: true }, matched: 'exact', claimedAt: seen },
        ],
      },
      {
        teamHandle: 'eu/core',
        contenders: [
          { connection: { connectionId: 'eu' }, matched: 'qualified', teamHandle: 'core', claimedAt: first },
          { connection: { connectionId: 'us' }, matched: 'exact', teamHandle: 'eu/core', claimedAt: seen },
        ],
      },
    ]);
  });

  it('are empty if no contender can be paged', () => {
    const registry = registryWith(['eu/1', 'core'], ['us/1', 'core']);
    for (const id of ['eu', 'us']) connect(registry, id, { enabled: false, version: 2 });
    expect(registry.conflicts('acme', 100, now)).toEqual({ conflicts: [] });
  });

  it('are listed in pages, and a page ends after 2,000 teams even if none of them is in conflict', () => {
    const registry = registryWith(['eu/x', 'z-core'], ['us/x', 'z-core'], ['eu/y', 'z-web'], ['us/y', 'z-web']);
    for (let i = 0; i < 4500; i += 1) know(registry, `eu/${i}`, `team-${String(i).padStart(4, '0')}`);
    const pages: string[][] = [];
    const ends: (string | undefined)[] = [];
    do {
      const { conflicts, next } = registry.conflicts('acme', 1, now, ends.at(-1));
      pages.push(conflicts.map(({ teamHandle }) => teamHandle));
      ends.push(next);
    } while (ends.at(-1) !== undefined);
    expect(pages).toEqual([[], [], ['z-core'], ['z-web']]);
    expect(ends).toEqual(['team-1999', 'team-3999', 'z-core', undefined]);
  });
});

it('forgets removed handles, and keeps the others', () => {
  const registry = registryWith(['us/1', 'core-infra'], ['eu/core', 'core']);
  know(registry, 'us/2', 'new', { formerHandles: [{ teamHandle: 'old', validUntil: later }] });
  // Creates the sorted indexes, which every later change must keep up to date.
  expect(registry.nearest('acme', 'core-infar', now)?.teamHandle).toBe('core-infra');
  for (let round = 0; round < 5; round += 1) {
    for (let i = 0; i < 200; i += 1) {
      if (i % 2 === 0) registry.applyHandle(directoryOf('eu'), String(i), null);
      know(registry, `eu/${i}`, `team-${i}-${round}`, { teamName: 'x'.repeat(2_000) });
    }
    expect(registry.search('acme', 'team-', 1_000, now)).toHaveLength(200);
  }
  expect(registry.resolve('acme', 'team-7-4', now)).toMatchObject({ kind: 'routed', teamId: '7' });
  expect(registry.resolve('acme', 'team-7-3', now).kind).toBe('unknown');
  expect(registry.search('acme', 'team-7-', 2, now)).toMatchObject([{ teamName: 'x'.repeat(2_000) }]);
  expect(registry.search('acme', 'core', 3, now).map((hit) => hit.teamHandle)).toEqual(['core', 'core-infra']);
  expect(registry.nearest('acme', 'xore-infra', now)?.teamHandle).toBe('core-infra');
  expect(registry.resolve('acme', 'old', now)).toMatchObject({ matched: 'renamed', teamId: '2', teamHandle: 'new' });
  know(registry, 'us/2', 'newer');
  expect(registry.resolve('acme', 'old', now).kind).toBe('unknown');
  expect(registry.sizes).toMatchObject({ handles: 203, formerHandles: 0 });
});

it('keeps only the name of a mention with a long tail of punctuation in memory', () => {
  const registry = registryWith(['eu/1', 'core-infra']);
  const before = heapBytes();
  const names = Array.from({ length: 100 }, (_, i) => {
    const mention = `nobody-knows-team-${i}${'.'.repeat(250_000)}`;
    return registry.resolve('acme', mention, now).name;
  });
  expect(heapBytes() - before).toBeLessThan(5_000_000);
  expect(names[7]).toBe('nobody-knows-team-7');
});

it('keeps only the unknown names of messages in memory, not the messages, also for its hints', () => {
  const registry = registryWith(['eu/1', 'core-infra']);
  const before = heapBytes();
  const names = Array.from({ length: 60 }, (_, i) => {
    const [mention = ''] = mentionsIn(`@oncall-nobody-knows-team-${i} ${'It fails. '.repeat(25_000)}`);
    return [registry.resolve('acme', mention, now).name, registry.resolve('nowhere', mention, now).name];
  });
  expect(heapBytes() - before).toBeLessThan(5_000_000);
  expect(names[7]).toEqual(['nobody-knows-team-7', 'nobody-knows-team-7']);
});
