import { beforeEach, describe, expect, it } from '@jest/globals';
import type { ConnectionFact, HandleFact } from './facts.ts';
import { HandleRegistry } from './handle-registry.ts';
import type { SearchHit } from './resolution.ts';

const now = new Date('2026-06-01T00:00:00Z');
const [globex, initech] = ['EU1/globex/account-1', 'AP1/initech/account-1'];
const day = (day: string) => `2026-03-${day}T00:00:00Z`;

let registry: HandleRegistry;
beforeEach(() => {
  registry = new HandleRegistry();
});

const connect = (id: string, sourceOrg: string, directory: string, its: Partial<ConnectionFact> = {}) =>
  registry.applyConnection(id, {
    connectionId: id,
    sourceOrg,
    name: id,
    slug: id,
    directory,
    enabled: true,
    version: 1,
    createdAt: day('01'),
    ...its,
  });
const know = (directory: string, teamHandle: string, its: Partial<HandleFact> = {}): void => {
  const team = { teamId: teamHandle, teamHandle, teamName: '', onCall: true, formerHandles: [] };
  registry.applyHandle(directory, teamHandle, { ...team, firstSeenAt: day('01'), ...its });
};
const paged = (sourceOrg: string, mention: string): unknown => {
  const answer = registry.resolve(sourceOrg, mention, now);
  return 'connection' in answer ? answer.connection.connectionId : answer.kind;
};
const offered = (sourceOrg: string): string[] =>
  registry.search(sourceOrg, '', 100, now).map((hit) => hit.qualifiedHandle);

