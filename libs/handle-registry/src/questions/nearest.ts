import { handleOf, maxMentionLength } from '@pagebridge/vocabulary';
import { distance } from 'fastest-levenshtein';
import type { Connection } from '../connection.ts';
import type { Directory } from '../directory.ts';
import type { Org } from '../org.ts';
import type { Nearest } from '../resolution.ts';
import { ascending, backwards, descending, merged, type SortedNames } from '../sorted-names.ts';
import { type Match, matchesOfHandle, qualification } from './matching.ts';

const reach = 48;
// Enough for the unknown handles of an org; a storm of different ones does not fill the memory.
const mostRemembered = 64;

/** Beyond this many edits two names are not alike. */
const limitFor = (name: string): number => Math.max(1, Math.floor(name.length * 0.4));

/**
 * The active handle most like a name that nothing matches, or none that is alike enough.
 *
 * Cost is bounded whatever the registry's size: only the names that stand next to it in order, read forwards and
 * backwards, are compared (at most 192). With up to 48 handles that is all of them; among thousands that differ in the
 * middle only, a nearer one may be missed. A name qualified by a connection's slug is compared with that connection's
 * handles, and the answer is qualified too. A name asked for again is answered from memory.
 */
export function nearestTo(org: Org, name: string, now: Date): Nearest | undefined {
  if (name.length > maxMentionLength) return undefined;
  const { nearest } = org;
  if (!nearest.has(name)) {
    if (nearest.size >= mostRemembered) nearest.clear();
    nearest.set(name, lookAround(org, name, now));
  }
  return nearest.get(name);
}

function lookAround(org: Org, name: string, now: Date): Nearest | undefined {
  const parts = qualification(org, name, now);
  const wanted = parts?.rest ?? name;
  const isMeant = (over: Connection): boolean => over.enabled && (!parts || over === parts.connection);
  let best: Match | undefined;
  let edits = limitFor(wanted);
  for (const teamHandle of neighbours(org.directoriesOver(isMeant), wanted)) {
    if (Math.abs(teamHandle.length - wanted.length) > edits) continue;
    const needed = distance(wanted, teamHandle);
    // Of names equally alike the first in the alphabet.
    if (needed > edits || (needed === edits && best && teamHandle >= best.team.teamHandle)) continue;
    const match = matchesOfHandle(org, teamHandle).find(({ over }) => isMeant(over));
    if (match) [best, edits] = [match, needed];
  }
  return best && answerFor(org, best, parts !== undefined);
}

/** The next handles in either direction, by beginning and by ending: a single slip leaves one of the two whole. */
function* neighbours(directories: readonly Directory[], wanted: string): Generator<string> {
  const forwards = directories.map(({ handles }) => handles);
  yield* around(forwards, wanted);
  const reversed = directories.map(({ handlesBackwards }) => handlesBackwards);
  for (const name of around(reversed, backwards(wanted))) yield backwards(name);
}

function* around(lists: readonly SortedNames[], name: string): Generator<string> {
  const next = lists.map((names) => names.from(name));
  yield* merged(next, ascending).take(reach);
  const former = lists.map((names) => names.before(name));
  yield* merged(former, descending).take(reach);
}

function answerFor(org: Org, { team, over, connection }: Match, qualified: boolean): Nearest {
  const { teamHandle } = team;
  // The plain handle may be that of a disabled connection, which would page nobody.
  const isOthers = matchesOfHandle(org, teamHandle)[0]?.over !== over;
  const handle = handleOf(qualified || isOthers ? `${connection.slug}/${teamHandle}` : teamHandle);
  return { handle, teamHandle, connectionId: connection.connectionId };
}
