import { describe, expect, it } from '@jest/globals';
import type { KnownTeam } from '@pagebridge/handle-registry';
import { type Change, changeOf, goneChange } from './diff-team.ts';
import { withinBound } from './team-bound.ts';

const kept = new Map<string, KnownTeam>();
const known = (teamId: string) => kept.get(teamId);
const seen = (teamId: string, onCall: boolean): Change => {
  const change = changeOf(known(teamId), { teamId, teamHandle: teamId, teamName: teamId }, onCall, 0, 0);
  if (!change) throw new Error('nothing differs');
  return change;
};
const keep = (teamId: string, onCall: boolean): void => {
  const { team } = seen(teamId, onCall);
  if (team) kept.set(teamId, team);
};
const bounded = (...changes: readonly Change[]) => {
  const onCall = [...kept.values()].filter((team) => team.onCall).length;
  const { within, beyond } = withinBound(changes, known, { onCall, offCall: kept.size - onCall }, 2);
  return { within: within.map(({ teamId }) => teamId), beyond };
};

describe('a directory with a limit of two teams on call', () => {
  it('keeps the teams known first, and lets later ones wait', () => {
    kept.clear();
    keep('a', true);
    expect(bounded(seen('b', true), seen('c', true))).toEqual({ within: ['b'], beyond: ['c'] });
    keep('b', true);
    const [, b] = [...kept.values()];
    const gone = b ? [goneChange(b)] : [];
    expect(bounded(seen('c', true), ...gone, seen('d', true))).toEqual({ within: ['b', 'd'], beyond: ['c'] });
  });

  it('counts a known team that is off call as a new one when it is put on call', () => {
    kept.clear();
    for (const id of ['a', 'b']) keep(id, true);
    keep('c', false);
    expect(bounded(seen('c', true))).toEqual({ within: [], beyond: ['c'] });
    expect(bounded(seen('a', false), seen('c', true))).toEqual({ within: ['a', 'c'], beyond: [] });
  });

  it('remembers at most two teams that are not on call, and does not report further ones', () => {
    kept.clear();
    for (const id of ['a', 'b']) keep(id, false);
    expect(bounded(seen('c', false))).toEqual({ within: [], beyond: [] });
  });
});
