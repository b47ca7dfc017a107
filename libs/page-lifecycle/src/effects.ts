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

/** An effect of a step. A step returns its effects in the order in which they may be executed. */
export type Effect = AtOnce | OnceWritten;

/** Effects to execute before the alert is written. */
type AtOnce =
  /** Keep the text of this command in memory: a call needs it. */
  | { readonly kind: 'keep-text'; readonly received: ReceivedCommand<PageCommand> }
  /** Log this notice for operators, and count failovers. */
  | { readonly kind: 'log'; readonly notice: Notice }
  /** Remove the scheduled call of this page. */
  | { readonly kind: 'call-off'; readonly page: PageState }
  | DueCall;

/** Schedule a call. It is sent once the ledger contains the alert and, for a create, the status `attempting`. */
export interface DueCall {
  readonly kind: 'call';
  readonly page: PageState;
  readonly callKind: CallKind;
  /** The time since which the page has waited for the call, in ms since the epoch. */
  readonly since: number;
}

/** Effects to execute once the ledger contains the alert. */
export type OnceWritten =
  /** Publish this outcome, after the dead letter of its page if the page was given up. */
  | { readonly kind: 'publish'; readonly pending: PendingOutcome }
  /** Write the record of this command to the dead letters unchanged. */
  | ({ readonly kind: 'park' } & RefusedCommand)
  /** Decide this command again. */
  | { readonly kind: 'postpone'; readonly received: ReceivedCommand };

/** An outcome to publish. Its page lists it in the ledger until then, so that the next owner finds it. */
export type PendingOutcome = OutcomeEvent & { readonly page?: PageState };

/** `stays-open`: nothing resolves the page, which may exist. `fails-over`: the page has a backup now. */
export type Notice = { readonly alert: AlertState; readonly page: PageState } & (
  | { readonly kind: 'given-up' | 'stays-open' }
  | { readonly kind: 'fails-over'; readonly backup: PageState; readonly cause: FailoverCause | undefined }
);

/**
 * Returns the effects for each page that a step has changed. Nothing else compares an alert before and after.
 *
 * `earlier`: effects to execute before these, once the ledger contains the alert.
 */
export function effectsOf(
  before: AlertState | undefined,
  after: AlertState,
  now: Date,
  earlier: readonly OnceWritten[] = [],
): readonly Effect[] {
  if (before === after) return earlier;
  const onceWritten = [...earlier];
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
