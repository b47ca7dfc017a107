import type { Result } from '@pagebridge/destination';
import { type Fault, listForbidden, rulesForbidden } from '../fault.ts';
import type { Opened } from '../opened.ts';

/** The result of checking a fault again; both fields are undefined if the fault has ended. */
interface Tried {
  readonly fault?: Fault;
  /** The destination did not answer. */
  readonly unheard?: boolean;
}

/** Checks whether accepted keys still have the fault that they had before. */
export async function triedAgain(before: Fault, opened: Opened): Promise<Tried> {
  const { of, teamId } = before;
  if (of === 'list') return verdict(await firstTeam(opened), () => before);
  if (of === 'rules' && teamId !== undefined) return verdict(await opened.isOnCall(teamId, 'idle'), () => before);
  return of === 'unknown' ? anythingForbidden(opened) : {};
}

/**
 * Checks both permissions, because the fault is unknown, and the next sync must not refuse keys that were reported as repaired.
 */
async function anythingForbidden(opened: Opened): Promise<Tried> {
  const list = await firstTeam(opened);
  const [team] = list.ok ? list.value.teams : [];
  if (!list.ok || !team) return verdict(list, listForbidden);
  const rules = await opened.isOnCall(team.id, 'idle');
  if (rules.ok || rules.failure.kind !== 'credential') return verdict(rules, listForbidden);
  // Access control may hide only this team; the permissions of the account tell whether all rules are forbidden.
  const user = await opened.currentUser();
  if (!user.ok) return { unheard: true };
  const mayRead = user.value.permissions.includes('on_call_read');
  return mayRead ? {} : { fault: rulesForbidden(list.value.total ?? 1, team.id) };
}

const firstTeam = (opened: Opened) => opened.teams({ pageNumber: 0, pageSize: 1 }, 'idle');

function verdict<T>(result: Result<T>, faultOf: typeof listForbidden): Tried {
  if (result.ok) return {};
  return result.failure.kind === 'credential' ? { fault: faultOf(result.failure) } : { unheard: true };
}
