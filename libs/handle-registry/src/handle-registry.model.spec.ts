import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { distance } from 'fastest-levenshtein';
import { HandleRegistry } from './handle-registry.ts';
import { inWords, NaiveRegistry } from './naive-registry.fixtures.ts';
import type { Conflict, Contender, Resolution, SearchHit } from './resolution.ts';

const orgs = ['acme', 'globex'];
const connections = ['c1', 'c2', 'c3'];
const directories = ['EU1/org/a', 'EU1/org/b', 'US1/~/c3'];
const teams = ['t1', 't/2', '11111111-1111-4111-8111-111111111111'];
const names = ['ops', 'ops.', 'core', 'eu/ops', 'core-infra', 'a.b', 'core-infra-', 'x/y'];
const mentions = [...names, 'ops..', 'eu/core', 'us/ops', 'eu/ops.', 'core-infra.', 'cor', 'eu/', 'a.b:', 'eu/cor'];
const times = ['2026-01-01T00:00:00Z', '2026-01-02T00:00:00Z', '2026-01-03T00:00:00Z'];
const now = new Date('2026-01-02T00:00:00Z');

const connection = fc.record(
  {
    sourceOrg: fc.constantFrom(...orgs),
    name: fc.constantFrom('Europe', 'America'),
    slug: fc.constantFrom('eu', 'us', 'x'),
    directory: fc.constantFrom(...directories),
    enabled: fc.boolean(),
    version: fc.integer({ min: 1, max: 4 }),
    createdAt: fc.constantFrom(...times),
    slugSince: fc.constantFrom(...times),
    directorySince: fc.constantFrom(...times),
    formerSlugs: fc.array(
      fc.record({ slug: fc.constantFrom('eu', 'us', 'x'), validUntil: fc.constantFrom(...times) }),
      {
        maxLength: 2,
      },
    ),
  },
  { requiredKeys: ['sourceOrg', 'name', 'slug', 'directory', 'enabled', 'version', 'createdAt'] },
);
const former = fc.record({ teamHandle: fc.constantFrom(...names), validUntil: fc.constantFrom(...times) });
const handle = fc.record({
  teamHandle: fc.constantFrom(...names),
  teamName: fc.string({ maxLength: 20 }),
  onCall: fc.integer({ min: 0, max: 4 }).map((n) => n > 0),
  formerHandles: fc.array(former, { maxLength: 2 }),
  firstSeenAt: fc.constantFrom(...times),
});
const settings = fc.record(
  {
    localHandles: fc.uniqueArray(fc.constantFrom(...names), { maxLength: 2 }),
    fallbackHandle: fc.constantFrom(...names),
    version: fc.integer({ min: 1, max: 4 }),
  },
  { requiredKeys: ['localHandles', 'version'] },
);

const status = fc.record({
  teams: fc.nat(3),
  unread: fc.nat(3),
  refused: fc.uniqueArray(fc.constantFrom(...connections), { maxLength: 2 }),
  at: fc.constant('2026-01-01T00:00:00.000Z'),
});

type Registry = Pick<NaiveRegistry, 'applyConnection' | 'applyHandle' | 'applySourceOrg' | 'applyDirectory'>;
interface Step {
  readonly topic: 'connections' | 'handles' | 'source-orgs' | 'directories';
  readonly apply: (registry: Registry) => void;
}
const orDeletion = <T>(fact: fc.Arbitrary<T>) => fc.option(fact, { nil: null, freq: 4 });

