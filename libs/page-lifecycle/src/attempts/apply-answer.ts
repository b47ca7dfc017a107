import type { AlertState, PageState } from '@pagebridge/contracts';
import type { RetryReason } from '@pagebridge/vocabulary';
import { type ConnectionOf, callOffPeers, failOver } from '../failover/failover.ts';
import { failoverGroupId, failoverGroupOf } from '../failover/failover-group.ts';
import { pageOf, withoutCall, withPage } from '../page.ts';
import { maxBadAnswers } from '../policy.ts';
import {
  cut,
  delivered,
  type GiveUpReason,
  resolved,
  resolving,
  superseded,
  undeliverable,
  unresolved,
} from '../transitions.ts';

/** The call behind an answer; absent if none was sent, or its answer was lost. */
export type Call = { readonly call?: NonNullable<PageState['call']> };

/** A call that must be repeated. `mayHaveCreated`: the page may exist nevertheless. */
export interface Failure {
  readonly kind: 'failed';
  readonly cause: RetryReason;
  readonly detail: string;
  readonly mayHaveCreated: boolean;
}

export type Answer = (
  | { readonly kind: 'created'; readonly destinationPageId: string }
  /** The page is resolved, or the destination does not know it any more. */
  | { readonly kind: 'resolved' }
  /** The call must be repeated after `waitMs`. */
  | (Failure & { readonly waitMs: number })
  /** The destination refuses this page for good. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** The attempt began, but no call was made. */
  | { readonly kind: 'not-called' }
) &
  Call;

/**
 * Records the result of a call, with the consequences for the page's backup and for the page that it replaces.
 *
 * Returns the same state if the page has no attempt in flight. Without `connectionOf` no page fails over.
 */
export function applyAnswer(
  state: AlertState,
  pageId: string,
  answer: Answer,
  now: Date,
  connectionOf: ConnectionOf = noConnection,
): AlertState {
  const page = pageOf(state, pageId);
  if (page?.status === 'resolving') {
    return withPage(state, pageId, now, (resolve) => withCall(applyToResolve(resolve, answer, now), answer));
  }
  if (page?.status !== 'attempting') return state;
  const settled = withPage(state, pageId, now, (create) => withCall(applyToCreate(state, create, answer, now), answer));
  return follow(settled, pageId, connectionOf, now);
}

// The outcomes of the page tell of its last call; without one, of the call before.
function withCall(page: PageState, { kind, call }: Answer): PageState {
  if (kind === 'not-called') return page;
  return call ? { ...page, call } : withoutCall(page);
}

const noConnection: ConnectionOf = () => undefined;

function follow(state: AlertState, pageId: string, connectionOf: ConnectionOf, now: Date): AlertState {
  const backedUp = failOver(state, pageId, connectionOf, now);
  return followReplacement(callOffPeers(backedUp, pageId, now), pageId, now);
}

function applyToCreate(state: AlertState, page: PageState, answer: Answer, now: Date): PageState {
  switch (answer.kind) {
    case 'created': {
      const accepted = delivered(page, answer.destinationPageId, now);
      return endsNow(state, page) ? resolving(accepted, now) : accepted;
    }
    case 'refused':
      return page.ending ? superseded(page, page.ending, now) : undeliverable(page, 'rejected', answer.detail, now);
    case 'failed':
      return applyFailure(page, answer, now);
    case 'not-called': {
      const before: PageState = { ...page, status: 'pending', attempts: page.attempts - 1 };
      return page.ending ? superseded(before, page.ending, now) : before;
    }
    case 'resolved':
      return page;
  }
}

function applyFailure(page: PageState, answer: Extract<Answer, { kind: 'failed' }>, now: Date): PageState {
  const tried = { ...page, possibleDuplicate: page.possibleDuplicate || answer.mayHaveCreated };
  if (page.ending) return superseded(tried, page.ending, now);
  if (answer.cause !== 'bad-answer') return { ...tried, status: 'pending', ...postponed(answer, now) };
  const badAnswers = (page.badAnswers ?? 0) + 1;
  if (badAnswers >= maxBadAnswers) return undeliverable(tried, 'bad-answer', answer.detail, now);
  return { ...tried, status: 'pending', badAnswers, ...postponed(answer, now) };
}

function applyToResolve(page: PageState, answer: Answer, now: Date): PageState {
  const tried = { ...page, resolveAttempts: page.resolveAttempts + 1 };
  switch (answer.kind) {
    case 'resolved':
      return resolved(tried, now);
    case 'refused':
      return unresolved(tried, 'rejected', answer.detail, now);
    case 'failed':
      return { ...tried, ...postponed(answer, now) };
    default:
      return page;
  }
}

const postponed = (answer: Extract<Answer, { kind: 'failed' }>, now: Date) => ({
  nextAttemptAt: new Date(now.getTime() + answer.waitMs).toISOString(),
  lastError: cut(answer.detail),
});

// A replaced page stays open until the more urgent one, or its backup, is delivered.
const endsNow = (state: AlertState, page: PageState): boolean =>
  (page.ending !== undefined && page.ending !== 'replaced') ||
  (page.replacedBy !== undefined && hasArrived(state, page.replacedBy));

function hasArrived(state: AlertState, pageId: string): boolean {
  const group = failoverGroupOf(state, pageId);
  return group.length === 0 || group.some(({ deliveredAt }) => deliveredAt !== undefined);
}

/** Gives a page up, unless a create is in flight. */
export function giveUp(
  state: AlertState,
  pageId: string,
  reason: GiveUpReason,
  detail: string,
  now: Date,
  connectionOf: ConnectionOf = noConnection,
): AlertState {
  const after = withPage(state, pageId, now, (page) => {
    if (page.status === 'pending') return undeliverable(page, reason, detail, now);
    if (page.status === 'resolving' && reason !== 'connection-disabled') return unresolved(page, reason, detail, now);
    return page;
  });
  return follow(after, pageId, connectionOf, now);
}

/** Ends a replaced page once the urgent page or its backup is delivered; keeps it open if both are given up. */
export function followReplacement(state: AlertState, pageId: string, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (!page) return state;
  const by = failoverGroupId(page);
  const group = failoverGroupOf(state, by);
  if (group.some(({ deliveredAt }) => deliveredAt !== undefined)) {
    return changeReplaced(state, by, now, (low) => (low.status === 'delivered' ? resolving(low, now) : low));
  }
  // Nobody was paged by the more urgent page, so the less urgent one stays open.
  const isGivenUp = group.every(({ status }) => status === 'undeliverable');
  return isGivenUp ? changeReplaced(state, by, now, notReplaced) : state;
}

const changeReplaced = (state: AlertState, by: string, now: Date, change: (low: PageState) => PageState): AlertState =>
  state.pages
    .filter((low) => low.replacedBy === by)
    .reduce((after, { pageId }) => withPage(after, pageId, now, change), state);

function notReplaced(low: PageState): PageState {
  if (low.status !== 'delivered' && low.status !== 'attempting') return low;
  const { replacedBy: _replacedBy, ending, ...rest } = low;
  return ending === undefined || ending === 'replaced' ? rest : { ...rest, ending };
}
