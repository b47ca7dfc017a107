import { handleOf, maxMentionLength } from '@pagebridge/vocabulary';
import { distance } from 'fastest-levenshtein';
import { qualification } from './matching.ts';
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
 * handles, and the answer is qualified too.
 */
export function nearestTo(state: RegistryState, org: OrgEntry, name: string): Nearest | undefined {
  if (name.length > maxMentionLength) return undefined;
  const parts = qualification(org, name);
  const wanted = parts?.rest ?? name;
  let best: { slot: number; edits: number } | undefined;
  const limit = limitFor(wanted);
  for (const slot of state.ordersOf(org).around(wanted, reach)) {
    const entry = state.connectionOf(slot);
    if (!entry.summary?.enabled || !entry.isOf(org.id) || (parts && entry.id !== parts.connectionId)) continue;
    const edits = editsBetween(wanted, state.rows.handleOf(slot), limit);
    if (edits > limit) continue;
    if (!best || edits < best.edits || (edits === best.edits && isPreferred(state, slot, best.slot))) {
      best = { slot, edits };
    }
  }
  return best && answerFor(state, best.slot, parts !== undefined);
}

// A difference in length is the least number of edits, and costs nothing to see.
const editsBetween = (a: string, b: string, limit: number): number =>
  Math.abs(a.length - b.length) > limit ? limit + 1 : distance(a, b);

// Of names equally alike the first in the alphabet, of two teams with it the older connection's: the one it would page.
function isPreferred(state: RegistryState, slot: number, other: number): boolean {
  const [handle, otherHandle] = [state.rows.handleOf(slot), state.rows.handleOf(other)];
  if (handle !== otherHandle) return handle < otherHandle;
  return state.connectionOf(slot).compareAge(state.connectionOf(other)) < 0;
}

function answerFor(state: RegistryState, slot: number, qualified: boolean): Nearest {
  const teamHandle = state.rows.handleOf(slot);
  const entry = state.connectionOf(slot);
  const handle = handleOf(qualified ? `${entry.summary?.slug}/${teamHandle}` : teamHandle);
  return { handle, teamHandle, connectionId: entry.id };
}
