import type { KnownTeam } from '@pagebridge/handle-registry';
import type { Change } from './diff-team.ts';

/** The number of teams of a directory that are known, on call and off call. */
export interface Counts {
  readonly onCall: number;
  readonly offCall: number;
}

export interface Bounded {
  /** The changes that may be written. */
  readonly within: readonly Change[];
  /** The teams on call that exceed the limit. */
  readonly beyond: readonly string[];
}

/**
 * Leaves out changes that would exceed the limit of a directory. Teams known first stay; a later team waits until one
 * of them is removed.
 *
 * A destination may list any number of teams, and page-routing keeps all of them in memory. `most` limits the teams on
 * call, and separately those off call, which are only remembered so that their rules need not be read again.
 */
export function withinBound(
  changes: readonly Change[],
  known: (teamId: string) => KnownTeam | undefined,
  { onCall, offCall }: Counts,
  most: number,
): Bounded {
  const within: Change[] = [];
  const beyond: string[] = [];
  let [on, off] = [onCall, offCall];
  for (const change of changes) {
    const { teamId, team } = change;
    const before = known(teamId);
    const comesOnCall = team?.onCall && !before?.onCall;
    if (comesOnCall && on >= most) {
      beyond.push(teamId);
      continue;
    }
    if (change.kind === 'noticed' && !before && off >= most) continue;
    on += Number(team?.onCall ?? false) - Number(before?.onCall ?? false);
    off += Number(team?.onCall === false) - Number(before?.onCall === false);
    within.push(change);
  }
  return { within, beyond };
}
