import { handleOf } from '@pagebridge/vocabulary';
import type { Org } from '../org.ts';
import type { Conflict, ConflictPage } from '../resolution.ts';
import { ascending, merged } from '../sorted-names.ts';
import { contendersOf, type Match, matchesOf } from './matching.ts';

// An org may have a hundred thousand handles, few of them in conflict, and nothing is routed meanwhile.
const maxTeamsAPage = 2000;

/**
 * Returns the handles of an org that mean several teams, one of which can be paged, or that are local too, after a given
 * handle. Connections with a refused credential are left out. Looks at no further handle after 2,000 teams, so that a page may have few conflicts or none.
 */
export function conflicts(org: Org, limit: number, now: Date, after = ''): ConflictPage {
  const found: Conflict[] = [];
  const lists = org.directoriesOver(({ isAccepted }) => isAccepted).map(({ handles }) => handles.from(after));
  let [teams, last] = [0, after];
  for (const teamHandle of merged(lists, ascending)) {
    if (teamHandle === after) continue;
    if (found.length >= limit || teams >= maxTeamsAPage) return { conflicts: found, next: last };
    const matches = matchesOf(org, teamHandle, now).filter(({ over }) => over.isAccepted);
    const local = org.isLocal(teamHandle);
    if (isConflict(matches, local)) {
      found.push({ handle: handleOf(teamHandle), teamHandle, local, contenders: contendersOf(matches) });
    }
    teams += matches.length;
    last = teamHandle;
  }
  return { conflicts: found };
}

const isConflict = (matches: readonly Match[], local: boolean): boolean =>
  matches.some(({ connection }) => connection.enabled) && distinctNames(matches) >= (local ? 1 : 2);

// Two teams of one connection with the same handle are no conflict, because a qualified handle would not resolve it.
const distinctNames = (matches: readonly Match[]): number =>
  new Set(matches.map(({ team, connection }) => `${connection.connectionId}/${team.teamHandle}`)).size;
