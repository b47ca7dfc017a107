import type { AlertState, Command } from '@pagebridge/contracts';
import type { Policy } from '../attempts/policy.ts';
import { textOf } from '../event-time.ts';
import { decidePage } from './decide-page.ts';
import { decideResolve } from './decide-resolve.ts';
import type { Decision, Taken } from './decision.ts';

/**
 * Decides what a command means for its alert: same input, same answer, no I/O.
 *
 * Guarantees, whatever the order and however often commands arrive:
 * - a page command becomes a page, joins an open one, or is superseded by a recovery that happened after it; never
 *   nothing, and never two pages;
 * - an event older than what was seen changes nothing that the newer one decided;
 * - the clock is only used for time stamps and for events dated in the future, so that it may go backwards.
 */
export function decide(state: AlertState | undefined, taken: Taken, now: Date, policy: Policy): Decision {
  const known = state ?? newState(taken.command, now);
  const { command } = taken;
  return command.kind === 'page'
    ? decidePage(known, { ...taken, command }, now, policy)
    : decideResolve(known, command, now);
}

const never = new Date(0).toISOString();

const newState = ({ sourceOrg, alertKey }: Command, now: Date): AlertState => ({
  sourceOrg,
  alertKey,
  generation: 0,
  lastEventAt: never,
  updatedAt: textOf(now),
  pages: [],
});
