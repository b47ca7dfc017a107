import { handleOf, maxMentionLength } from '@pagebridge/vocabulary';
import { distance } from 'fastest-levenshtein';
import { countBits, lettersOfBytes } from './letters.ts';
import { firstWithHandle, qualification } from './matching.ts';
import type { OrgEntry } from './org-entry.ts';
import type { RegistryState } from './registry-state.ts';
import type { Nearest } from './resolution.ts';

const reach = 48;

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
export function nearestTo(state: RegistryState, org: OrgEntry, name: string): Nearest | undefined {
  if (name.length > maxMentionLength) return undefined;
  return org.nearest.recall(name, () => lookAround(state, org, name));
}

function lookAround(state: RegistryState, org: OrgEntry, name: string): Nearest | undefined {
  const parts = qualification(org, name);
  const wanted = parts?.rest ?? name;
  const letters = lettersOf(wanted);
  let best = -1;
  let edits = limitFor(wanted);
  state.ordersOf(org).around(wanted, reach, (slot) => {
    if (leastEdits(state, slot, wanted, letters) > edits || slot === best) return;
    const entry = state.connectionOf(slot);
    if (!entry.summary?.enabled || !entry.isOf(org.id) || (parts && entry !== parts.entry)) return;
    const needed = distance(wanted, state.rows.handleOf(slot));
    if (needed > edits || (needed === edits && best >= 0 && !isPreferred(state, slot, best))) return;
    best = slot;
    edits = needed;
  });
  return best < 0 ? undefined : answerFor(state, org, best, parts !== undefined);
}

const lettersOf = (text: string): number => lettersOfBytes(Buffer.from(text, 'latin1'), 0, text.length);

// One edit brings at most one character that was missing, and takes at most one that was too many. It costs far less to
// see than the distance itself.
function leastEdits(state: RegistryState, slot: number, wanted: string, letters: number): number {
  const own = state.rows.lettersOf(slot);
  const missing = countBits(letters & ~own);
  const spare = countBits(own & ~letters);
  return Math.max(missing, spare, Math.abs(state.rows.handleLengthOf(slot) - wanted.length));
}

// Of names equally alike the first in the alphabet, of two teams with it the one that had it first.
function isPreferred(state: RegistryState, slot: number, other: number): boolean {
  const [handle, otherHandle] = [state.rows.handleOf(slot), state.rows.handleOf(other)];
  if (handle !== otherHandle) return handle < otherHandle;
  const bySight = state.rows.firstSeenOf(slot) - state.rows.firstSeenOf(other);
  return (bySight || state.connectionOf(slot).compareAge(state.connectionOf(other))) < 0;
}

function answerFor(state: RegistryState, org: OrgEntry, slot: number, qualified: boolean): Nearest {
  const teamHandle = state.rows.handleOf(slot);
  const entry = state.connectionOf(slot);
  // The plain handle may be that of a disabled connection, which would page nobody.
  const isOthers = firstWithHandle(state, org, teamHandle)?.slot !== slot;
  const handle = handleOf(qualified || isOthers ? `${entry.summary?.slug}/${teamHandle}` : teamHandle);
  return { handle, teamHandle, connectionId: entry.id };
}
