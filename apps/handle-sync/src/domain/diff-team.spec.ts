import { describe, expect, it } from '@jest/globals';
import type { KnownTeam } from '@pagebridge/handle-registry';
import fc from 'fast-check';
import { changeOf, goneChange, maxFormerHandles } from './diff-team.ts';
import type { SeenTeam } from './team.ts';

const hour = 60 * 60 * 1000;
const day = 24 * hour;
const now = Date.parse('2026-03-01T12:00:00Z');

interface Sight {
  readonly team: SeenTeam;
  readonly onCall: boolean;
}

const seen = (teamHandle: string, teamName = teamHandle): SeenTeam => ({ teamId: 'a', teamHandle, teamName });
const onCall = (teamHandle: string, teamName?: string): Sight => ({ team: seen(teamHandle, teamName), onCall: true });
const offCall = (teamHandle: string): Sight => ({ team: seen(teamHandle), onCall: false });
const known = (its: Partial<KnownTeam> = {}): KnownTeam => ({
  ...seen('core'),
  onCall: true,
  formerHandles: [],
  firstSeen: now,
  ...its,
});

/** Applies several observations of a team, an hour apart. Returns the known team after each. */
const live = (sights: readonly Sight[], graceMs = day) => {
  let team: KnownTeam | undefined;
  return sights.map((sight, hours) => {
    const at = now + hours * hour;
    const change = changeOf(team, sight.team, sight.onCall, at, graceMs);
    if (change?.team) team = change.team;
    return { team: team as KnownTeam, at, sight };
  });
};

const names = fc.constantFrom('core', 'infra', 'web', 'db');
const histories = fc.array(
  fc.record({ team: fc.record({ teamHandle: names, teamName: names }), onCall: fc.boolean() }),
  {
    minLength: 1,
    maxLength: 10,
  },
);
const sightsOf = (history: readonly { team: Omit<SeenTeam, 'teamId'>; onCall: boolean }[]): Sight[] =>
  history.map((sight) => ({ ...sight, team: { teamId: 'a', ...sight.team } }));

describe('the difference between a known and a seen team', () => {
  it('turns the known team into the seen one, and is undefined when the same team is seen again', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { team, at, sight } of live(sightsOf(history))) {
          expect(team).toMatchObject({ ...sight.team, onCall: sight.onCall });
          expect(changeOf(team, sight.team, sight.onCall, at, day)).toBeUndefined();
        }
      }),
    );
  });

  it('keeps each former handle once until it expires, but not the present handle', () => {
    fc.assert(
      fc.property(histories, (history) => {
        for (const { team, at } of live(sightsOf(history), 3 * hour)) {
          const former = team.formerHandles.map(({ teamHandle }) => teamHandle);
          expect(former).not.toContain(team.teamHandle);
          expect(new Set(former).size).toBe(former.length);
          expect(team.formerHandles.every(({ validUntil }) => Date.parse(validUntil) > at)).toBe(true);
        }
      }),
    );
  });

  it('keeps the time since which a team has its handle, and restarts it on a rename or a return to on call', () => {
    const sights = [
      onCall('core'),
      onCall('core', 'Core'),
      onCall('kernel'),
      onCall('core'),
      offCall('core'),
      onCall('core'),
    ];
    expect(live(sights).map(({ team }) => (team.firstSeen - now) / hour)).toEqual([0, 0, 2, 3, 4, 5]);
  });

  it('has the kind of the change', () => {
    const kinds = (team: KnownTeam | undefined, { team: its, onCall: is }: Sight) =>
      changeOf(team, its, is, now, day)?.kind;
    expect(kinds(undefined, onCall('core'))).toBe('added');
    expect(kinds(known({ onCall: false }), onCall('core'))).toBe('added');
    expect(kinds(known(), onCall('core', 'Core'))).toBe('refreshed');
    expect(kinds(known(), onCall('kernel'))).toBe('renamed');
    expect(kinds(known(), offCall('core'))).toBe('removed');
    expect(kinds(undefined, offCall('core'))).toBe('noticed');
    expect(kinds(known({ onCall: false }), offCall('kernel'))).toBe('noticed');
    expect(goneChange(known())).toEqual({ kind: 'removed', teamId: 'a', team: null });
    expect(goneChange(known({ onCall: false })).kind).toBe('forgotten');
  });

  it('has the handle before a rename, and keeps it for the grace period', () => {
    expect(changeOf(known(), seen('kernel'), true, now, day)).toMatchObject({
      from: 'core',
      team: { teamHandle: 'kernel', formerHandles: [{ teamHandle: 'core', validUntil: '2026-03-02T12:00:00.000Z' }] },
    });
  });

  it('drops a former handle once its grace period has ended', () => {
    const renamed = changeOf(known(), seen('kernel'), true, now, day)?.team ?? undefined;
    expect(changeOf(renamed, seen('kernel'), true, now + day - 1, day)).toBeUndefined();
    expect(changeOf(renamed, seen('kernel'), true, now + day, day)).toMatchObject({
      kind: 'refreshed',
      team: { formerHandles: [] },
    });
  });

  it('keeps no former handle without a grace period, and never more than a record may hold', () => {
    expect(changeOf(known(), seen('kernel'), true, now, 0)?.team?.formerHandles).toEqual([]);
    const last = live(
      Array.from({ length: 30 }, (_, index) => onCall(`name-${index}`)),
      100 * day,
    ).at(-1);
    expect(last?.team.formerHandles).toHaveLength(maxFormerHandles);
    expect(last?.team.formerHandles[0]?.teamHandle).toBe('name-28');
  });
});
