import { describe, expect, it } from '@jest/globals';
import { distance } from 'fastest-levenshtein';
import type { ConnectionFact, HandleFact } from './facts.ts';
import { HandleRegistry } from './handle-registry.ts';

const now = new Date('2026-06-01T00:00:00Z');
const later = '2026-07-01T00:00:00Z';

const connect = (registry: HandleRegistry, id: string, fact: Partial<ConnectionFact> = {}): void =>
  registry.applyConnection(id, {
    connectionId: id,
    sourceOrg: 'acme',
    name: id,
    slug: id,
    enabled: true,
    version: 1,
    createdAt: '2026-01-01T00:00:00Z',
    ...fact,
  });
const know = (registry: HandleRegistry, key: string, teamHandle: string, fact: Partial<HandleFact> = {}): void =>
  registry.applyHandle(key, { sourceOrg: 'acme', teamHandle, teamName: `Team ${key}`, formerHandles: [], ...fact });

function registryWith(...keys: (readonly [string, string])[]): HandleRegistry {
  const registry = new HandleRegistry();
  connect(registry, 'eu');
  connect(registry, 'us', { createdAt: '2026-02-01T00:00:00Z' });
  for (const [key, teamHandle] of keys) know(registry, key, teamHandle);
  return registry;
}

describe('resolve', () => {
  it('gives a handle of two connections to the older and lists the younger', () => {
    const registry = registryWith(['us/1', 'core'], ['eu/1', 'core']);
    expect(registry.resolve('acme', 'core', now)).toMatchObject({
      kind: 'routed',
      matched: 'exact',
      connection: { connectionId: 'eu' },
      ambiguousWith: ['us'],
    });
  });

  it('lets the slug choose the connection', () => {
    const registry = registryWith(['us/1', 'core'], ['eu/1', 'core']);
    expect(registry.resolve('acme', 'us/core', now)).toMatchObject({
      matched: 'qualified',
      connection: { connectionId: 'us' },
      teamHandle: 'core',
      ambiguousWith: [],
    });
  });

  it('prefers the whole mention to what is left of it without its trailing punctuation', () => {
    expect(registryWith(['eu/1', 'core'], ['us/2', 'core.']).resolve('acme', 'core.', now)).toMatchObject({
      teamId: '2',
    });
    expect(registryWith(['eu/1', 'core']).resolve('acme', 'core.:', now)).toMatchObject({ name: 'core', teamId: '1' });
  });

  it('prefers a shorter name that pages to a longer one of a disabled connection', () => {
    const registry = registryWith(['eu/1', 'core'], ['us/2', 'core.']);
    connect(registry, 'us', { enabled: false, version: 2 });
    expect(registry.resolve('acme', 'core.', now)).toMatchObject({ kind: 'routed', teamId: '1' });
    expect(registry.resolve('acme', 'us/core.', now)).toMatchObject({ kind: 'connection-disabled', name: 'us/core.' });
  });

  it('honours a former handle until its grace period ends, qualified or not', () => {
    const registry = registryWith();
    know(registry, 'eu/1', 'new', { formerHandles: [{ teamHandle: 'old', validUntil: later }] });
    expect(registry.resolve('acme', 'old', now)).toMatchObject({ matched: 'renamed', name: 'old', teamHandle: 'new' });
    expect(registry.resolve('acme', 'eu/old', now)).toMatchObject({ matched: 'renamed', name: 'eu/old' });
    expect(registry.resolve('acme', 'old', new Date(later)).kind).toBe('unknown');
  });

  it('finds the team of a handle over one connection alone, by its present name or a former one', () => {
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
    connect(registry, 'us', { enabled: false, version: 2 });
    expect(registry.teamOver('acme', 'us', 'core', now).kind).toBe('connection-disabled');
  });

  it('never falls back by itself', () => {
    const registry = registryWith(['eu/1', 'core']);
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: [], fallbackHandle: 'core', version: 2 });
    expect(registry.fallbackHandleOf('acme')).toBe('core');
    expect(registry.resolve('acme', 'what', now).kind).toBe('unknown');
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: [], version: 3 });
    expect(registry.fallbackHandleOf('acme')).toBeUndefined();
    expect(registry.fallbackHandleOf('nobody')).toBeUndefined();
  });

  it('takes no letter of another script for the one that it would be in a single byte', () => {
    expect(registryWith(['eu/1', 'come']).resolve('acme', 'co\u016de', now).kind).toBe('unknown');
  });

  it('leaves local handles to the org', () => {
    const registry = registryWith(['eu/1', 'core']);
    registry.applySourceOrg('acme', { sourceOrg: 'acme', localHandles: ['core'], version: 1 });
    expect(registry.resolve('acme', 'core', now)).toEqual({ kind: 'local', name: 'core' });
    expect(registry.resolve('acme', 'eu/core', now)).toMatchObject({ kind: 'routed', matched: 'qualified' });
  });

  it('hides the handles of a deleted connection, and keeps it deleted when its past is read again', () => {
    const registry = registryWith(['eu/1', 'core']);
    registry.applyConnection('eu', null);
    connect(registry, 'eu');
    expect(registry.resolve('acme', 'core', now).kind).toBe('unknown');
  });

  it('shows an org nothing of another, even under a handle that claims to be its own', () => {
    const registry = registryWith(['eu/1', 'core']);
    know(registry, 'eu/2', 'stolen', { sourceOrg: 'globex' });
    connect(registry, 'gx', { sourceOrg: 'globex' });
    for (const mention of ['core', 'stolen', 'eu/core']) {
      expect(registry.resolve('globex', mention, now)).toEqual({ kind: 'unknown', name: mention });
    }
    expect(registry.search('globex', '', 10)).toEqual([]);
  });
});

