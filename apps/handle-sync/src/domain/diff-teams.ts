import type { FormerHandle, KnownTeam } from '@pagebridge/handle-registry';
import type { SeenTeam } from './team.ts';

/** One difference between what we published and what the destination shows; `team` is the record to write. */
export type Change =
  | { readonly kind: 'added'; readonly team: KnownTeam }
  | { readonly kind: 'renamed'; readonly team: KnownTeam; readonly from: string }
  /** The team's display name changed, or a former handle's grace period ended. */
  | { readonly kind: 'refreshed'; readonly team: KnownTeam }
  | { readonly kind: 'removed'; readonly teamId: string };

/** As many former handles as the contract carries; of more, those that stay valid longest are kept. */
export const maxFormerHandles = 16;

/**
 * The differences that turn the known teams into the seen ones; none when nothing differs, so nothing is written.
 *
 * A renamed team keeps its old handle until `now + graceMs`, and claims the new one from now on; so does a team that comes
 * back, with whatever handle. `now` is in ms since the epoch. Of a team seen twice (it
 * moved between two pages while they were read) the last one counts.
 */
export function diffTeams(
  known: ReadonlyMap<string, KnownTeam>,
  seen: readonly SeenTeam[],
  now: number,
  graceMs: number,
): Change[] {
  const present = new Map(seen.map((team) => [team.teamId, team]));
  const changes: Change[] = [];
  for (const team of present.values()) {
    const change = changeOf(known.get(team.teamId), team, now, graceMs);
    if (change) changes.push(change);
  }
  for (const teamId of known.keys()) {
    if (!present.has(teamId)) changes.push({ kind: 'removed', teamId });
  }
  return changes;
}

function changeOf(known: KnownTeam | undefined, seen: SeenTeam, now: number, graceMs: number): Change | undefined {
  const { teamId, teamHandle, teamName } = seen;
  if (!known) return { kind: 'added', team: { teamId, teamHandle, teamName, formerHandles: [], firstSeen: now } };
  const formerHandles = formerHandlesOf(known, teamHandle, now, graceMs);
  const team = { teamId, teamHandle, teamName, formerHandles, firstSeen: known.firstSeen };
  if (known.teamHandle !== teamHandle) {
    return { kind: 'renamed', team: { ...team, firstSeen: now }, from: known.teamHandle };
  }
  const same = known.teamName === teamName && known.formerHandles.length === formerHandles.length;
  return same ? undefined : { kind: 'refreshed', team };
}

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