const connectionStep = fc.tuple(fc.constantFrom(...connections), orDeletion(connection)).map(
  ([id, fact]): Step => ({
    topic: 'connections',
    apply: (registry) => registry.applyConnection(id, fact && { ...fact, connectionId: id }),
  }),
);
const handleStep = fc.tuple(fc.constantFrom(...directories), fc.constantFrom(...teams), orDeletion(handle)).map(
  ([id, team, fact]): Step => ({
    topic: 'handles',
    apply: (registry) => registry.applyHandle(id, team, fact && { ...fact, teamId: team }),
  }),
);
const settingsStep = fc.tuple(fc.constantFrom(...orgs), orDeletion(settings)).map(
  ([org, fact]): Step => ({
    topic: 'source-orgs',
    apply: (registry) => registry.applySourceOrg(org, fact && { ...fact, sourceOrg: org }),
  }),
);
const statusStep = fc.tuple(fc.constantFrom(...directories), orDeletion(status)).map(
  ([directory, fact]): Step => ({
    topic: 'directories',
    apply: (registry) => registry.applyDirectory(directory, fact),
  }),
);
const step = fc.oneof(connectionStep, { weight: 3, arbitrary: handleStep }, settingsStep, statusStep);

/** Converts a resolution to the form of the naive registry. */
function plain(answer: Resolution): unknown {
  if (answer.kind === 'unknown') return { kind: 'unknown' };
  if (answer.kind === 'local') return answer;
  const { connection, contenders, ...rest } = answer;
  return { ...rest, connectionId: connection.connectionId, contenders: contenders.map(textOf) };
}

const textOf = ({ connection, teamId, matched, claimedAt }: Contender): string =>
  [connection.connectionId, teamId, matched, claimedAt && Date.parse(claimedAt), connection.enabled].join(' ');

function expectSameAnswers(real: HandleRegistry, naive: NaiveRegistry): void {
  for (const org of [...orgs, 'nobody']) {
    for (const mention of mentions) {
      const answer = real.resolve(org, mention, now);
      expect(plain(answer)).toEqual(naive.resolve(org, mention, now));
      expect(real.isRouted(org, mention, now)).toBe(answer.kind === 'routed');
    }
    expect(real.fallbackHandleOf(org)).toBe(naive.fallbackHandleOf(org));
    expect(real.connectionsOf(org).map((c) => c.connectionId)).toEqual(
      naive.connectionsOf(org).map((c) => c.connectionId),
    );
    expect(real.directoriesOf(org).sort()).toEqual(
      [...new Set(naive.connectionsOf(org).flatMap((c) => (c.enabled ? [c.directory] : [])))].sort(),
    );
    expectSameOffers(real, naive, org);
    expectSameConflicts(real, naive, org);
    expectNearestOfAll(real, naive, org);
  }
  for (const directory of directories) {
    const readers = naive.connectionsTo(directory).map((c) => c.connectionId);
    expect(real.connectionsIn(directory).map((c) => c.connectionId)).toEqual(readers);
    expect(real.directoryStatus(directory)).toEqual(naive.directories.get(directory));
  }
  expect(real.sizes.handles).toBe([...naive.handles.values()].filter(({ onCall }) => onCall).length);
}

function expectSameOffers(real: HandleRegistry, naive: NaiveRegistry, org: string): void {
  for (const query of ['', 'co', 'ps', 'x/', '.']) {
    const rank = (name: string) => (name.startsWith(query) ? 0 : 1);
    const key = (teamHandle: string, connectionId: string, teamId: string) =>
      [rank(teamHandle), teamHandle, connectionId, teamId].join(' ');
    const expected = naive
      .rows(
        org,
        (row, c) => naive.isOffered(c) && (row.teamHandle.includes(query) || (query === 'x/' && c.slug === 'x')),
      )
      .map(({ row, connection: c }) => key(row.teamHandle, c.connectionId, row.teamId));
    const offered = real.search(org, query, 100, now);
    const keys = offered.map((hit) => key(hit.teamHandle, hit.connection.connectionId, hit.teamId));
    if (query === 'x/')
      expect([...keys].sort()).toEqual(expect.arrayContaining(expected.filter((k) => k.startsWith('0'))));
    else expect(keys).toEqual(expected.sort());
    expect(inPages(real, org, query)).toEqual(offered);
    expect(real.count(org, query, now)).toBe(offered.length);
    for (const id of connections) {
      const over = offered.filter((hit) => hit.connection.connectionId === id);
      expect(inPages(real, org, query, id)).toEqual(over);
      expect(real.count(org, query, now, id)).toBe(over.length);
    }
    for (const hit of offered) {
      const answer = plain(real.resolve(org, hit.teamHandle, now)) as { connectionId?: string; teamId?: string };
      const isPaged = answer.connectionId === hit.connection.connectionId && answer.teamId === hit.teamId;
      expect(hit.preferred).toBe(isPaged);
    }
  }
}

