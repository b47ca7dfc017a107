import type { Result } from '@pagebridge/destination';
import { type Fault, listForbidden, rulesForbidden } from '../fault.ts';
import type { Opened } from '../opened.ts';

/** Neither where the credential may now do what it might not. */
interface Tried {
  readonly fault?: Fault;
  /** The destination did not say. */
  readonly unheard?: boolean;
}

/** Keys that were refused are accepted again: may they also read what they might not read? */
export async function triedAgain(before: Fault, opened: Opened): Promise<Tried> {
  const { of, teamId } = before;
  if (of === 'list') return verdict(await firstTeam(opened), () => before);
  if (of === 'rules' && teamId !== undefined) return verdict(await opened.isOnCall(teamId, 'idle'), () => before);
  return of === 'unknown' ? anythingForbidden(opened) : {};
}

/** Nobody here knows what it was: both is tried, so that it is not said to be repaired before the next look refuses it again. */
async function anythingForbidden(opened: Opened): Promise<Tried> {
  const list = await firstTeam(opened);
  const [team] = list.ok ? list.value.teams : [];
  if (!list.ok || !team) return verdict(list, listForbidden);
  const rules = await opened.isOnCall(team.id, 'idle');
  if (rules.ok || rules.failure.kind !== 'credential') return verdict(rules, listForbidden);
  // Access control may hide this team alone: its role says whether all are.
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
