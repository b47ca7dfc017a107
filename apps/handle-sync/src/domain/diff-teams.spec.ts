import { describe, expect, it } from '@jest/globals';
import type { KnownTeam } from '@pagebridge/handle-registry';
import fc from 'fast-check';
import { type Change, diffTeams, maxFormerHandles } from './diff-teams.ts';
import type { SeenTeam } from './team.ts';

const day = 24 * 60 * 60 * 1000;
const now = Date.parse('2026-03-01T12:00:00Z');

const ids = fc.constantFrom('t1', 't2', 't3', 't4', 't5');
const handles = fc.constantFrom('core', 'infra', 'web', 'db');
const seenTeams = fc.uniqueArray(fc.record({ teamId: ids, teamHandle: handles, teamName: handles }), {
  selector: (team) => team.teamId,
});

const apply = (known: ReadonlyMap<string, KnownTeam>, changes: readonly Change[]): Map<string, KnownTeam> => {
  const after = new Map(known);
  for (const change of changes) {
    if (change.kind === 'removed') after.delete(change.teamId);
    else after.set(change.team.teamId, change.team);
  }
  return after;
};

const bare = ({ teamId, teamHandle, teamName }: SeenTeam) => ({ teamId, teamHandle, teamName });
const byId = (a: SeenTeam, b: SeenTeam) => a.teamId.localeCompare(b.teamId);

/** Lives through listings in turn, each an hour after the one before, and answers what is known after each. */
const live = (listings: readonly SeenTeam[][], graceMs = day) => {
  let known = new Map<string, KnownTeam>();
  return listings.map((listing, hour) => {
    const at = now + hour * 60 * 60 * 1000;
    known = apply(known, diffTeams(known, listing, at, graceMs));
    return { known, at, listing };
  });
};

const team = (teamId: string, teamHandle: string, teamName = teamHandle): SeenTeam => ({
  teamId,
  teamHandle,
  teamName,
});

describe('the differences between known and seen teams', () => {
  it('turn the known teams into the seen ones, whatever they were', () => {
    fc.assert(
      fc.property(fc.array(seenTeams, { minLength: 1, maxLength: 8 }), (listings) => {
        for (const { known, listing } of live(listings)) {
          expect([...known.values()].map(bare).toSorted(byId)).toEqual(listing.map(bare).toSorted(byId));
        }
      }),
    );
  });

  it('are none when the same teams are seen again', () => {
    fc.assert(
      fc.property(fc.array(seenTeams, { minLength: 1, maxLength: 8 }), (listings) => {
        for (const { known, at, listing } of live(listings)) expect(diffTeams(known, listing, at, day)).toEqual([]);
      }),
    );
  });

  it('keep since when a team has its handle, and count anew when it is renamed or comes back', () => {
    const hours = (known: ReadonlyMap<string, KnownTeam>) => ((known.get('a')?.firstSeen ?? 0) - now) / 3_600_000;
    const listings = [
      [team('a', 'core')],
      [team('a', 'core', 'Core Infra')],
      [team('a', 'kernel')],
      [team('a', 'core')],
      [],
      [team('a', 'core')],
    ];
    const seen = live(listings).filter(({ known }) => known.size > 0);
    expect(seen.map(({ known }) => hours(known))).toEqual([0, 0, 2, 3, 5]);
  });

  it('keep every handle a present team had within its grace period, and none that has expired', () => {
    fc.assert(
      fc.property(fc.array(seenTeams, { minLength: 2, maxLength: 8 }), (listings) => {
        const graceMs = 3 * 60 * 60 * 1000;
        for (const { known, at } of live(listings, graceMs)) {
          for (const { teamHandle, formerHandles } of known.values()) {
            const former = formerHandles.map((one) => one.teamHandle);
            expect(former).not.toContain(teamHandle);
            expect(new Set(former).size).toBe(former.length);
            expect(formerHandles.every((one) => Date.parse(one.validUntil) > at)).toBe(true);
          }
        }
      }),
    );
  });

  it('name an added, a renamed, a refreshed and a removed team', () => {
    const known = apply(
      new Map(),
      diffTeams(new Map(), [team('a', 'core'), team('b', 'web'), team('c', 'db')], now, day),
    );
    const changes = diffTeams(
      known,
      [team('a', 'kernel', 'core'), team('b', 'web', 'Web'), team('d', 'new')],
      now,
      day,
    );
    expect(changes).toEqual([
      {
        kind: 'renamed',
        from: 'core',
        team: {
          ...team('a', 'kernel', 'core'),
          formerHandles: [{ teamHandle: 'core', validUntil: '2026-03-02T12:00:00.000Z' }],
          firstSeen: now,
        },
      },
      { kind: 'refreshed', team: { ...team('b', 'web', 'Web'), formerHandles: [], firstSeen: now } },
      { kind: 'added', team: { ...team('d', 'new'), formerHandles: [], firstSeen: now } },
      { kind: 'removed', teamId: 'c' },
    ]);
  });

  it('drop a former handle once its grace period has ended', () => {
    const known = apply(
      new Map([['a', { ...team('a', 'core'), formerHandles: [], firstSeen: now }]]),
      diffTeams(
        new Map([['a', { ...team('a', 'core'), formerHandles: [], firstSeen: now }]]),
        [team('a', 'kernel')],
        now,
        day,
      ),
    );
    expect(diffTeams(known, [team('a', 'kernel')], now + day - 1, day)).toEqual([]);
    expect(diffTeams(known, [team('a', 'kernel')], now + day, day)).toEqual([
      { kind: 'refreshed', team: { ...team('a', 'kernel'), formerHandles: [], firstSeen: now } },
    ]);
  });

  it('keep no former handle without a grace period, and never more than the contract carries', () => {
    const known = new Map([['a', { ...team('a', 'core'), formerHandles: [], firstSeen: now }]]);
    expect(diffTeams(known, [team('a', 'kernel')], now, 0)).toEqual([
      { kind: 'renamed', from: 'core', team: { ...team('a', 'kernel'), formerHandles: [], firstSeen: now } },
    ]);
    const names = Array.from({ length: 30 }, (_, index) => [team('a', `name-${index}`, 'x')]);
    const last = live(names, 100 * day)
      .at(-1)
      ?.known.get('a');
    expect(last?.formerHandles).toHaveLength(maxFormerHandles);
    expect(last?.formerHandles[0]?.teamHandle).toBe('name-28');
  });
});