function inPages(real: HandleRegistry, org: string, query: string, connectionId?: string): SearchHit[] {
  const hits: SearchHit[] = [];
  let page: SearchHit[] = [];
  do {
    const last = page.at(-1);
    const after = last && { ...last, connectionId: last.connection.connectionId };
    page = real.search(org, query, 2, now, { connectionId, after });
    hits.push(...page);
  } while (page.length > 0);
  return hits;
}

function expectSameConflicts(real: HandleRegistry, naive: NaiveRegistry, org: string): void {
  const expected = [...names].sort().flatMap((teamHandle) => {
    const claims = naive.claims(org, teamHandle, now).filter(({ connection }) => naive.isAccepted(connection));
    const local = naive.isLocal(org, teamHandle);
    const apart = new Set(claims.map(({ row, connection: c }) => `${c.connectionId} ${row.teamHandle}`)).size;
    const isSomeones = claims.some(({ row }) => row.teamHandle === teamHandle);
    if (!isSomeones || !claims.some(({ connection }) => connection.enabled) || apart < (local ? 1 : 2)) return [];
    return [{ teamHandle, local, contenders: claims.map(inWords) }];
  });
  for (const limit of [1, 100]) {
    const found: Conflict[] = [];
    let page = real.conflicts(org, limit, now);
    for (; page.next !== undefined; page = real.conflicts(org, limit, now, page.next)) found.push(...page.conflicts);
    found.push(...page.conflicts);
    expect(
      found.map(({ teamHandle, local, contenders }) => ({ teamHandle, local, contenders: contenders.map(textOf) })),
    ).toEqual(expected);
  }
}

function expectNearestOfAll(real: HandleRegistry, naive: NaiveRegistry, org: string): void {
  for (const name of ['opt', 'core-infar', 'kore']) {
    const limit = Math.max(1, Math.floor(name.length * 0.4));
    const edits = naive.rows(org, (_row, c) => naive.isOffered(c)).map(({ row }) => distance(name, row.teamHandle));
    const least = Math.min(...edits, Number.POSITIVE_INFINITY);
    const nearest = real.nearest(org, name, now);
    expect(nearest && distance(name, nearest.teamHandle)).toBe(least <= limit ? least : undefined);
  }
}

describe('HandleRegistry', () => {
  it('answers like the naive registry after any sequence of facts', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 40 }), fc.nat(40), (steps, pause) => {
        const [real, naive] = [new HandleRegistry(), new NaiveRegistry()];
        steps.forEach(({ apply }, i) => {
          apply(real);
          apply(naive);
          // Queries in between create the sorted indexes, which must then stay up to date.
          if (i === pause) expectSameAnswers(real, naive);
        });
        expectSameAnswers(real, naive);
      }),
      { numRuns: 150 },
    );
  });

  it('gives the same answers whichever topic is read first', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const naive = new NaiveRegistry();
        for (const { apply } of steps) apply(naive);
        for (const first of ['connections', 'handles', 'source-orgs', 'directories']) {
          const real = new HandleRegistry();
          for (const { apply } of steps.filter(({ topic }) => topic === first)) apply(real);
          for (const { apply } of steps.filter(({ topic }) => topic !== first)) apply(real);
          expectSameAnswers(real, naive);
        }
      }),
      { numRuns: 30 },
    );
  });
});
