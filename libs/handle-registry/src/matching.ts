import { handleOf } from '@pagebridge/vocabulary';
import type { Connection } from './connection.ts';
import type { Org } from './org.ts';
import type { ConnectionSummary, Contender, Matched } from './resolution.ts';
import type { Team } from './team.ts';

/** A team that a name may mean, over a connection that the org has. */
export interface Match {
  readonly team: Team;
  readonly matched: Matched;
  readonly connection: ConnectionSummary;
  /** In milliseconds since the epoch; undefined where the name was given up by a rename. */
  readonly claimedAt: number | undefined;
}

/**
 * The teams that a name may mean to an org, enabled or not. The first has the name, and the others wait for it to be given up.
 *
 * First come, first served: a team claims its handle when it is first seen with it; a connection claims with its slug
 * whatever that qualifies, the former handles of its teams too. Of two claims of one moment the slug's counts, then the older
 * connection's. A name that nobody claims leads to the teams that had it and are in their grace period.
 */
export function matchesOf(org: Org, name: string, now: Date): Match[] {
  const claims = exactMatches(org, name);
  const parts = qualification(org, name);
  if (parts) claims.push(...qualifiedMatches(org, parts, now));
  return inOrder(claims.length > 0 ? claims : renamedMatches(org, name, now));
}

/** The teams that a team handle may mean over one connection: those that have it, else those that had it. */
export function matchesOver(org: Org, over: Connection, teamHandle: string, now: Date): Match[] {
  const isOver = ({ team }: Match) => team.connection === over;
  const present = exactMatches(org, teamHandle).filter(isOver);
  return inOrder(present.length > 0 ? present : renamedMatches(org, teamHandle, now).filter(isOver));
}

/** The teams that have this handle as their own, in the order in which they claimed it. */
export const matchesOfHandle = (org: Org, teamHandle: string): Match[] => inOrder(exactMatches(org, teamHandle));

interface Qualification {
  readonly connection: Connection;
  readonly rest: string;
}

/** `<slug>/<team handle>` taken apart, where the org has a connection of that slug. */
export function qualification(org: Org, name: string): Qualification | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return undefined;
  const connection = org.withSlug(name.slice(0, slash));
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

const exactMatches = (org: Org, name: string): Match[] =>
  org.teamsWith(name).flatMap((team) => matchFor(org, team, 'exact', team.firstSeen));

const qualifiedMatches = (org: Org, { connection, rest }: Qualification, now: Date): Match[] =>
  matchesOver(org, connection, rest, now).map((match) => ({
    ...match,
    matched: match.matched === 'exact' ? 'qualified' : 'renamed',
    claimedAt: connection.slugSince,
  }));

const renamedMatches = (org: Org, name: string, now: Date): Match[] =>
  org.teamsFormerlyWith(name, now).flatMap((team) => matchFor(org, team, 'renamed', undefined));

function matchFor(org: Org, team: Team, matched: Matched, claimedAt: number | undefined): Match[] {
  const connection = team.connection.summary;
  // The record of a team names its org itself; only if its connection agrees is it that org's to see.
  return connection && team.connection.org === org ? [{ team, matched, connection, claimedAt }] : [];
}

/** In the order in which they claimed the name; no team twice. */
function inOrder(matches: Match[]): Match[] {
  if (matches.length < 2) return matches;
  const sorted = matches.sort((a, b) => compareClaims(a, b) || compareTeams(a.team, b.team));
  const teams = new Set<Team>();
  return sorted.filter(({ team }) => !teams.has(team) && teams.add(team));
}

function compareClaims(a: Match, b: Match): number {
  const bySlugFirst = Number(a.matched === 'exact') - Number(b.matched === 'exact');
  return (a.claimedAt ?? 0) - (b.claimedAt ?? 0) || bySlugFirst || a.team.connection.compareAge(b.team.connection);
}

// Two teams of one connection.
const compareTeams = (a: Team, b: Team): number => a.firstSeen - b.firstSeen || (a.teamId < b.teamId ? -1 : 1);
