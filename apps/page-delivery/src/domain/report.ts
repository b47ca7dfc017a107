import type { AlertState, OutcomeKind, PageOutcome, PageState } from '@pagebridge/contracts';
import { isEnded } from './page.ts';

/** An outcome on its way to subscribers, with the trace of the command it answers. */
export interface Fact {
  readonly outcome: PageOutcome;
  readonly traceparent: string | undefined;
}

/** The same about a page of the ledger, which a dead letter is made of. */
export interface Owed extends Fact {
  readonly page: PageState;
}

/**
 * The outcomes of a state that are not known to be written, with the page each is about.
 *
 * They are a function of the state alone, so that whoever reads the ledger after a crash tells them again, the same and
 * under the same event id (`outcomeId`).
 */
export const owed = (state: AlertState): Owed[] =>
  state.pages.flatMap((page) =>
    page.unreported.map((kind) => ({ page, outcome: outcomeOf(state, page, kind), traceparent: page.traceparent })),
  );

/** One outcome of a page is one event, however often it is written. */
export const outcomeId = (outcome: PageOutcome): string =>
  outcome.outcome === 'retried' ? `${outcome.pageId}/retried/${outcome.at}` : `${outcome.pageId}/${outcome.outcome}`;

/** The state once these outcomes have been written. What only a dead letter needed is dropped. */
export function reported(state: AlertState, outcomes: readonly PageOutcome[]): AlertState {
  if (outcomes.length === 0) return state;
  const pages = state.pages.map((page) => {
    const told = outcomes.filter((outcome) => outcome.pageId === page.pageId).map((outcome) => outcome.outcome);
    const unreported = page.unreported.filter((kind) => !told.includes(kind));
    return unreported.length === page.unreported.length ? page : trimmed({ ...page, unreported });
  });
  return { ...state, pages };
}

/** The state once all its outcomes have been written; the same object if it owed none. */
export function allReported(state: AlertState): AlertState {
  if (state.pages.every(({ unreported }) => unreported.length === 0)) return state;
  return { ...state, pages: state.pages.map((page) => trimmed({ ...page, unreported: [] })) };
}

function trimmed(page: PageState): PageState {
  if (!isEnded(page) || page.unreported.length > 0) return page;
  const { content: _content, command: _command, failover: _failover, ...rest } = page;
  return rest;
}

/** What became of a page, as told to subscribers. */
export function outcomeOf(state: AlertState, page: PageState, kind: OutcomeKind): PageOutcome {
  const at = kind === 'delivered' ? page.deliveredAt : page.endedAt;
  const isOver = kind === 'undeliverable' || kind === 'unresolved' || kind === 'superseded';
  return {
    ...identityOf(state, page),
    outcome: kind,
    at: at ?? state.updatedAt,
    attempts: kind === 'resolved' || kind === 'unresolved' ? page.resolveAttempts : page.attempts,
    possibleDuplicate: page.possibleDuplicate,
    ...(page.destinationPageId ? { destinationPageId: page.destinationPageId } : {}),
    ...(isOver && page.reason ? { reason: page.reason } : {}),
    ...(isOver && page.lastError ? { detail: page.lastError } : {}),
  };
}

/** That a call failed and another will be made. Tells how things go; nothing depends on it, so it may get lost. */
export const retried = (state: AlertState, page: PageState, reason: string): Fact => ({
  outcome: {
    ...identityOf(state, page),
    outcome: 'retried',
    at: state.updatedAt,
    attempts: page.status === 'resolving' ? page.resolveAttempts : page.attempts,
    possibleDuplicate: page.possibleDuplicate,
    reason,
    ...(page.lastError ? { detail: page.lastError } : {}),
  },
  traceparent: page.traceparent,
});

const identityOf = (state: AlertState, page: PageState) => ({
  sourceOrg: state.sourceOrg,
  alertKey: state.alertKey,
  alertEventId: page.alertEventId,
  pageId: page.pageId,
  connectionId: page.connectionId,
  teamHandle: page.teamHandle,
  ...(page.failoverOf ? { failoverOf: page.failoverOf } : {}),
});
