import { handleOf } from '@pagebridge/vocabulary';
import type { Connection } from '../connection.ts';
import type { Org } from '../org.ts';
import type { Conflict, ConflictPage, ListPlace, SearchHit } from '../resolution.ts';
import { ascending, merged, type SortedNames } from '../sorted-names.ts';
import { contendersOf, type Match, matchesOf, matchesOfHandle, placeOf } from './matching.ts';
import { localNameIn, readingOf } from './reading.ts';

/** Returns the handle part of a query, which may be `@oncall-core`, `oncall-core` or `core`. */
const handleIn = (query: string): string =>
  query
    .trim()
    .toLowerCase()
    .replace(/^@?(?:oncall-)?/, '');

/**
 * Returns active handles for autocomplete: those that begin with the query, then those that contain it, each in
 * alphabetical order, then by connection id and team id. A query `<slug>/<begin>` searches the handles of that
 * connection first. Connections with a refused credential are left out.
 */
export function search(org: Org, query: string, limit: number, now: Date): SearchHit[] {
  const found = new Map<string, Match>();
  for (const match of candidates(org, handleIn(query), now)) {
    if (found.size >= limit) break;
    found.set(placeOf(match), match);
  }
  return Array.from(found.values(), (match) => hitFor(org, match, now));
}

/**
 * Returns all offered handles in alphabetical order, then by connection id and team id. Starts after a given position, so that
 * changes between two pages hide no other handle.
 */
export function list(org: Org, limit: number, now: Date, after?: ListPlace): SearchHit[] {
  const hits: SearchHit[] = [];
  for (const match of matchesIn(org, isOffered, (handles) => handles.from(after?.teamHandle ?? ''))) {
    if (after && !isAfter(match, after)) continue;
    if (hits.length >= limit) break;
    hits.push(hitFor(org, match, now));
  }
  return hits;
}

function isAfter({ team, over }: Match, { teamHandle, connectionId, teamId }: ListPlace): boolean {
  if (team.teamHandle !== teamHandle) return team.teamHandle > teamHandle;
  return over.id === connectionId ? team.teamId > teamId : over.id > connectionId;
}

function* candidates(org: Org, wanted: string, now: Date): Generator<Match> {
  const slash = wanted.indexOf('/');
  const named = slash > 0 ? org.withSlug(wanted.slice(0, slash), now) : undefined;
  if (named) {
    const begin = wanted.slice(slash + 1);
    const isNamed = (over: Connection) => over === named && isOffered(over);
    yield* matchesIn(org, isNamed, (handles) => handles.beginningWith(begin));
  }
  yield* matchesIn(org, isOffered, (handles) => handles.beginningWith(wanted));
  yield* matchesIn(org, isOffered, (handles) => handles.containing(wanted));
}

export const isOffered = ({ enabled, isAccepted }: Connection): boolean => enabled && isAccepted;

/** Yields the teams of some connections whose handles `select` returns, in alphabetical order. */
function* matchesIn(
  org: Org,
  isSearched: (over: Connection) => boolean,
  select: (handles: SortedNames) => Generator<string>,
): Generator<Match> {
  const lists = org.directoriesOver(isSearched).map(({ handles }) => select(handles));
  for (const handle of merged(lists, ascending)) {
    const matches = matchesOfHandle(org, handle).filter(({ over }) => isSearched(over));
    yield* matches.sort(byIds);
  }
}

function byIds({ team: a, over }: Match, { team: b, over: other }: Match): number {
  if (over !== other) return over.id < other.id ? -1 : 1;
  return a.teamId < b.teamId ? -1 : 1;
}

function hitFor(org: Org, { team, over, connection }: Match, now: Date): SearchHit {
  const { teamId, teamHandle, teamName } = team;
  const reading = readingOf(org, teamHandle, now);
  const isFirst = reading?.first.team === team && reading.first.over === over;
  const preferred = isFirst && localNameIn(org, teamHandle) === undefined;
  return {
    handle: handleOf(teamHandle),
    qualifiedHandle: handleOf(`${connection.slug}/${teamHandle}`),
    teamHandle,
    teamId,
    teamName,
    connection,
    ambiguous: !preferred || reading.matches.length > 1,
    preferred,
  };
}

// An org may have a hundred thousand handles, few of them in conflict, and nothing is routed meanwhile.
const mostTeamsAPage = 2000;

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
    if (found.length >= limit || teams >= mostTeamsAPage) return { conflicts: found, next: last };
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
