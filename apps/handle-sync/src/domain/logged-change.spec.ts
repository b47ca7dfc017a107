import { describe, expect, it } from '@jest/globals';
import type { KnownTeam } from '@pagebridge/handle-registry';
import { changeOf, goneChange } from './diff-team.ts';
import { loggedChangeOf } from './logged-change.ts';

const now = Date.parse('2026-03-01T12:00:00Z');
const known: KnownTeam = {
  teamId: 'a',
  teamHandle: 'core',
  teamName: 'Core',
  onCall: true,
  formerHandles: [],
  firstSeen: now,
};
const logged = (before: KnownTeam | undefined, teamHandle: string, onCall = true) => {
  const change = changeOf(before, { teamId: 'a', teamHandle, teamName: 'Seen' }, onCall, now, 1000);
  return change && loggedChangeOf(change, before);
};

describe('the entry of a change in the log', () => {
  it('has the present handle of the team, and for a rename the former one', () => {
    expect(logged(undefined, 'core')).toEqual({ kind: 'added', teamHandle: 'core', teamName: 'Seen' });
    expect(logged(known, 'core')).toEqual({ kind: 'refreshed', teamHandle: 'core', teamName: 'Seen' });
    expect(logged(known, 'web')).toEqual({ kind: 'renamed', teamHandle: 'web', teamName: 'Seen', from: 'core' });
  });

  it('has the former handle of a team that is removed or no longer on call', () => {
    const removed = { kind: 'removed', teamHandle: 'core', teamName: 'Core' };
    expect(loggedChangeOf(goneChange(known), known)).toEqual(removed);
    expect(logged(known, 'web', false)).toEqual(removed);
  });

  it('does not exist for a team that is not on call', () => {
    const offCall = { ...known, onCall: false };
    expect(logged(undefined, 'core', false)).toBeUndefined();
    expect(loggedChangeOf(goneChange(offCall), offCall)).toBeUndefined();
  });
});
