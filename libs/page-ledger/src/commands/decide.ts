import type { AlertState, Command } from '@pagebridge/contracts';
import { textOf } from '../event-time.ts';
import type { Policy } from '../policy.ts';
import { decidePage } from './decide-page.ts';
import { decideResolve } from './decide-resolve.ts';
import type { Decision, ReceivedCommand } from './decision.ts';
import { isFlood, type Refused } from './refused.ts';

/**
 * Decides how a command changes its alert; pure.
 *
 * Guarantees, for any order and repetition of commands:
 * - a page command becomes one page, joins an open one, or is superseded by a later recovery;
 * - an event changes nothing that a newer one decided;
 * - the clock only dates changes and limits event times in the future, so that it may go backwards.
 *
 * `unlessRefused`: why the alert takes no commands, or its source org no further page that has to wait.
 */
export function decide(
  state: AlertState | undefined,
  received: ReceivedCommand,
  now: Date,
  policy: Policy,
  unlessRefused?: Refused,
): Decision {
  const known = state ?? newState(received.command, now);
  const { command } = received;
  if (command.kind === 'resolve' && unlessRefused && !isFlood(unlessRefused))
    return { state: known, events: [], refused: unlessRefused };
  return command.kind === 'page'
    ? decidePage(known, { ...received, command }, now, policy, unlessRefused)
    : decideResolve(known, { ...received, command }, now);
}

const never = new Date(0).toISOString();

const newState = ({ sourceOrg, alertKey }: Command, now: Date): AlertState => ({
  sourceOrg,
  alertKey,
  ownerEpoch: 0,
  lastEventAt: never,
  updatedAt: textOf(now),
  pages: [],
});
