import { ownCopy } from '@pagebridge/vocabulary';
import type { Org } from '../org.ts';
import type { Contender, OverConnection, Resolution } from '../resolution.ts';
import { contendersOf, matchesOver, qualification } from './matching.ts';
import { nearestTo } from './nearest.ts';
import { localNameIn, type Reading, readingOf } from './reading.ts';

/**
 * Returns what a mention means to a source org; `now` decides about grace periods.
 *
 * The name in the mention that counts (see `readingOf`) means the team that claimed it first (see `matchesOf`). If the
 * connection of that team is disabled, no other team gets the name. A local handle of the org never means a team.
 * `withNearest` has the nearest handle of an unknown name searched, which costs far more than all the rest.
 */
export const resolve = (org: Org, mention: string, now: Date, withNearest: boolean): Resolution =>
  meaningOf(org, mention, now) ?? unknown(org, unknownName(mention), now, withNearest);

/** Like `resolve`, but returns undefined for an unknown mention, without searching the nearest handle. */
export function meaningOf(org: Org, mention: string, now: Date): Meaning | undefined {
  const only = onlyMatch(org, mention, now);
  if (only) return only;
  const local = localNameIn(org, mention);
  if (local !== undefined) return { kind: 'local', name: local };
  const reading = readingOf(org, mention, now);
  return reading && resolutionOf(reading);
}

/** Returns what a team handle means over one connection: a present handle first, then a former one. */
export function teamOver(org: Org, connectionId: string, teamHandle: string, now: Date): OverConnection {
  const over = org.connections.find(({ id }) => id === connectionId);
  const connection = over?.summary;
  if (!connection) return { kind: 'connection-unknown' };
  if (!connection.enabled) return { kind: 'connection-disabled', connection };
  const [match] = matchesOver(over, teamHandle, now);
  if (!match) return { kind: 'unknown', connection };
  return { kind: 'known', connection, teamId: match.team.teamId, teamHandle: match.team.teamHandle };
}

/** Returns an unknown mention without trailing punctuation, in linear time; a mention of only punctuation stays. */
export function plainName(mention: string): string {
  let end = mention.length;
  while (end > 0 && punctuation.has(mention.charAt(end - 1))) end -= 1;
  return end === 0 ? mention : mention.slice(0, end);
}

/** Returns the name of an unknown mention, as a copy: it is kept for its nearest handle or while it waits, longer than its alert. */
export const unknownName = (mention: string): string => ownCopy(plainName(mention));

const punctuation: ReadonlySet<string> = new Set('.:/_-');

type Meaning = Exclude<Resolution, { kind: 'unknown' }>;

const noOthers: readonly Contender[] = Object.freeze([]);

/** A fast path for most mentions: the handle of exactly one team, which can be paged. Otherwise undefined. */
function onlyMatch(org: Org, name: string, now: Date): Meaning | undefined {
  const teams = org.teamsWith(name);
  const team = teams[0];
  if (!team || teams.length > 1) return undefined;
  const connections = org.connectionsTo(team.directory);
  const over = connections[0];
  if (!over?.enabled || !over.summary || connections.length > 1) return undefined;
  if (punctuation.has(name.charAt(name.length - 1)) || org.isLocal(name) || qualification(org, name, now))
    return undefined;
  const [connection, { teamId }] = [over.summary, team];
  return { kind: 'routed', matched: 'exact', name, connection, teamId, teamHandle: name, contenders: noOthers };
}

function resolutionOf({ name, first, matches }: Reading): Meaning {
  const { team, matched, connection } = first;
  const contenders = matches.length > 1 ? contendersOf(matches) : noOthers;
  if (!connection.enabled) return { kind: 'connection-disabled', name, connection, contenders };
  const { teamId, teamHandle } = team;
  return { kind: 'routed', matched, name, connection, teamId, teamHandle, contenders };
}

function unknown(org: Org, name: string, now: Date, withNearest: boolean): Resolution {
  const nearest = withNearest && nearestTo(org, name, now);
  return { kind: 'unknown', name, ...(nearest ? { nearest } : {}) };
}
