import type { AlertState, Command, PageCommand, PageState } from '@pagebridge/contracts';
import { type Effect, effectsOf, type OnceWritten, type Stepped } from '../effects.ts';
import { textOf } from '../event-time.ts';
import { unreportedKinds } from '../outcomes.ts';
import { isEnded, pageOf } from '../page.ts';
import type { Policy } from '../policy.ts';
import { decidePage } from './decide-page.ts';
import { decideResolve } from './decide-resolve.ts';
import type { Decision, ReceivedCommand } from './decision.ts';
import { type Admission, isFlood, type Refused, refusedFor } from './refused.ts';

/** Commands of an alert were read. `isWritten`: whether the ledger holds the alert as it is. */
export interface CommandsRead {
  readonly kind: 'commands';
  readonly received: readonly ReceivedCommand[];
  readonly admission: Admission;
  readonly isWritten: boolean;
}

// An alert with more pages than this is written before the end of its batch: only written pages can be trimmed.
const maxPagesUnwritten = 250;

/** Decides commands of one alert, in their order. */
export function decideAll(alert: AlertState | undefined, input: CommandsRead, now: Date, policy: Policy): Stepped {
  const texts: Effect[] = [];
  const published: OnceWritten[] = [];
  const parked: OnceWritten[] = [];
  let after = alert;
  let taken = 0;
  const [first] = input.received;
  const refusal = first && refusedFor(first.command.sourceOrg, input.admission);
  for (const received of input.received) {
    if (taken > 0 && after && after.pages.length > maxPagesUnwritten) break;
    const { state, events, refused } = decide(after, received, now, policy, refusal);
    // Its ended pages take no room once their outcomes are published.
    const mayHaveRoom = !(input.isWritten && taken === 0) && state.pages.some(isEndedUnreported);
    if (refused?.reason === 'too-many-pages' && mayHaveRoom) break;
    for (const pending of events) published.push({ kind: 'publish', pending });
    // A refused page leaves no alert behind.
    if (refused) parked.push({ kind: 'park', received, refused });
    else after = state;
    if (isOfPage(received) && pageOf(state, received.command.pageId)?.status === 'pending')
      texts.push({ kind: 'keep-text', received });
    taken += 1;
  }
  const effects = after ? effectsOf(alert, after, now, published) : published;
  const postponed = input.received.slice(taken).map((received) => ({ kind: 'postpone' as const, received }));
  return { alert: after, effects: [...texts, ...effects, ...parked, ...postponed] };
}

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

const isOfPage = (received: ReceivedCommand): received is ReceivedCommand<PageCommand> =>
  received.command.kind === 'page';

const isEndedUnreported = (page: PageState): boolean => isEnded(page) && unreportedKinds(page).length > 0;
