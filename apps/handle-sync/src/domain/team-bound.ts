import type { KnownTeam } from '@pagebridge/handle-registry';
import type { Change } from './diff-team.ts';

/** How many teams of a directory are kept, on call and not. */
export interface Counts {
  readonly onCall: number;
  readonly offCall: number;
}

export interface Bounded {
  /** What may be written. */
  readonly within: readonly Change[];
  /** Teams on call for which there is no room. */
  readonly beyond: readonly string[];
}

/**
 * Leaves out the teams that a directory has no room for: those known first stay, whoever comes later waits until one of them goes.
 *
 * A destination may list any number of teams, and every router keeps them all. `most` bounds those on call, and those that are
 * not as well; of the latter nobody misses any, since they are only remembered so that their rules need not be read again.
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
