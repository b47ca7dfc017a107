import type { FormerHandle, KnownTeam } from '@pagebridge/handle-registry';
import type { SeenTeam } from './team.ts';

/**
 * A difference between the known and the seen team, and the record that removes it; a null record deletes the team.
 *
 * `noticed` and `forgotten` concern teams that are not on call, so that no handle is added or removed.
 */
export interface Change {
  readonly kind: 'added' | 'renamed' | 'refreshed' | 'removed' | 'noticed' | 'forgotten';
  readonly teamId: string;
  readonly team: KnownTeam | null;
  /** The handle before a rename. */
  readonly from?: string;
}

/** The maximum number of former handles in a record. If there are more, those that expire last are kept. */
export const maxFormerHandles = 16;

/**
 * Returns the change to write for a team that exists; undefined if nothing differs.
 *
 * A renamed team keeps its former handle until `now + graceMs`, and claims the new one from `now` on. A team that
 * returns to on call claims its handle from `now` on too. `now` is in milliseconds since the epoch.
 */
export function changeOf(
  known: KnownTeam | undefined,
  seen: SeenTeam,
  onCall: boolean,
  now: number,
  graceMs: number,
): Change | undefined {
  const { teamId, teamHandle, teamName } = seen;
  const renewed = { teamId, teamHandle, teamName, onCall, formerHandles: [], firstSeen: now };
  if (!onCall) {
    if (known?.onCall) return { kind: 'removed', teamId, team: renewed };
    const isSame = known?.teamHandle === teamHandle && known.teamName === teamName;
    return isSame ? undefined : { kind: 'noticed', teamId, team: renewed };
  }
  if (!known?.onCall) return { kind: 'added', teamId, team: renewed };
  const formerHandles = formerHandlesOf(known, teamHandle, now, graceMs);
  if (known.teamHandle !== teamHandle) {
    return { kind: 'renamed', teamId, team: { ...renewed, formerHandles }, from: known.teamHandle };
  }
  const isSame = known.teamName === teamName && known.formerHandles.length === formerHandles.length;
  if (isSame) return undefined;
  return { kind: 'refreshed', teamId, team: { ...renewed, formerHandles, firstSeen: known.firstSeen } };
}

/** Returns the change to write for a team that no longer exists. */
export const goneChange = ({ teamId, onCall }: KnownTeam): Change => ({
  kind: onCall ? 'removed' : 'forgotten',
  teamId,
  team: null,
});

// The present handle is never a former handle too, also after a rename back.
function formerHandlesOf(known: KnownTeam, current: string, now: number, graceMs: number): FormerHandle[] {
  const unexpired = known.formerHandles.filter(
    (former) => Date.parse(former.validUntil) > now && former.teamHandle !== current,
  );
  if (known.teamHandle === current || graceMs <= 0) return unexpired;
  const latest = { teamHandle: known.teamHandle, validUntil: new Date(now + graceMs).toISOString() };
  return [latest, ...unexpired.filter((former) => former.teamHandle !== latest.teamHandle)]
    .toSorted((a, b) => Date.parse(b.validUntil) - Date.parse(a.validUntil))
    .slice(0, maxFormerHandles);
}
