import { namesWithin } from '@pagebridge/vocabulary';
import { ambiguousWith, formerly, type Match, over, qualification, usable, withHandle } from './matching.ts';
import { nearestTo } from './nearest.ts';
import type { OrgEntry } from './org-entry.ts';
import type { RegistryState } from './registry-state.ts';
import type { Matched, OverConnection, Resolution } from './resolution.ts';

/**
 * What a mention means to a source org; `now` ends grace periods.
 *
 * Longest name first, and for each name the kinds in the design's order: what was literally written wins over what is
 * left when trailing punctuation is taken for the sentence's. But a name that would page, or is local, wins over any
 * that would not, however long: `@oncall-core-infra.` pages `core-infra` even where a disabled connection knows
 * `core-infra.`, since a missed page is worse.
 */
export function resolve(state: RegistryState, sourceOrg: string, mention: string, now: Date): Resolution {
  const org = state.org(sourceOrg);
  if (!org) return { kind: 'unknown', name: plainName(mention) };
  const only = onlyMatch(state, org, mention);
  if (only) return only;
  for (const name of namesWithin(mention)) {
    const answer = decisive(state, org, name, now);
    if (answer) return answer;
  }
  for (const name of namesWithin(mention)) {
    const match = firstMatch(state, org, name, now, false);
    if (match) return { kind: 'connection-disabled', name, connection: match.matches[0].connection };
  }
  const name = plainName(mention);
  const nearest = nearestTo(state, org, name);
  return { kind: 'unknown', name, ...(nearest ? { nearest } : {}) };
}

/** What a team handle means over one connection of an org: its present name first, then a former one in its grace period. */
export function teamOver(
  state: RegistryState,
  sourceOrg: string,
  connectionId: string,
  teamHandle: string,
  now: Date,
): OverConnection {
  const org = state.org(sourceOrg);
  const connection = org?.connections.find(({ id }) => id === connectionId)?.summary;
  if (!org || !connection) return { kind: 'connection-unknown' };
  if (!connection.enabled) return { kind: 'connection-disabled', connection };
  const present = usable(state, org, over(state, connectionId, withHandle(state, org, teamHandle)), true);
  const [match] = isSome(present)
    ? present
    : usable(state, org, over(state, connectionId, formerly(org, teamHandle, now)), true);
  if (!match) return { kind: 'unknown', connection };
  return {
    kind: 'known',
    connection,
    teamId: state.rows.teamIdOf(match.slot),
    teamHandle: state.rows.handleOf(match.slot),
  };
}

/**
 * The name most likely meant by a mention that nothing matches: without its trailing punctuation.
 *
 * Linear for any input; a mention of nothing but punctuation is left as it is.
 */
export function plainName(mention: string): string {
  let end = mention.length;
  while (end > 0 && '.:/_-'.includes(mention.charAt(end - 1))) end -= 1;
  return end === 0 ? mention : mention.slice(0, end);
}

const nobodyElse: readonly string[] = Object.freeze([]);

/** What nearly every mention is, found at once: the handle of one team that can be paged. All others take the long way. */
function onlyMatch(state: RegistryState, org: OrgEntry, name: string): Resolution | undefined {
  const slot = state.rows.onlyWithHandle(org.number, name);
  if (slot < 0 || org.isLocal(name)) return undefined;
  const entry = state.connectionOf(slot);
  const connection = entry.summary;
  if (!connection?.enabled || !entry.isOf(org.id)) return undefined;
  const teamId = state.rows.teamIdOf(slot);
  return { kind: 'routed', matched: 'exact', name, connection, teamId, teamHandle: name, ambiguousWith: nobodyElse };
}

function decisive(state: RegistryState, org: OrgEntry, name: string, now: Date): Resolution | undefined {
  if (org.isLocal(name)) return { kind: 'local', name };
  const match = firstMatch(state, org, name, now, true);
  if (!match) return undefined;
  const { matched, matches } = match;
  const { slot, connection } = matches[0];
  return {
    kind: 'routed',
    matched,
    name,
    connection,
    teamId: state.rows.teamIdOf(slot),
    teamHandle: matched === 'exact' ? name : state.rows.handleOf(slot),
    ambiguousWith: matches.length > 1 ? ambiguousWith(matches) : [],
  };
}

type Matches = readonly [Match, ...Match[]];
const isSome = (matches: Match[]): matches is [Match, ...Match[]] => matches.length > 0;

function firstMatch(
  state: RegistryState,
  org: OrgEntry,
  name: string,
  now: Date,
  enabled: boolean,
): { matched: Matched; matches: Matches } | undefined {
  const exact = usable(state, org, withHandle(state, org, name), enabled);
  if (isSome(exact)) return { matched: 'exact', matches: exact };
  const parts = qualification(org, name);
  if (parts) {
    const qualified = usable(state, org, over(state, parts.connectionId, withHandle(state, org, parts.rest)), enabled);
    if (isSome(qualified)) return { matched: 'qualified', matches: qualified };
  }
  const renamed = usable(state, org, formerly(org, name, now), enabled);
  if (isSome(renamed)) return { matched: 'renamed', matches: renamed };
  if (!parts) return undefined;
  const both = usable(state, org, over(state, parts.connectionId, formerly(org, parts.rest, now)), enabled);
  return isSome(both) ? { matched: 'renamed', matches: both } : undefined;
}
