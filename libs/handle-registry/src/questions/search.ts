import { handleOf } from '@pagebridge/vocabulary';
import type { Connection } from '../connection.ts';
import type { Org } from '../org.ts';
import type { Conflict, ListPlace, SearchHit } from '../resolution.ts';
import { ascending, merged, type SortedNames } from '../sorted-names.ts';
import { contendersOf, type Match, matchesOf, matchesOfHandle, placeOf } from './matching.ts';
import { localNameIn, readingOf } from './reading.ts';

/** What the handle part of a query is: people type `@oncall-core`, `oncall-core` or `core`. */
const handleIn = (query: string): string =>
  query
    .trim()
    .toLowerCase()
    .replace(/^@?(?:oncall-)?/, '');

/**
 * Active handles for autocomplete: those that begin with the query, then those that contain it, each in alphabetical order
 * (then by connection id and team id). A query `<slug>/<begin>` looks among that connection's handles first. What a
 * connection may not page just now, since its credential is refused, is not offered.
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
 * The same handles without a query, all of them in alphabetical order (then by connection id and team id), from after a
 * place on: what changes between two pages hides no other.
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

const isOffered = (over: Connection): boolean => over.enabled && over.directory?.accepts(over) === true;

/** The teams over some connections whose handles a look into each directory finds, in alphabetical order. */
function* matchesIn(
  org: Org,
  isMeant: (over: Connection) => boolean,
  lookInto: (handles: SortedNames) => Generator<string>,
): Generator<Match> {
  const lists = org.directoriesOver(isMeant).map(({ handles }) => lookInto(handles));
  for (const handle of merged(lists, ascending)) {
    const matches = matchesOfHandle(org, handle).filter(({ over }) => isMeant(over));
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

/** The handles of an org that mean several teams, of which one can be paged, or that are local as well, in alphabetical order. */
export function conflicts(org: Org, now: Date): Conflict[] {
  const lists = org.directories.map(({ handles }) => handles.from(''));
  return Array.from(merged(lists, ascending), (handle) => conflictOver(org, handle, now)).flat();
}

function conflictOver(org: Org, teamHandle: string, now: Date): Conflict[] {
  const matches = matchesOf(org, teamHandle, now);
  const local = org.isLocal(teamHandle);
  if (!matches.some(({ connection }) => connection.enabled) || namesApart(matches) < (local ? 1 : 2)) return [];
  return [{ handle: handleOf(teamHandle), teamHandle, local, contenders: contendersOf(matches) }];
}

// Two teams of one connection with one handle are no conflict that a qualified name would end.
const namesApart = (matches: readonly Match[]): number =>
  new Set(matches.map(({ team, connection }) => `${connection.connectionId}/${team.teamHandle}`)).size;
