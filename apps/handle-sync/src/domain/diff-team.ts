import type { FormerHandle, KnownTeam } from '@pagebridge/handle-registry';
import type { SeenTeam } from './team.ts';

/**
 * One difference between the known and the seen team, and the record that ends it; a null record deletes.
 *
 * `noticed` and `forgotten` are of teams that are not on call: no handle comes or goes.
 */
export interface Change {
  readonly kind: 'added' | 'renamed' | 'refreshed' | 'removed' | 'noticed' | 'forgotten';
  readonly teamId: string;
  readonly team: KnownTeam | null;
  /** The handle before a rename. */
  readonly from?: string;
}

/** As many former handles as the contract carries; of more, those that stay valid longest are kept. */
export const maxFormerHandles = 16;

/**
 * What has to be written of a team that is there; undefined where nothing differs.
 *
 * A renamed team keeps its old handle until `now + graceMs`, and claims the new one from now on; so does a team that
 * comes back, with whatever handle. `now` is in ms since the epoch.
 */
export function changeOf(
  known: KnownTeam | undefined,
  seen: SeenTeam,
  onCall: boolean,
  now: number,
  graceMs: number,
): Change | undefined {
  const { teamId, teamHandle, teamName } = seen;
  const anew = { teamId, teamHandle, teamName, onCall, formerHandles: [], firstSeen: now };
  if (!onCall) {
    if (known?.onCall) return { kind: 'removed', teamId, team: anew };
    const isSame = known?.teamHandle === teamHandle && known.teamName === teamName;
    return isSame ? undefined : { kind: 'noticed', teamId, team: anew };
  }
  if (!known?.onCall) return { kind: 'added', teamId, team: anew };
  const formerHandles = formerHandlesOf(known, teamHandle, now, graceMs);
  if (known.teamHandle !== teamHandle) {
    return { kind: 'renamed', teamId, team: { ...anew, formerHandles }, from: known.teamHandle };
  }
  const isSame = known.teamName === teamName && known.formerHandles.length === formerHandles.length;
  if (isSame) return undefined;
  return { kind: 'refreshed', teamId, team: { ...anew, formerHandles, firstSeen: known.firstSeen } };
}

/** What has to be written of a team that is gone. */
export const goneChange = ({ teamId, onCall }: KnownTeam): Change => ({
  kind: onCall ? 'removed' : 'forgotten',
  teamId,
  team: null,
});

// The handle a team carries now is never also a former one: a rename back ends the detour.
function formerHandlesOf(known: KnownTeam, current: string, now: number, graceMs: number): FormerHandle[] {
  const alive = known.formerHandles.filter(
    (former) => Date.parse(former.validUntil) > now && former.teamHandle !== current,
  );
  if (known.teamHandle === current || graceMs <= 0) return alive;
  const left = { teamHandle: known.teamHandle, validUntil: new Date(now + graceMs).toISOString() };
  return [left, ...alive.filter((former) => former.teamHandle !== left.teamHandle)]
    .toSorted((a, b) => Date.parse(b.validUntil) - Date.parse(a.validUntil))
    .slice(0, maxFormerHandles);
}
