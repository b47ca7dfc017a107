import { describe, expect, it } from '@jest/globals';
import type { KnownTeam } from '@pagebridge/handle-registry';
import { judgeReading } from './judge-reading.ts';
import type { ReadTeam, Rules } from './team.ts';

const listed = (teamId: string, rules: Rules = 'some', teamHandle = teamId): ReadTeam => ({
  teamId,
  teamHandle,
  teamName: teamId,
  rules,
});
const knownTeams = (...ids: string[]): Map<string, KnownTeam> =>
  new Map(
    ids.map((teamId) => [teamId, { teamId, teamHandle: teamId, teamName: teamId, formerHandles: [], firstSeen: 0 }]),
  );

const judge = (
  known: ReadonlyMap<string, KnownTeam>,
  teams: readonly ReadTeam[],
  { confirmed = false, complete = true } = {},
) => judgeReading({ known, listed: teams, confirmed, complete, now: 0, graceMs: 1000 });

describe('what a listing means', () => {
  it('adds only teams that have routing rules', () => {
    const verdict = judge(knownTeams(), [listed('a'), listed('b', 'none'), listed('c', 'forbidden')]);
    expect(verdict).toMatchObject({ kind: 'apply', changes: [{ kind: 'added', team: { teamId: 'a' } }] });
  });

  it('keeps a known team whose rules are hidden or could not be read', () => {
    const verdict = judge(knownTeams('a', 'b', 'c'), [listed('a'), listed('b', 'forbidden'), listed('c', 'unread')]);
    expect(verdict).toEqual({ kind: 'apply', changes: [], unread: 1, unusable: 0 });
  });

  it('follows the rename of a known team whose rules are hidden', () => {
    const verdict = judge(knownTeams('a', 'b'), [listed('a'), listed('b', 'forbidden', 'bb')]);
    expect(verdict).toMatchObject({ changes: [{ kind: 'renamed', from: 'b', team: { teamHandle: 'bb' } }] });
  });

  it('removes a known team that is gone or has no rules any more', () => {
    const verdict = judge(knownTeams('a', 'b', 'c', 'd'), [listed('a'), listed('b', 'none'), listed('d')]);
    expect(verdict).toMatchObject({
      changes: [
        { kind: 'removed', teamId: 'b' },
        { kind: 'removed', teamId: 'c' },
      ],
    });
  });

  it('blames the credential when every team is forbidden', () => {
    const verdict = judge(knownTeams('a'), [listed('a', 'forbidden'), listed('b', 'forbidden')]);
    expect(verdict).toEqual({ kind: 'rules-forbidden', teams: 2 });
  });

  it('believes the removal of most handles only when a second listing says the same', () => {
    expect(judge(knownTeams('a', 'b', 'c'), [])).toEqual({ kind: 'implausible', known: 3, removed: 3 });
    expect(judge(knownTeams('a', 'b', 'c'), [listed('a')])).toEqual({ kind: 'implausible', known: 3, removed: 2 });
    expect(judge(knownTeams('a', 'b', 'c'), [], { confirmed: true })).toMatchObject({
      kind: 'apply',
      changes: [{ kind: 'removed' }, { kind: 'removed' }, { kind: 'removed' }],
    });
  });

  it('removes nobody for being absent from a list that may be incomplete', () => {
    const verdict = judge(knownTeams('a', 'b', 'c'), [listed('a', 'none')], { complete: false });
    expect(verdict).toMatchObject({ changes: [{ kind: 'removed', teamId: 'a' }] });
  });

  it('takes an empty listing of a destination that never had teams at its word', () => {
    expect(judge(knownTeams(), [])).toEqual({ kind: 'apply', changes: [], unread: 0, unusable: 0 });
  });

  it('skips a team whose handle nobody can write, and keeps the one it had', () => {
    const teams = [listed('a', 'some', 'Not Legal'), listed('b', 'some', '')];
    expect(judge(knownTeams('a'), teams)).toEqual({ kind: 'apply', changes: [], unread: 0, unusable: 2 });
  });
});
