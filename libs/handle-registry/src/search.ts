import { handleOf } from '@pagebridge/vocabulary';
import { contendersOf, type Match, matchesOf, matchesOfHandle } from './matching.ts';
import type { Org } from './org.ts';
import { localNameIn, readingOf } from './reading.ts';
import type { Conflict, ConnectionSummary, SearchHit } from './resolution.ts';
import type { Team } from './team.ts';

/** What the handle part of a query is: people type `@oncall-core`, `oncall-core` or `core`. */
const handleIn = (query: string): string =>
  query
    .trim()
    .toLowerCase()
    .replace(/^@?(?:oncall-)?/, '');

/**
 * Active handles for autocomplete: those that begin with the query, then those that contain it, each in alphabetical order
 * (then by connection id and team id). A query `<slug>/<begin>` looks among that connection's handles first.
 */
export function search(org: Org, query: string, limit: number, now: Date): SearchHit[] {
  const found = new Map<Team, ConnectionSummary>();
  for (const { team, connection } of candidates(org, handleIn(query))) {
    if (found.size >= limit) break;
    found.set(team, connection);
  }
  return Array.from(found, ([team, connection]) => hitFor(org, team, connection, now));
}

function* candidates(org: Org, wanted: string): Generator<Match> {
  const { handles } = org;
  const slash = wanted.indexOf('/');
  const named = slash > 0 ? org.withSlug(wanted.slice(0, slash)) : undefined;
  if (named) {
    for (const match of activeTeams(org, handles.beginningWith(wanted.slice(slash + 1)))) {
      if (match.team.connection === named) yield match;
    }
  }
  yield* activeTeams(org, handles.beginningWith(wanted));
  yield* activeTeams(org, handles.containing(wanted));
}

function* activeTeams(org: Org, handles: Iterable<string>): Generator<Match> {
  for (const handle of handles) {
    const matches = matchesOfHandle(org, handle).filter(({ connection }) => connection.enabled);
    yield* matches.sort(byIds);
  }
}

function byIds({ team: a }: Match, { team: b }: Match): number {
  if (a.connection !== b.connection) return a.connection.id < b.connection.id ? -1 : 1;
  return a.teamId < b.teamId ? -1 : 1;
}

function hitFor(org: Org, team: Team, connection: ConnectionSummary, now: Date): SearchHit {
  const { teamId, teamHandle, teamName } = team;
  const reading = readingOf(org, teamHandle, now);
  const preferred = reading?.first.team === team && localNameIn(org, teamHandle) === undefined;
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
  return Array.from(org.handles.from(''), (handle) => conflictOver(org, handle, now)).flat();
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
