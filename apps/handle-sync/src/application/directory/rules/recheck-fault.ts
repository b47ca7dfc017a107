import type { Result } from '@pagebridge/destination';
import { type Fault, listForbidden, rulesForbidden } from '../fault.ts';
import type { PacedDestination } from '../paced-destination.ts';

/** The result of checking a fault again; both fields are undefined if the fault has ended. */
interface Recheck {
  readonly fault?: Fault;
  /** The destination did not answer. */
  readonly unanswered?: boolean;
}

/** Checks whether accepted keys still have the fault that they had before. */
export async function recheckFault(before: Fault, destination: PacedDestination): Promise<Recheck> {
  const { of, teamId } = before;
  if (of === 'list') return verdict(await firstTeam(destination), () => before);
  if (of === 'rules' && teamId !== undefined) return verdict(await destination.isOnCall(teamId, 'idle'), () => before);
  return of === 'unknown' ? recheckBoth(destination) : {};
}

/**
 * Checks both permissions, because the fault is unknown, and the next sync must not refuse keys that were reported as repaired.
 */
async function recheckBoth(destination: PacedDestination): Promise<Recheck> {
  const list = await firstTeam(destination);
  const [team] = list.ok ? list.value.teams : [];
  if (!list.ok || !team) return verdict(list, listForbidden);
  const rules = await destination.isOnCall(team.id, 'idle');
  if (rules.ok || rules.failure.kind !== 'credential') return verdict(rules, listForbidden);
  // Access control may hide only this team; the permissions of the account tell whether all rules are forbidden.
  const user = await destination.currentUser();
  if (!user.ok) return { unanswered: true };
  const mayRead = user.value.permissions.includes('on_call_read');
  return mayRead ? {} : { fault: rulesForbidden(list.value.total ?? 1, team.id) };
}

const firstTeam = (destination: PacedDestination) => destination.teams({ pageNumber: 0, pageSize: 1 }, 'idle');

function verdict<T>(result: Result<T>, faultOf: typeof listForbidden): Recheck {
  if (result.ok) return {};
  return result.failure.kind === 'credential' ? { fault: faultOf(result.failure) } : { unanswered: true };
}