describe('nearest', () => {
  it('names the known handle most alike, and the connection it is in', () => {
    const registry = registryWith(['eu/1', 'core-infra'], ['us/2', 'payments']);
    expect(registry.resolve('acme', 'core-infar.', now)).toEqual({
      kind: 'unknown',
      name: 'core-infar',
      nearest: { handle: '@oncall-core-infra', teamHandle: 'core-infra', connectionId: 'eu' },
    });
    expect(registry.nearest('acme', 'us/payment')).toMatchObject({ handle: '@oncall-us/payments' });
    expect(registry.nearest('acme', 'something-else')).toBeUndefined();
  });

  it('compares few names among many, and still sees through a slip at either end or in between', () => {
    const registry = registryWith();
    for (let i = 0; i < 5_000; i += 1) know(registry, `eu/${i}`, `team-${String(i).padStart(4, '0')}-prod`);
    expect(registry.nearest('acme', 'xeam-0042-prod')?.teamHandle).toBe('team-0042-prod');
    expect(registry.nearest('acme', 'team-0042-prox')?.teamHandle).toBe('team-0042-prod');
    const between = registry.nearest('acme', 'team-00x42-prod')?.teamHandle ?? '';
    expect(distance('team-00x42-prod', between)).toBeLessThanOrEqual(2);
  });
});

describe('search', () => {
  it('offers what begins with the query before what contains it', () => {
    const registry = registryWith(['eu/1', 'b-core'], ['eu/2', 'core-b'], ['us/3', 'core-a'], ['eu/4', 'other']);
    const offered = (query: string) => registry.search('acme', query, 10).map((hit) => hit.teamHandle);
    expect(offered('core')).toEqual(['core-a', 'core-b', 'b-core']);
    expect(offered('@oncall-CORE')).toEqual(['core-a', 'core-b', 'b-core']);
    expect(offered('us/')).toEqual(['core-a']);
  });

  it('marks a handle of two connections and offers the names that tell them apart', () => {
    const hits = registryWith(['us/1', 'core'], ['eu/1', 'core']).search('acme', 'core', 10);
    expect(hits).toMatchObject([
      { qualifiedHandle: '@oncall-eu/core', ambiguous: true, preferred: true },
      { qualifiedHandle: '@oncall-us/core', ambiguous: true, preferred: false },
    ]);
  });
});

it('reuses the space of handles that come and go, and goes on knowing those that stay', () => {
  const registry = registryWith(['us/1', 'core-infra'], ['eu/core', 'core']);
  know(registry, 'us/2', 'new', { formerHandles: [{ teamHandle: 'old', validUntil: later }] });
  // Makes the orders that every later change keeps.
  expect(registry.nearest('acme', 'core-infar')?.teamHandle).toBe('core-infra');
  const churn = (round: number): number => {
    for (let i = 0; i < 200; i += 1) {
      registry.applyHandle(`eu/${i}`, null);
      know(registry, `eu/${i}`, `team-${i}-${round}`, { teamName: 'x'.repeat(2_000) });
    }
    return registry.sizes.bytes;
  };
  for (let round = 0; round < 12; round += 1) churn(round);
  const bytes = churn(12);
  for (let round = 13; round < 25; round += 1) expect(churn(round)).toBeLessThan(bytes * 1.6);
  expect(registry.resolve('acme', 'team-7-24', now)).toMatchObject({ kind: 'routed', teamId: '7' });
  expect(registry.search('acme', 'team-7-', 2)).toMatchObject([{ teamName: 'x'.repeat(2_000) }]);
  expect(registry.search('acme', 'core', 3).map((hit) => hit.teamHandle)).toEqual(['core', 'core-infra']);
  expect(registry.nearest('acme', 'xore-infra')?.teamHandle).toBe('core-infra');
  expect(registry.resolve('acme', 'old', now)).toMatchObject({ matched: 'renamed', teamId: '2', teamHandle: 'new' });
  know(registry, 'us/2', 'newer');
  expect(registry.resolve('acme', 'old', now).kind).toBe('unknown');
  expect(registry.sizes).toMatchObject({ handles: 203, formerHandles: 0 });
});