describe('a directory', () => {
  it('is read by connections of many orgs, each of which pages over its own connection', () => {
    connect('acme-eu', 'acme', globex);
    connect('hooli-eu', 'hooli', globex);
    know(globex, 'core');
    expect([paged('acme', 'core'), paged('hooli', 'core'), paged('pied', 'core')]).toEqual([
      'acme-eu',
      'hooli-eu',
      'unknown',
    ]);
    expect(registry.sizes).toEqual({ sourceOrgs: 2, connections: 2, handles: 1, formerHandles: 0 });
  });

  it('gives its handle to the older of two connections of one org, and qualifies both by their slugs', () => {
    connect('new', 'acme', globex, { createdAt: day('02') });
    connect('old', 'acme', globex);
    know(globex, 'core', { firstSeenAt: day('05') });
    expect([paged('acme', 'core'), paged('acme', 'new/core')]).toEqual(['old', 'new']);
    expect(registry.search('acme', 'core', 10, now)).toMatchObject([
      { qualifiedHandle: '@oncall-new/core', ambiguous: true, preferred: false },
      { qualifiedHandle: '@oncall-old/core', ambiguous: true, preferred: true },
    ]);
    expect(registry.conflicts('acme', 100, now).conflicts).toHaveLength(1);
  });

  it('takes no handle that an org had before its connection, even if other orgs read the directory earlier', () => {
    connect('hooli-eu', 'hooli', globex);
    know(globex, 'core', { firstSeenAt: day('01') });
    connect('acme-ap', 'acme', initech, { createdAt: day('03') });
    know(initech, 'core', { firstSeenAt: day('04') });
    connect('acme-eu', 'acme', globex, { createdAt: day('05') });
    expect(paged('acme', 'core')).toBe('acme-ap');
    const contenders = [{ claimedAt: '2026-03-04T00:00:00.000Z' }, { claimedAt: '2026-03-05T00:00:00.000Z' }];
    expect(registry.resolve('acme', 'core', now)).toMatchObject({ contenders });
  });

  it('takes no handle that an org had before an older connection began to read the directory', () => {
    know(globex, 'core', { firstSeenAt: day('01') });
    connect('acme-eu', 'acme', globex, { createdAt: day('02'), directorySince: day('05') });
    connect('acme-ap', 'acme', initech, { createdAt: day('03') });
    know(initech, 'core', { firstSeenAt: day('04') });
    expect(paged('acme', 'core')).toBe('acme-ap');
  });

  it('is left by a connection that begins to read another directory', () => {
    connect('acme-eu', 'acme', globex);
    for (const directory of [globex, initech]) know(directory, directory === globex ? 'core' : 'web');
    connect('acme-eu', 'acme', initech, { version: 2 });
    expect([paged('acme', 'core'), paged('acme', 'web')]).toEqual(['unknown', 'acme-eu']);
    expect([registry.connectionsIn(globex), registry.directoriesOf('acme')]).toEqual([[], [initech]]);
  });

  it('lists teams that are not on call in teamsOf only', () => {
    connect('acme-eu', 'acme', globex);
    know(globex, 'core', {
      onCall: false,
      formerHandles: [{ teamHandle: 'infra', validUntil: '2027-01-01T00:00:00Z' }],
    });
    for (const mention of ['core', 'infra', 'acme-eu/core', 'acme-eu/infra']) {
      expect(registry.resolve('acme', mention, now)).toEqual({ kind: 'unknown', name: mention });
    }
    expect([offered('acme'), registry.sizes.handles]).toEqual([[], 0]);
    expect(registry.teamsOf(globex).get('core')).toMatchObject({ onCall: false });
    know(globex, 'core');
    expect(paged('acme', 'core')).toBe('acme-eu');
  });

  it('is in no conflict over a connection whose credential is refused', () => {
    connect('acme-eu', 'acme', globex);
    connect('acme-ap', 'acme', initech);
    for (const directory of [globex, initech]) know(directory, 'core');
    const conflicts = () => registry.conflicts('acme', 100, now).conflicts;
    expect(conflicts()).toHaveLength(1);
    registry.applyDirectory(globex, { teams: 1, unread: 0, refused: ['acme-eu'], at: day('02') });
    expect(conflicts()).toEqual([]);
    registry.applyDirectory(globex, null);
    expect(conflicts()).toHaveLength(1);
  });

  it('offers nothing over a connection whose credential is refused, but still routes its handles to it', () => {
    connect('acme-eu', 'acme', globex);
    connect('acme-too', 'acme', globex, { createdAt: day('02') });
    connect('hooli-eu', 'hooli', globex);
    know(globex, 'core');
    const status = { teams: 1, unread: 0, completeAt: day('02'), refused: ['acme-eu'], at: day('02') };
    registry.applyDirectory(globex, status);
    expect([offered('acme'), offered('hooli')]).toEqual([['@oncall-acme-too/core'], ['@oncall-hooli-eu/core']]);
    expect([paged('acme', 'core'), registry.directoryStatus(globex)]).toEqual(['acme-eu', status]);
    registry.applyDirectory(globex, null);
    expect(offered('acme')).toEqual(['@oncall-acme-eu/core', '@oncall-acme-too/core']);
    expect(registry.directoryStatus(globex)).toBeUndefined();
  });

  it('is not the nearest to an unknown name over a connection whose credential is refused', () => {
    connect('acme-eu', 'acme', globex);
    know(globex, 'payments');
    const nearest = () =>
      ['paymints', 'acme-eu/paymints'].map((name) => registry.nearest('acme', name, now)?.teamHandle);
    expect(nearest()).toEqual(['payments', 'payments']);
    registry.applyDirectory(globex, { teams: 1, unread: 0, refused: ['acme-eu'], at: day('02') });
    expect(nearest()).toEqual([undefined, undefined]);
    registry.applyDirectory(globex, null);
    expect(nearest()).toEqual(['payments', 'payments']);
  });

  it('is listed while it has connections, teams or a status', () => {
    connect('acme-eu', 'acme', globex, { enabled: false });
    know(initech, 'core');
    registry.applyDirectory('US1/~/c', { teams: 0, unread: 0, refused: [], at: day('02') });
    expect(registry.directories().sort()).toEqual([initech, globex, 'US1/~/c']);
    registry.applyConnection('acme-eu', null);
    registry.applyHandle(initech, 'core', null);
    registry.applyDirectory('US1/~/c', null);
    expect(registry.directories()).toEqual([]);
  });

  it('lists its connections of all orgs, the oldest first; an org lists the directories of its enabled connections', () => {
    connect('b', 'acme', globex, { createdAt: day('02') });
    connect('a', 'hooli', globex, { enabled: false });
    expect(registry.connectionsIn(globex).map(({ connectionId }) => connectionId)).toEqual(['a', 'b']);
    expect([registry.directoriesOf('acme'), registry.directoriesOf('hooli')]).toEqual([[globex], []]);
  });
});

