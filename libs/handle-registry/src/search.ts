import { handleOf } from '@pagebridge/vocabulary';
import { contendersOf, type Match, matchesOf } from './matching.ts';
import type { OrgEntry } from './org-entry.ts';
import { localNameIn, readingOf } from './reading.ts';
import type { RegistryState } from './registry-state.ts';
import type { Conflict, SearchHit } from './resolution.ts';
import type { SortedRows } from './sorted-rows.ts';

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
export function search(state: RegistryState, sourceOrg: string, query: string, limit: number, now: Date): SearchHit[] {
  const org = state.org(sourceOrg);
  if (!org) return [];
  const wanted = handleIn(query);
  const slots = new Set<number>();
  for (const slot of candidates(state, org, wanted)) {
    if (isActive(state, org, slot)) slots.add(slot);
    if (slots.size >= limit) break;
  }
  return [...slots].map((slot) => hitFor(state, org, slot, now));
}

function* candidates(state: RegistryState, org: OrgEntry, wanted: string): Generator<number> {
  const orders = state.ordersOf(org);
  const order = orders.byHandle;
  const slash = wanted.indexOf('/');
  const named = slash > 0 ? org.withSlug(wanted.slice(0, slash)) : undefined;
  if (named) {
    for (const slot of beginningWith(state, order, wanted.slice(slash + 1))) {
      if (state.connectionOf(slot) === named) yield slot;
    }
  }
  yield* beginningWith(state, order, wanted);
  yield* orders.containing(wanted);
}

function* beginningWith(state: RegistryState, order: SortedRows, begin: string): Generator<number> {
  for (let i = order.lowerBound(begin); i < order.size; i += 1) {
    if (!state.rows.handleOf(order.at(i)).startsWith(begin)) return;
    yield order.at(i);
  }
}

function isActive(state: RegistryState, org: OrgEntry, slot: number): boolean {
  const entry = state.connectionOf(slot);
  return entry.isOf(org.id) && entry.summary?.enabled === true;
}

function hitFor(state: RegistryState, org: OrgEntry, slot: number, now: Date): SearchHit {
  const teamHandle = state.rows.handleOf(slot);
  const connection = state.connectionOf(slot).summary;
  if (!connection) throw new Error(`row ${slot} is active without a connection`);
  const reading = readingOf(state, org, teamHandle, now);
  const preferred = reading?.first.slot === slot && localNameIn(org, teamHandle) === undefined;
  return {
    handle: handleOf(teamHandle),
    qualifiedHandle: handleOf(`${connection.slug}/${teamHandle}`),
    teamHandle,
    teamId: state.rows.teamIdOf(slot),
    teamName: state.rows.teamNameOf(slot),
    connection,
    ambiguous: !preferred || reading.matches.length > 1,
    preferred,
  };
}

/** The handles of an org that mean several teams, of which one can be paged, or that are local as well, in alphabetical order. */
export function conflicts(state: RegistryState, sourceOrg: string, now: Date): Conflict[] {
  const org = state.org(sourceOrg);
  if (!org) return [];
  const order = state.ordersOf(org).byHandle;
  const found: Conflict[] = [];
  let previous: string | undefined;
  for (let i = 0; i < order.size; i += 1) {
    const teamHandle = state.rows.handleOf(order.at(i));
    if (teamHandle !== previous) found.push(...conflictOver(state, org, teamHandle, now));
    previous = teamHandle;
  }
  return found;
}

function conflictOver(state: RegistryState, org: OrgEntry, teamHandle: string, now: Date): Conflict[] {
  const matches = matchesOf(state, org, teamHandle, now);
  const local = org.isLocal(teamHandle);
  if (!matches.some(({ connection }) => connection.enabled) || namesApart(state, matches) < (local ? 1 : 2)) return [];
  return [{ handle: handleOf(teamHandle), teamHandle, local, contenders: contendersOf(state, matches) }];
}

// Two teams of one connection with one handle are no conflict that a qualified name would end.
const namesApart = ({ rows }: RegistryState, matches: readonly Match[]): number =>
  new Set(matches.map(({ slot, entry }) => `${entry.id}/${rows.handleOf(slot)}`)).size;
