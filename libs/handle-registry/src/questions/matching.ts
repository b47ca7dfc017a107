import { handleOf } from '@pagebridge/vocabulary';
import type { Connection } from '../connection.ts';
import type { Org } from '../org.ts';
import type { ConnectionSummary, Contender, Matched } from '../resolution.ts';
import { byFirstSeen, type Team } from '../team.ts';

/** A team that a name may mean, over a connection of the org. */
export interface Match {
  readonly team: Team;
  readonly over: Connection;
  readonly matched: Matched;
  readonly connection: ConnectionSummary;
  /** The time of the claim in milliseconds since the epoch; undefined if a rename gave the name up. */
  readonly claimedAt: number | undefined;
}

/**
 * Returns the teams that a name may mean to an org, over enabled and disabled connections. The first one has the name.
 *
 * The earliest claim wins. A team claims its handle when it is first seen with it, but over a connection not before
 * that connection reads the directory. A connection claims with its slug everything that the slug qualifies, including
 * former handles of its teams. Of two claims at the same time the slug wins, then the older connection. A name without
 * a claim leads to the teams that had it and are in its grace period.
 */
export function matchesOf(org: Org, name: string, now: Date): Match[] {
  const claims = exactMatches(org, name);
  const parts = qualification(org, name, now);
  if (parts) claims.push(...qualifiedMatches(parts, now));
  return inOrder(claims.length > 0 ? claims : renamedMatches(org, name, now));
}

/** Returns the teams that have the handle over one connection, otherwise those that had it. */
export function matchesOver(over: Connection, teamHandle: string, now: Date): Match[] {
  const present = over.directory?.teamsWith(teamHandle) ?? [];
  if (present.length > 0) return inOrder(present.flatMap((team) => exactMatch(team, over)));
  const former = over.directory?.teamsFormerlyWith(teamHandle, now) ?? [];
  return inOrder(former.flatMap((team) => renamedMatch(team, over)));
}

/** Returns the teams that have this handle, in the order of their claims. */
export const matchesOfHandle = (org: Org, teamHandle: string): Match[] => inOrder(exactMatches(org, teamHandle));

interface Qualification {
  readonly connection: Connection;
  readonly rest: string;
}

/** Splits `<slug>/<team handle>` if a connection of the org has the slug, or had it and is in its grace period. */
export function qualification(org: Org, name: string, now: Date): Qualification | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return undefined;
  const connection = org.withSlug(name.slice(0, slash), now);
  return connection && { connection, rest: name.slice(slash + 1) };
}

// A destination may give one handle to any number of teams; a longer list of contenders is of no use.
const maxContenders = 100;

/** Returns the first 100 contenders for a name, in order. */
export const contendersOf = (matches: readonly Match[]): Contender[] =>
  matches.slice(0, maxContenders).map(({ team: { teamId, teamHandle }, matched, connection, claimedAt }) => ({
    matched,
    connection,
    teamId,
    teamHandle,
    qualifiedHandle: handleOf(`${connection.slug}/${teamHandle}`),
    ...(claimedAt === undefined ? {} : { claimedAt: new Date(claimedAt).toISOString() }),
  }));

const exactMatches = (org: Org, name: string): Match[] => overAll(org, org.teamsWith(name), exactMatch);

const renamedMatches = (org: Org, name: string, now: Date): Match[] =>
  overAll(org, org.teamsFormerlyWith(name, now), renamedMatch);

const qualifiedMatches = ({ connection, rest }: Qualification, now: Date): Match[] =>
  matchesOver(connection, rest, now).map((match) => ({
    ...match,
    matched: match.matched === 'exact' ? 'qualified' : 'renamed',
    claimedAt: connection.slugSince,
  }));

/** Returns a match for each team and each connection of the org that reads its directory. */
const overAll = (org: Org, teams: readonly Team[], match: typeof exactMatch): Match[] =>
  teams.flatMap((team) => org.connectionsTo(team.directory).flatMap((over) => match(team, over)));

// A team that was known before the connection takes no name that the org already has.
const exactMatch = (team: Team, over: Connection): Match[] =>
  matchFor(team, over, 'exact', Math.max(team.firstSeen, over.directorySince));

const renamedMatch = (team: Team, over: Connection): Match[] => matchFor(team, over, 'renamed', undefined);

const matchFor = (team: Team, over: Connection, matched: Matched, claimedAt: number | undefined): Match[] =>
  over.summary ? [{ team, over, matched, connection: over.summary, claimedAt }] : [];

/** Sorts matches by claim, and keeps each team once for each connection. */
function inOrder(matches: Match[]): Match[] {
  if (matches.length < 2) return matches;
  const sorted = matches.sort((a, b) => compareClaims(a, b) || byFirstSeen(a.team, b.team));
  const seen = new Set<string>();
  return sorted.filter((match) => !seen.has(placeOf(match)) && seen.add(placeOf(match)));
}

/** Returns a key that is unique for each team and connection. */
export const placeOf = ({ team, over }: Match): string => `${over.id}/${team.teamId}`;

function compareClaims(a: Match, b: Match): number {
  const bySlugFirst = Number(a.matched === 'exact') - Number(b.matched === 'exact');
  return (a.claimedAt ?? 0) - (b.claimedAt ?? 0) || bySlugFirst || a.over.compareAge(b.over);
}