describe('a handle that a destination gives to thousands of teams', () => {
  const teams = (count: number) => {
    registry = new HandleRegistry();
    connect('acme-eu', 'acme', globex);
    // The oldest teams come last.
    for (let i = count; i > 0; i -= 1) {
      const firstSeenAt = new Date(Date.parse(day('01')) + i * 1000).toISOString();
      registry.applyHandle(globex, `t${i}`, {
        teamId: `t${i}`,
        teamHandle: 'core',
        teamName: '',
        onCall: true,
        formerHandles: [{ teamHandle: 'old', validUntil: '2026-07-01T00:00:00Z' }],
        firstSeenAt,
      });
    }
  };
  /** Returns how often a resolution reads a field of a team, by the id of the team. */
  const readsOf = (mention: string) => {
    const reads = new Map<string, number>();
    for (const [teamId, team] of registry.teamsOf(globex)) {
      for (const [field, value] of Object.entries(team)) {
        const get = () => {
          reads.set(teamId, (reads.get(teamId) ?? 0) + 1);
          return value;
        };
        Object.defineProperty(team, field, { get });
      }
    }
    registry.resolve('acme', mention, now);
    return reads;
  };

  it.each(['core', 'acme-eu/core', 'old'])('does not slow down the resolution of %s', (mention) => {
    teams(100);
    const hundred = readsOf(mention);
    expect(hundred.size).toBe(100);
    teams(5000);
    expect(readsOf(mention)).toEqual(hundred);
  });

  it('belongs to the team that had it first, and then to the next one', () => {
    teams(1000);
    expect(registry.resolve('acme', 'core', now)).toMatchObject({ teamId: 't1' });
    for (let i = 1; i < 700; i += 1) registry.applyHandle(globex, `t${i}`, null);
    expect(registry.resolve('acme', 'core', now)).toMatchObject({ teamId: 't700' });
    expect(registry.resolve('acme', 'old', now)).toMatchObject({ teamId: 't700' });
    expect(registry.sizes.handles).toBe(301);
  });
});

describe('a former slug', () => {
  const formerSlugs = [{ slug: 'europe', validUntil: '2026-06-02T00:00:00Z' }];
  beforeEach(() => {
    connect('eu', 'acme', globex, { formerSlugs, slugSince: day('05') });
    know(globex, 'core');
  });

  it('means its connection until its grace period ends or another connection has it', () => {
    expect(registry.resolve('acme', 'europe/core', now)).toMatchObject({ matched: 'qualified', teamHandle: 'core' });
    expect(registry.resolve('acme', 'europe/core', new Date('2026-06-02T00:00:00Z')).kind).toBe('unknown');
    connect('ap', 'acme', initech, { slug: 'europe' });
    expect(paged('acme', 'europe/core')).toBe('unknown');
  });

  it('is not taken by a team that later has it in its handle', () => {
    connect('ap', 'acme', initech);
    know(initech, 'europe/core', { firstSeenAt: day('06') });
    expect(paged('acme', 'europe/core')).toBe('eu');
  });
});

it('finds the nearest handle and searches over all directories of an org and no others', () => {
  for (let i = 0; i < 60; i += 1) {
    const directory = `EU1/org-${i}/account`;
    connect(`c${i}`, i === 59 ? 'hooli' : 'acme', directory);
    know(directory, `team-${String(i).padStart(2, '0')}`);
    know(directory, 'core-infra', { teamId: 'core', firstSeenAt: day(i === 7 ? '01' : '02') });
  }
  expect(paged('acme', 'core-infra')).toBe('c7');
  expect(registry.resolve('acme', 'core-infar', now)).toMatchObject({ nearest: { handle: '@oncall-core-infra' } });
  expect(registry.resolve('acme', 'c3/core-infar', now)).toMatchObject({
    nearest: { handle: '@oncall-c3/core-infra' },
  });
  expect(registry.resolve('acme', 'xeam-42', now)).toMatchObject({ nearest: { teamHandle: 'team-42' } });
  know('EU1/org-42/account', 'other', { teamId: 'team-42' });
  expect(registry.resolve('acme', 'team-59', now)).toMatchObject({
    kind: 'unknown',
    nearest: { teamHandle: 'team-09' },
  });
  expect(registry.search('acme', 'team', 3, now).map((hit) => hit.teamHandle)).toEqual([
    'team-00',
    'team-01',
    'team-02',
  ]);
  expect(registry.search('acme', '9', 100, now).map((hit) => hit.teamHandle)).toEqual(
    ['09', '19', '29', '39', '49'].map((number) => `team-${number}`),
  );
});

it('offers all handles in pages, each handle once for each connection', () => {
  connect('acme-eu', 'acme', globex);
  connect('acme-eu-2', 'acme', globex);
  connect('acme-ap', 'acme', initech);
  connect('off', 'acme', initech, { enabled: false });
  for (let i = 0; i < 20; i += 1) know(globex, `team-${i}`, { teamHandle: `team-${i % 7}` });
  for (let i = 0; i < 9; i += 1) know(initech, `t-${i}`, { teamHandle: `team-${i}` });
  const all = registry.search('acme', '', 100, now);
  expect(all).toHaveLength(49);
  for (const limit of [1, 3, 100]) {
    const listed: SearchHit[] = [];
    for (let page = registry.search('acme', '', limit, now); page.length > 0; ) {
      listed.push(...page);
      const last = page.at(-1);
      if (!last) break;
      const after = { ...last, connectionId: last.connection.connectionId };
      page = registry.search('acme', '', limit, now, { after });
    }
    expect(listed).toEqual(all);
  }
});
