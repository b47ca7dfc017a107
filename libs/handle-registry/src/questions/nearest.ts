import { handleOf, maxMentionLength } from '@pagebridge/vocabulary';
import { distance } from 'fastest-levenshtein';
import type { Connection } from '../connection.ts';
import type { Directory } from '../directory.ts';
import type { Org } from '../org.ts';
import type { Nearest } from '../resolution.ts';
import { ascending, backwards, descending, merged, type SortedNames } from '../sorted-names.ts';
import { type Match, matchesOfHandle, qualification } from './matching.ts';
import { localNameIn, readingOf } from './reading.ts';
import { isOffered } from './search.ts';

const neighboursEachWay = 48;
// Enough for the unknown handles of an org, and bounded if very many different ones arrive.
const maxRemembered = 64;

/** Returns the maximum edit distance at which two names count as similar. */
const limitFor = (name: string): number => Math.max(1, Math.floor(name.length * 0.4));

/**
 * Returns the active handle that is most similar to an unknown name, if any is similar enough. Connections with a refused
 * credential are left out, as in `search`.
 *
 * The cost is bounded whatever the size of the registry: only the adjacent names in alphabetical order are compared,
 * sorted forwards and backwards, at most 192. Up to 48 handles are all compared; among thousands that differ only in
 * the middle, a nearer one may be missed. A name that a slug qualifies is compared with the handles of its connection,
 * and the answer is qualified too. Answers are cached.
 */
export function nearestTo(org: Org, name: string, now: Date): Nearest | undefined {
  if (name.length > maxMentionLength) return undefined;
  const { nearest } = org;
  if (!nearest.has(name)) {
    if (nearest.size >= maxRemembered) nearest.clear();
    nearest.set(name, findNearest(org, name, now));
  }
  return nearest.get(name);
}

function findNearest(org: Org, name: string, now: Date): Nearest | undefined {
  const parts = qualification(org, name, now);
  const wanted = parts?.rest ?? name;
  const isSearched = (over: Connection): boolean => isOffered(over) && (!parts || over === parts.connection);
  let best: Match | undefined;
  let edits = limitFor(wanted);
  for (const teamHandle of neighbours(org.directoriesOver(isSearched), wanted)) {
    if (Math.abs(teamHandle.length - wanted.length) > edits) continue;
    const needed = distance(wanted, teamHandle);
    // Of equally similar names, the first in alphabetical order.
    if (needed > edits || (needed === edits && best && teamHandle >= best.team.teamHandle)) continue;
    const match = matchesOfHandle(org, teamHandle).find(({ over }) => isSearched(over));
    if (match) [best, edits] = [match, needed];
  }
  return best && answerFor(org, best, parts !== undefined, now);
}

/** Yields adjacent handles, sorted forwards and backwards: a typing error leaves the beginning or the ending intact. */
function* neighbours(directories: readonly Directory[], wanted: string): Generator<string> {
  const forwards = directories.map(({ handles }) => handles);
  yield* around(forwards, wanted);
  const reversed = directories.map(({ handlesBackwards }) => handlesBackwards);
  for (const name of around(reversed, backwards(wanted))) yield backwards(name);
}

function* around(lists: readonly SortedNames[], name: string): Generator<string> {
  const next = lists.map((names) => names.from(name));
  yield* merged(next, ascending).take(neighboursEachWay);
  const former = lists.map((names) => names.before(name));
  yield* merged(former, descending).take(neighboursEachWay);
}

function answerFor(org: Org, { team, over, connection }: Match, qualified: boolean, now: Date): Nearest {
  const { teamHandle } = team;
  // The plain handle may be local or belong to a disabled connection, and would then page nobody.
  const isPaged = localNameIn(org, teamHandle) === undefined && readingOf(org, teamHandle, now)?.first.over === over;
  const handle = handleOf(qualified || !isPaged ? `${connection.slug}/${teamHandle}` : teamHandle);
  return { handle, teamHandle, connectionId: connection.connectionId };
}
