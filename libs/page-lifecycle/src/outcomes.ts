import type { AlertState, OutcomeKind, PageOutcome, PageState } from '@pagebridge/contracts';
import { bare, isEnded, withoutCall } from './page.ts';

/** An outcome for subscribers, with the trace of its command. */
export interface OutcomeEvent {
  readonly outcome: PageOutcome;
  readonly traceparent: string | undefined;
}

/** An outcome with its page, for the dead letter. */
export interface UnreportedOutcome extends OutcomeEvent {
  readonly page: PageState;
}

/**
 * Returns the outcomes of a state that may not be published yet.
 *
 * They follow from the state alone: the next owner publishes the same outcomes with the same event ids (`outcomeId`).
 */
export const unreportedOutcomes = (state: AlertState): UnreportedOutcome[] =>
  state.pages.flatMap((page) => unreportedOf(state, page));

export const unreportedOf = (state: AlertState, page: PageState): UnreportedOutcome[] =>
  unreportedKinds(page).map((kind) => ({ page, outcome: outcomeOf(state, page, kind), traceparent: page.traceparent }));

/** Returns the outcomes of a page that may not be published yet, in their order. */
export function unreportedKinds({ acknowledged, unreported }: Pick<PageState, 'acknowledged' | 'unreported'>) {
  if (!acknowledged?.unreported) return unreported;
  // It was delivered before, and ended after.
  const [before, after] = [
    unreported.filter((kind) => kind === 'delivered'),
    unreported.filter((kind) => kind !== 'delivered'),
  ];
  return [...before, 'acknowledged' as const, ...after];
}

/** Returns the event id of an outcome, which is the same each time the outcome is published. */
export const outcomeId = (outcome: PageOutcome): string =>
  outcome.outcome === 'retried' ? `${outcome.pageId}/retried/${outcome.at}` : `${outcome.pageId}/${outcome.outcome}`;

/** Returns the state once these outcomes are published. Pages drop the fields that only these or a dead letter need. */
export function reported(state: AlertState, outcomes: readonly PageOutcome[]): AlertState {
  if (outcomes.length === 0) return state;
  const pages = state.pages.map((page) => {
    const published = outcomes.filter((outcome) => outcome.pageId === page.pageId).map((outcome) => outcome.outcome);
    const unreported = page.unreported.filter((kind) => !published.includes(kind));
    const known = published.includes('acknowledged') ? withoutMark(page) : page;
    return known === page && unreported.length === page.unreported.length ? page : trimmed({ ...known, unreported });
  });
  return { ...state, pages };
}

/** Returns the state once all its outcomes are published; the same object if none was unreported. */
export function allReported(state: AlertState): AlertState {
  if (state.pages.every((page) => unreportedKinds(page).length === 0)) return state;
  return { ...state, pages: state.pages.map((page) => trimmed({ ...withoutMark(page), unreported: [] })) };
}

const withoutMark = (page: PageState): PageState =>
  page.acknowledged?.unreported ? { ...page, acknowledged: { at: page.acknowledged.at } } : page;

function trimmed(page: PageState): PageState {
  if (unreportedKinds(page).length > 0) return page;
  return isEnded(page) ? bare(page) : withoutCall(page);
}

export function outcomeOf(state: AlertState, page: PageState, kind: OutcomeKind): PageOutcome {
  const at = { delivered: page.deliveredAt, acknowledged: page.acknowledged?.at }[kind as string] ?? page.endedAt;
  const isOver = kind === 'undeliverable' || kind === 'unresolved' || kind === 'superseded';
  const hasReason = isOver || kind === 'resolved';
  // The page knows its last call alone: after an attempt to resolve, not that which created it.
  const isOfResolve = kind === 'resolved' || kind === 'unresolved';
  const call = isOfResolve === page.resolveAttempts > 0 ? page.call : undefined;
  return {
    ...identityOf(state, page),
    outcome: kind,
    at: at ?? state.updatedAt,
    attempts: kind === 'resolved' || kind === 'unresolved' ? page.resolveAttempts : page.attempts,
    possibleDuplicate: page.possibleDuplicate,
    ...(page.destinationPageId ? { destinationPageId: page.destinationPageId } : {}),
    ...(hasReason && page.reason ? { reason: page.reason } : {}),
    ...(isOver && page.lastError ? { detail: page.lastError } : {}),
    ...(call ? { call } : {}),
  };
}

/** When a page is called again at the earliest, and given up at the latest. */
export type Prospect = Pick<PageOutcome, 'nextAttemptAt' | 'givenUpAt'>;

/** Returns the outcome of a failed call that will be repeated. Nothing depends on this outcome, so it may be lost. */
export const retried = (state: AlertState, page: PageState, reason: string, prospect: Prospect): OutcomeEvent => ({
  outcome: {
    ...identityOf(state, page),
    outcome: 'retried',
    at: state.updatedAt,
    attempts: page.status === 'resolving' ? page.resolveAttempts : page.attempts,
    possibleDuplicate: page.possibleDuplicate,
    reason,
    ...(page.lastError ? { detail: page.lastError } : {}),
    ...(page.call ? { call: page.call } : {}),
    ...prospect,
  },
  traceparent: page.traceparent,
});

type Identified = Pick<PageState, 'alertEventId' | 'pageId' | 'connectionId' | 'teamHandle' | 'failoverOf'>;

/** Returns the fields that identify a page in each of its outcomes. */
export const identityOf = ({ sourceOrg, alertKey }: Pick<AlertState, 'sourceOrg' | 'alertKey'>, page: Identified) => ({
  sourceOrg,
  alertKey,
  alertEventId: page.alertEventId,
  pageId: page.pageId,
  connectionId: page.connectionId,
  teamHandle: page.teamHandle,
  ...(page.failoverOf ? { failoverOf: page.failoverOf } : {}),
});
