import { contendersOf, matchesOver, qualification } from './matching.ts';
import { nearestTo } from './nearest.ts';
import type { OrgEntry } from './org-entry.ts';
import { localNameIn, type Reading, readingOf } from './reading.ts';
import type { RegistryState } from './registry-state.ts';
import type { Contender, OverConnection, Resolution } from './resolution.ts';

/**
 * What a mention means to a source org; `now` ends grace periods.
 *
 * The name in it that counts (see `readingOf`) means the team that claimed it first (see `matchesOf`), and where that team's
 * connection is disabled, nobody: what was switched off is handed to no other. What the org declares its own is nobody else's.
 */
export function resolve(state: RegistryState, sourceOrg: string, mention: string, now: Date): Resolution {
  const org = state.org(sourceOrg);
  if (!org) return { kind: 'unknown', name: plainName(mention) };
  const only = onlyMatch(state, org, mention);
  if (only) return only;
  const local = localNameIn(org, mention);
  if (local !== undefined) return { kind: 'local', name: local };
  const reading = readingOf(state, org, mention, now);
  return reading ? resolutionOf(state, reading) : unknown(state, org, plainName(mention));
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
  const entry = org?.connections.find(({ id }) => id === connectionId);
  const connection = entry?.summary;
  if (!org || !connection) return { kind: 'connection-unknown' };
  if (!connection.enabled) return { kind: 'connection-disabled', connection };
  const [match] = matchesOver(state, org, entry, teamHandle, now);
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
  while (end > 0 && isPunctuation(mention.charAt(end - 1))) end -= 1;
  return end === 0 ? mention : mention.slice(0, end);
}

const isPunctuation = (character: string): boolean => '.:/_-'.includes(character);

const nobodyElse: readonly Contender[] = Object.freeze([]);

/** What nearly every mention is, found at once: the handle of one team that can be paged. All others take the long way. */
function onlyMatch(state: RegistryState, org: OrgEntry, name: string): Resolution | undefined {
  const slot = isPunctuation(name.charAt(name.length - 1)) ? -1 : state.rows.onlyWithHandle(org.number, name);
  if (slot < 0 || org.isLocal(name) || qualification(org, name)) return undefined;
  const entry = state.connectionOf(slot);
  const connection = entry.summary;
  if (!connection?.enabled || !entry.isOf(org.id)) return undefined;
  const teamId = state.rows.teamIdOf(slot);
  return { kind: 'routed', matched: 'exact', name, connection, teamId, teamHandle: name, contenders: nobodyElse };
}

function resolutionOf(state: RegistryState, { name, first, matches }: Reading): Resolution {
  const { slot, matched, connection } = first;
  const contenders = matches.length > 1 ? contendersOf(state, matches) : nobodyElse;
  if (!connection.enabled) return { kind: 'connection-disabled', name, connection, contenders };
  const teamId = state.rows.teamIdOf(slot);
  const teamHandle = state.rows.handleOf(slot);
  return { kind: 'routed', matched, name, connection, teamId, teamHandle, contenders };
}

function unknown(state: RegistryState, org: OrgEntry, name: string): Resolution {
  const nearest = nearestTo(state, org, name);
  return { kind: 'unknown', name, ...(nearest ? { nearest } : {}) };
}
