import { handleOf } from '@pagebridge/vocabulary';
import type { ConnectionEntry } from './connection-entry.ts';
import type { OrgEntry } from './org-entry.ts';
import type { RegistryState } from './registry-state.ts';
import type { ConnectionSummary, Contender, Matched } from './resolution.ts';

/** A team that a name may mean, over a connection that the org has. */
export interface Match {
  readonly slot: number;
  readonly matched: Matched;
  readonly entry: ConnectionEntry;
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
export function matchesOf(state: RegistryState, org: OrgEntry, name: string, now: Date): Match[] {
  const claims = [...exactMatches(state, org, name), ...qualifiedMatches(state, org, name, now)];
  return inOrder(state, claims.length > 0 ? claims : renamedMatches(state, org, name, now));
}

/** The teams that a team handle may mean over one connection: those that have it, else those that had it. */
export function matchesOver(
  state: RegistryState,
  org: OrgEntry,
  over: ConnectionEntry,
  teamHandle: string,
  now: Date,
): Match[] {
  const present = exactMatches(state, org, teamHandle).filter(({ entry }) => entry === over);
  if (present.length > 0) return inOrder(state, present);
  return inOrder(
    state,
    renamedMatches(state, org, teamHandle, now).filter(({ entry }) => entry === over),
  );
}

/** The first team that claimed this handle as its own, enabled or not. */
export const firstWithHandle = (state: RegistryState, org: OrgEntry, teamHandle: string): Match | undefined =>
  inOrder(state, exactMatches(state, org, teamHandle))[0];

/** `<slug>/<team handle>` taken apart, where the org has a connection of that slug. */
export function qualification(org: OrgEntry, name: string): { entry: ConnectionEntry; rest: string } | undefined {
  const slash = name.indexOf('/');
  if (slash <= 0 || slash === name.length - 1) return undefined;
  const entry = org.withSlug(name.slice(0, slash));
  return entry && { entry, rest: name.slice(slash + 1) };
}

// A destination may give one handle to as many teams as it likes; nobody reads of more.
const mostContenders = 100;

/** The first that contend for a name, in order, at most 100. */
export const contendersOf = (state: RegistryState, matches: readonly Match[]): Contender[] =>
  matches.slice(0, mostContenders).map((match) => contenderOf(state, match));

function contenderOf(state: RegistryState, { slot, matched, connection, claimedAt }: Match): Contender {
  const teamHandle = state.rows.handleOf(slot);
  return {
    matched,
    connection,
    teamId: state.rows.teamIdOf(slot),
    teamHandle,
    qualifiedHandle: handleOf(`${connection.slug}/${teamHandle}`),
    ...(claimedAt === undefined ? {} : { claimedAt: new Date(claimedAt).toISOString() }),
  };
}

const exactMatches = (state: RegistryState, org: OrgEntry, name: string): Match[] =>
  state.rows
    .withHandle(org.number, name)
    .flatMap((slot) => matchAt(state, org, slot, 'exact', state.rows.firstSeenOf(slot)));

function qualifiedMatches(state: RegistryState, org: OrgEntry, name: string, now: Date): Match[] {
  const parts = qualification(org, name);
  if (!parts) return [];
  return matchesOver(state, org, parts.entry, parts.rest, now).map((match) => ({
    ...match,
    matched: match.matched === 'exact' ? 'qualified' : 'renamed',
    claimedAt: parts.entry.slugSince,
  }));
}

const renamedMatches = (state: RegistryState, org: OrgEntry, name: string, now: Date): Match[] =>
  org.formerHandles.within(name, now.getTime()).flatMap((slot) => matchAt(state, org, slot, 'renamed', undefined));

function matchAt(state: RegistryState, org: OrgEntry, slot: number, matched: Matched, claimedAt?: number): Match[] {
  const entry = state.connectionOf(slot);
  const connection = entry.summary;
  // A row says itself which org it is for; only if its connection agrees is it that org's to see.
  return connection && entry.isOf(org.id) ? [{ slot, matched, entry, connection, claimedAt }] : [];
}

/** In the order in which they claimed the name; no row twice. */
function inOrder(state: RegistryState, matches: readonly Match[]): Match[] {
  if (matches.length < 2) return [...matches];
  const sorted = matches.toSorted((a, b) => compareClaims(a, b) || compareTeams(state, a, b));
  const slots = new Set<number>();
  return sorted.filter(({ slot }) => !slots.has(slot) && slots.add(slot));
}

function compareClaims(a: Match, b: Match): number {
  const bySlugFirst = Number(a.matched === 'exact') - Number(b.matched === 'exact');
  return (a.claimedAt ?? 0) - (b.claimedAt ?? 0) || bySlugFirst || a.entry.compareAge(b.entry);
}

// Two teams of one connection.
const compareTeams = ({ rows }: RegistryState, a: Match, b: Match): number =>
  rows.firstSeenOf(a.slot) - rows.firstSeenOf(b.slot) || (rows.teamIdOf(a.slot) < rows.teamIdOf(b.slot) ? -1 : 1);
