import type { KnownTeam } from '@pagebridge/handle-registry';
import { teamHandlePattern } from '@pagebridge/vocabulary';
import { type Change, diffTeams } from './diff-teams.ts';
import type { ReadTeam, SeenTeam } from './team.ts';

/** What a listing means for the handles of a connection. */
export type Verdict =
  /** Write these changes; `unread` teams could not be read and stay as they were, `unusable` ones cannot be mentioned. */
  | { readonly kind: 'apply'; readonly changes: Change[]; readonly unread: number; readonly unusable: number }
  /** Every routing-rules read was forbidden: not one team's access control, but the credential's. */
  | { readonly kind: 'rules-forbidden'; readonly teams: number }
  /** It would remove most of what is known, which needs a second listing that says the same. */
  | { readonly kind: 'implausible'; readonly known: number; readonly removed: number };

export interface Judgement {
  readonly known: ReadonlyMap<string, KnownTeam>;
  readonly listed: readonly ReadTeam[];
  /** False when teams may be missing from the list: then absence says nothing. */
  readonly complete: boolean;
  /** The listing before this one was implausible too: now it is believed. */
  readonly confirmed: boolean;
  readonly now: number;
  readonly graceMs: number;
}

const legalHandle = new RegExp(teamHandlePattern);
const maxTeamIdLength = 64;
const maxTeamNameLength = 200;

/**
 * Decides what a listing of a destination's teams changes.
 *
 * Guarantee: a handle is removed only on evidence, that is a team absent from a complete list or shown to have no rules;
 * and a removal of more than half of the known handles only when two listings in succession say so.
 */
export function judgeReading({ known, listed, complete, confirmed, now, graceMs }: Judgement): Verdict {
  if (listed.length > 0 && listed.every((team) => team.rules === 'forbidden')) {
    return { kind: 'rules-forbidden', teams: listed.length };
  }
  const seen = new Map<string, SeenTeam>(complete ? [] : known);
  for (const team of listed) {
    const standing = standingOf(team, known.get(team.teamId));
    if (standing) seen.set(team.teamId, standing);
    else seen.delete(team.teamId);
  }
  const changes = diffTeams(known, [...seen.values()], now, graceMs);
  const removed = changes.filter((change) => change.kind === 'removed').length;
  if (!confirmed && removed * 2 > known.size) return { kind: 'implausible', known: known.size, removed };
  const count = (counts: (team: ReadTeam) => boolean) => listed.filter(counts).length;
  const unread = count((team) => team.rules === 'unread');
  return { kind: 'apply', changes, unread, unusable: count((team) => !isUsable(team)) };
}

function standingOf(team: ReadTeam, before: KnownTeam | undefined): SeenTeam | undefined {
  if (team.rules === 'none') return undefined;
  // Nobody can mention it by such a handle, but the team is there: the one it had stays.
  if (!isUsable(team)) return before;
  if (team.rules !== 'some' && !before) return undefined;
  return { ...team, teamName: team.teamName.slice(0, maxTeamNameLength) };
}

const isUsable = ({ teamId, teamHandle }: SeenTeam): boolean =>
  teamId.length > 0 && teamId.length <= maxTeamIdLength && legalHandle.test(teamHandle);
