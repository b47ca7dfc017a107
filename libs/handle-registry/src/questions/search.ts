import { handleOf } from '@pagebridge/vocabulary';
import type { Connection } from '../connection.ts';
import type { Org } from '../org.ts';
import type { ListPlace, SearchHit, Within } from '../resolution.ts';
import { ascending, merged, type SortedNames } from '../sorted-names.ts';
import { type Match, matchesOfHandle } from './matching.ts';
import { localNameIn, readingOf } from './reading.ts';

/** Returns the handle part of a query, which may be `@oncall-core`, `oncall-core` or `core`. */
const handleIn = (query: string): string =>
  query
    .trim()
    .toLowerCase()
    .replace(/^@?(?:oncall-)?/, '');

/**
 * Returns active handles for autocomplete and lists: those that begin with the query, then those that contain it, each in
 * alphabetical order, then by connection id and team id. A query `<slug>/<begin>` finds the handles of that connection that begin
 * so first, an empty one all handles. Connections with a refused credential are left out.
 *
 * Starts after a given hit, so that changes between two pages hide no other handle.
 */
export function search(
  org: Org,
  query: string,
  limit: number,
  now: Date,
  { connectionId, after }: Within,
): SearchHit[] {
  const wanted = wantedBy(org, query, now, connectionId);
  const { text, named, begin, isSearched } = wanted;
  const first = after ? rankOf(after, wanted) : 0;
  const from = (rank: number): string | undefined => (rank === first ? after?.teamHandle : undefined);
  const isNamed = (over: Connection) => over === named;
  const byRank = [
    matchesIn(org, isNamed, (handles) => handles.beginningWith(begin, from(0))),
    matchesIn(org, isSearched, (handles) => handles.beginningWith(text, from(1))),
    matchesIn(org, isSearched, (handles) => handles.containing(text, from(2))),
  ];
  const hits: SearchHit[] = [];
  for (const [rank, matches] of byRank.entries()) {
    if (rank < first) continue;
    for (const match of matches) {
      // What the named connection shows may be found again.
      if (rankOf(placeIn(match), wanted) !== rank) continue;
      if (after && rank === first && !isAfter(match, after)) continue;
      if (hits.push(hitFor(org, match, now)) >= limit) return hits;
    }
  }
  return hits;
}

/** Returns how many handles `search` finds without a limit; reads the names of handles, and not their teams. */
export function count(org: Org, query: string, now: Date, connectionId?: string): number {
  const { text, named, begin, isSearched } = wantedBy(org, query, now, connectionId);
  let found = 0;
  for (const directory of org.directoriesOver(isSearched)) {
    found += directory.count(text) * org.connectionsTo(directory).filter(isSearched).length;
  }
  if (named?.directory) found += named.directory.count('', begin) - named.directory.count(text, begin);
  return found;
}

/** What a query asks for. */
interface Wanted {
  readonly text: string;
  /** The connection whose slug the query begins with, if it is searched, and what its handles begin with. */
  readonly named: Connection | undefined;
  readonly begin: string;
  readonly isSearched: (over: Connection) => boolean;
}

function wantedBy(org: Org, query: string, now: Date, connectionId: string | undefined): Wanted {
  const text = handleIn(query);
  const slash = text.indexOf('/');
  const isSearched = (over: Connection) => isOffered(over) && (connectionId === undefined || over.id === connectionId);
  const named = slash > 0 ? org.withSlug(text.slice(0, slash), now) : undefined;
  return { text, named: named && isSearched(named) ? named : undefined, begin: text.slice(slash + 1), isSearched };
}

/** Returns whether a handle that is found is among those of the named connection (0), begins with the query (1), or contains it (2). */
function rankOf({ teamHandle, connectionId }: ListPlace, { text, named, begin }: Wanted): number {
  if (connectionId === named?.id && teamHandle.startsWith(begin)) return 0;
  return teamHandle.startsWith(text) ? 1 : 2;
}

const placeIn = ({ team: { teamHandle, teamId }, over }: Match): ListPlace => ({
  teamHandle,
  teamId,
  connectionId: over.id,
});

function isAfter({ team, over }: Match, { teamHandle, connectionId, teamId }: ListPlace): boolean {
  if (team.teamHandle !== teamHandle) return team.teamHandle > teamHandle;
  return over.id === connectionId ? team.teamId > teamId : over.id > connectionId;
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
