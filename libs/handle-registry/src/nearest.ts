import { handleOf, maxMentionLength } from '@pagebridge/vocabulary';
import { distance } from 'fastest-levenshtein';
import { type Match, matchesOfHandle, qualification } from './matching.ts';
import { backwards, type Org } from './org.ts';
import type { Nearest } from './resolution.ts';

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
export function nearestTo(org: Org, name: string): Nearest | undefined {
  if (name.length > maxMentionLength) return undefined;
  if (!org.nearest.has(name)) {
    if (org.nearest.size >= mostRemembered) org.nearest.clear();
    org.nearest.set(name, lookAround(org, name));
  }
  return org.nearest.get(name);
}

function lookAround(org: Org, name: string): Nearest | undefined {
  const parts = qualification(org, name);
  const wanted = parts?.rest ?? name;
  const activeTeam = (teamHandle: string): Match | undefined =>
    matchesOfHandle(org, teamHandle).find(
      ({ team }) => team.connection.enabled && (!parts || team.connection === parts.connection),
    );
  let best: Match | undefined;
  let edits = limitFor(wanted);
  for (const teamHandle of neighbours(org, wanted)) {
    if (Math.abs(teamHandle.length - wanted.length) > edits) continue;
    const needed = distance(wanted, teamHandle);
    // Of names equally alike the first in the alphabet.
    if (needed > edits || (needed === edits && best && teamHandle >= best.team.teamHandle)) continue;
    const match = activeTeam(teamHandle);
    if (match) [best, edits] = [match, needed];
  }
  return best && answerFor(org, best, parts !== undefined);
}

/** The next handles in either direction, by beginning and by ending: a single slip leaves one of the two whole. */
function* neighbours({ handles, handlesBackwards }: Org, wanted: string): Generator<string> {
  const ending = backwards(wanted);
  yield* first(handles.from(wanted));
  yield* first(handles.before(wanted));
  for (const name of first(handlesBackwards.from(ending))) yield backwards(name);
  for (const name of first(handlesBackwards.before(ending))) yield backwards(name);
}

function* first(names: Iterable<string>): Generator<string> {
  let count = 0;
  for (const name of names) {
    yield name;
    count += 1;
    if (count === reach) return;
  }
}

function answerFor(org: Org, { team, connection }: Match, qualified: boolean): Nearest {
  const { teamHandle } = team;
  // The plain handle may be that of a disabled connection, which would page nobody.
  const isOthers = matchesOfHandle(org, teamHandle)[0]?.team !== team;
  const handle = handleOf(qualified || isOthers ? `${connection.slug}/${teamHandle}` : teamHandle);
  return { handle, teamHandle, connectionId: connection.connectionId };
}
