import type { AlertState, PageCommand, PageState } from '@pagebridge/contracts';
import type { ReceivedCommand, RefusedCommand } from './commands/decision.ts';
import { type FailoverCause, failoverCauseOf } from './failover/failover.ts';
import { type OutcomeEvent, unreportedKinds, unreportedOf } from './outcomes.ts';
import { type CallKind, pageOf, waitingSince, workOf } from './page.ts';

/** `alert` is undefined if nothing is left to be kept. */
export interface Stepped {
  readonly alert: AlertState | undefined;
  readonly effects: readonly Effect[];
}

/** What follows from a step. A step lists its effects in the order in which they may happen. */
export type Effect = AtOnce | OnceWritten;

/** To be carried out before the alert is written. */
export type AtOnce =
  /** A call needs the text of this command. */
  | { readonly kind: 'keep-text'; readonly received: ReceivedCommand<PageCommand> }
  /** An operator must know. Failovers are counted too. */
  | { readonly kind: 'log'; readonly notice: Notice }
  /** The page waits for its call no longer. */
  | { readonly kind: 'call-off'; readonly page: PageState }
  | DueCall;

/** A call is due. It is made once the ledger holds the alert, and for a create that the call begins. */
export interface DueCall {
  readonly kind: 'call';
  readonly page: PageState;
  readonly callKind: CallKind;
  /** Since when the page waits for it, in ms since the epoch. */
  readonly since: number;
}

/** To be carried out once the ledger holds the alert. */
export type OnceWritten =
  /** With the dead letter of a page that is given up. */
  | { readonly kind: 'publish'; readonly pending: PendingOutcome }
  /** The record of this command becomes a dead letter, unchanged. */
  | ({ readonly kind: 'park' } & RefusedCommand)
  /** This command is to be decided again. */
  | { readonly kind: 'postpone'; readonly received: ReceivedCommand };

/** With its page, which lists it in the ledger until it is published: the next owner finds it there. */
export type PendingOutcome = OutcomeEvent & { readonly page?: PageState };

/** `stays-open`: nothing resolves the page, which may exist. `fails-over`: the page has a backup now. */
export type Notice = { readonly alert: AlertState; readonly page: PageState } & (
  | { readonly kind: 'given-up' | 'stays-open' }
  | { readonly kind: 'fails-over'; readonly backup: PageState; readonly cause: FailoverCause | undefined }
);

/**
 * Returns what follows for each page that a step has touched. Nothing else compares an alert before and after.
 *
 * `onceWritten`: what else follows once the alert is written, before these.
 */
export function effectsOf(
  before: AlertState | undefined,
  after: AlertState,
  now: Date,
  onceWritten: OnceWritten[] = [],
): Effect[] {
  if (before === after) return onceWritten;
  const atOnce: AtOnce[] = [];
  for (const [n, page] of after.pages.entries()) {
    if (page === before?.pages[n]) continue;
    const former = pageOf(before, page.pageId);
    for (const notice of noticesOf(after, page, former, now)) atOnce.push({ kind: 'log', notice });
    const [formerWork, work] = [former && workOf(former), workOf(page)];
    if (formerWork && work !== formerWork) atOnce.push({ kind: 'call-off', page });
    // A call to repeat is due again.
    const isDue = work !== formerWork || page.resolveAttempts !== former?.resolveAttempts;
    if (work && isDue) atOnce.push(dueCall(page, work));
    const listed = former?.replayedFrom === page.replayedFrom ? former && unreportedKinds(former) : undefined;
    for (const pending of unreportedOf(after, page))
      if (!listed?.includes(pending.outcome.outcome)) onceWritten.push({ kind: 'publish', pending });
  }
  return [...atOnce, ...onceWritten];
}

export const dueCall = (page: PageState, callKind: CallKind): DueCall => ({
  ...{ kind: 'call', page, callKind, since: waitingSince(page) },
});

function noticesOf(alert: AlertState, page: PageState, former: PageState | undefined, now: Date): Notice[] {
  const kind = page.status === former?.status ? undefined : noticeAt(page);
  const first = former || !page.failoverOf ? undefined : pageOf(alert, page.failoverOf.pageId);
  return [
    ...(kind ? [{ kind, alert, page }] : []),
    ...(first
      ? [{ kind: 'fails-over' as const, alert, page: first, backup: page, cause: failoverCauseOf(first, now) }]
      : []),
  ];
}

function noticeAt({ status, possibleDuplicate }: PageState): 'given-up' | 'stays-open' | undefined {
  if (status === 'undeliverable') return 'given-up';
  return status === 'unresolved' || (status === 'superseded' && possibleDuplicate) ? 'stays-open' : undefined;
}
