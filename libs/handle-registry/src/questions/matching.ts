import { handleOf } from '@pagebridge/vocabulary';
import type { Connection } from '../connection.ts';
import type { Org } from '../org.ts';
import type { ConnectionSummary, Contender, Matched } from '../resolution.ts';
import { byFirstSeen, type Team } from '../team.ts';

/** A team that a name may mean, over a connection that the org has. */
export interface Match {
  readonly team: Team;
  readonly over: Connection;
  readonly matched: Matched;
  readonly connection: ConnectionSummary;
  /** In milliseconds since the epoch; undefined where the name was given up by a rename. */
  readonly claimedAt: number | undefined;
}

/**
 * The teams that a name may mean to an org, enabled or not. The first has the name, and the others wait for it to be given up.
 *
 * First come, first served: a team claims its handle when it is first seen with it, but over no connection before that
 * reads its directory; a connection claims with its slug whatever that qualifies, the former handles of its teams too. Of
 * two claims of one moment the slug's counts, then the older connection's. A name that nobody claims leads to the teams
 * that had it and are in their grace period.
 */
export function matchesOf(org: Org, name: string, now: Date): Match[] {
  const claims = exactMatches(org, name);
  const parts = qualification(org, name, now);
  if (parts) claims.push(...qualifiedMatches(parts, now));
  return inOrder(claims.length > 0 ? claims : renamedMatches(org, name, now));
}

/** The teams that a team handle may mean over one connection: those that have it, else those that had it. */
export function matchesOver(over: Connection, teamHandle: string, now: Date): Match[] {
  const present = over.directory?.teamsWith(teamHandle) ?? [];
  if (present.length > 0) return inOrder(present.flatMap((team) => exactMatch(team, over)));
  const former = over.directory?.teamsFormerlyWith(teamHandle, now) ?? [];
  return inOrder(former.flatMap((team) => renamedMatch(team, over)));
}

/** The teams that have this handle as their own, in the order in which they claimed it. */
export const matchesOfHandle = (org: Org, teamHandle: string): Match[] => inOrder(exactMatches(org, teamHandle));

interface Qualification {
  readonly connection: Connection;
  readonly rest: string;
}

/** `<slug>/<team handle>` taken apart, where the org has a connection of that slug, or one that had it lately. */
export function qualification(org: Org, name: string, now: Date): Qualification | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return undefined;
  const connection = org.withSlug(name.slice(0, slash), now);
  return connection && { connection, rest: name.slice(slash + 1) };
}

// A destination may give one handle to as many teams as it likes; nobody reads of more.
const mostContenders = 100;

/** The first that contend for a name, in order, at most 100. */
export const contendersOf = (matches: readonly Match[]): Contender[] =>
  matches.slice(0, mostContenders).map(({ team: { teamId, teamHandle }, matched, connection, claimedAt }) => ({
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

/** Each team over each connection of the org that reads its directory. */
const overAll = (org: Org, teams: readonly Team[], match: typeof exactMatch): Match[] =>
  teams.flatMap((team) => org.connectionsTo(team.directory).flatMap((over) => match(team, over)));

// A directory is older than many connections to it: what others have read for long takes no name that the org has.
const exactMatch = (team: Team, over: Connection): Match[] =>
  matchFor(team, over, 'exact', Math.max(team.firstSeen, over.directorySince));

const renamedMatch = (team: Team, over: Connection): Match[] => matchFor(team, over, 'renamed', undefined);

const matchFor = (team: Team, over: Connection, matched: Matched, claimedAt: number | undefined): Match[] =>
  over.summary ? [{ team, over, matched, connection: over.summary, claimedAt }] : [];

/** In the order in which they claimed the name; no team twice over one connection. */
function inOrder(matches: Match[]): Match[] {
  if (matches.length < 2) return matches;
  const sorted = matches.sort((a, b) => compareClaims(a, b) || byFirstSeen(a.team, b.team));
  const seen = new Set<string>();
  return sorted.filter((match) => !seen.has(placeOf(match)) && seen.add(placeOf(match)));
}

/** Different for each team over each connection. */
export const placeOf = ({ team, over }: Match): string => `${over.id}/${team.teamId}`;

function compareClaims(a: Match, b: Match): number {
  const bySlugFirst = Number(a.matched === 'exact') - Number(b.matched === 'exact');
  return (a.claimedAt ?? 0) - (b.claimedAt ?? 0) || bySlugFirst || a.over.compareAge(b.over);
}
