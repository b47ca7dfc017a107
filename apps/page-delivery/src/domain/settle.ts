import type { AlertState, PageState } from '@pagebridge/contracts';
import { pageOf, withPage } from './page.ts';
import { mostBadAnswers } from './policy.ts';
import {
  cut,
  delivered,
  type GiveUpReason,
  resolved,
  resolving,
  superseded,
  undeliverable,
  unresolved,
} from './transitions.ts';

export const failedCauses = [
  'timeout',
  'network',
  'rate-limited',
  'server',
  'redirect',
  'bad-answer',
  'credential',
  'answer-lost',
] as const;
/** Why a call is to be made again. */
export type FailedCause = (typeof failedCauses)[number];

/** What became of one call to the destination. */
export type Answer =
  | { readonly kind: 'created'; readonly destinationPageId: string }
  /** Also: the destination does not know the page, so it is gone. */
  | { readonly kind: 'resolved' }
  /** To be called again in `waitMs`. `mayHaveCreated`: there may be a page all the same. */
  | {
      readonly kind: 'failed';
      readonly cause: FailedCause;
      readonly detail: string;
      readonly mayHaveCreated: boolean;
      readonly waitMs: number;
    }
  /** The destination refuses this page for good. */
  | { readonly kind: 'refused'; readonly detail: string }
  /** It was begun, and not called. */
  | { readonly kind: 'called-off' };

/** Records what became of a call; same input, same answer. Nothing changes if the page was not waiting for it. */
export function settle(state: AlertState, pageId: string, answer: Answer, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (page?.status === 'resolving') {
    return withPage(state, pageId, now, (resolve) => settleResolve(resolve, answer, now));
  }
  if (page?.status !== 'attempting') return state;
  const settled = withPage(state, pageId, now, (create) => settleCreate(state, create, answer, now));
  return followReplacement(settled, pageId, now);
}

function settleCreate(state: AlertState, page: PageState, answer: Answer, now: Date): PageState {
  switch (answer.kind) {
    case 'created': {
      const accepted = delivered(page, answer.destinationPageId, now);
      return endsNow(state, page) ? resolving(accepted, now) : accepted;
    }
    case 'refused':
      return page.ending ? superseded(page, page.ending, now) : undeliverable(page, 'rejected', answer.detail, now);
    case 'failed':
      return settleFailed(page, answer, now);
    case 'called-off': {
      const before: PageState = { ...page, status: 'pending', attempts: page.attempts - 1 };
      return page.ending ? superseded(before, page.ending, now) : before;
    }
    case 'resolved':
      return page;
  }
}

function settleFailed(page: PageState, answer: Extract<Answer, { kind: 'failed' }>, now: Date): PageState {
  const tried = { ...page, possibleDuplicate: page.possibleDuplicate || answer.mayHaveCreated };
  if (page.ending) return superseded(tried, page.ending, now);
  if (answer.cause === 'bad-answer' && page.attempts >= mostBadAnswers) {
    return undeliverable(tried, 'bad-answer', answer.detail, now);
  }
  return { ...tried, status: 'pending', ...postponed(answer, now) };
}

function settleResolve(page: PageState, answer: Answer, now: Date): PageState {
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

// A replaced page stays open until the page that takes its place has been delivered.
const endsNow = (state: AlertState, page: PageState): boolean =>
  page.ending === 'recovered' || (page.replacedBy !== undefined && hasArrived(state, page.replacedBy));

function hasArrived(state: AlertState, pageId: string): boolean {
  const page = pageOf(state, pageId);
  return page === undefined || page.deliveredAt !== undefined;
}

/** Gives a page up that has waited too long or has nowhere to go. Only what is not under way can be given up. */
export function giveUp(state: AlertState, pageId: string, reason: GiveUpReason, detail: string, now: Date): AlertState {
  const after = withPage(state, pageId, now, (page) => {
    if (page.status === 'pending') return undeliverable(page, reason, detail, now);
    if (page.status === 'resolving' && reason !== 'connection-disabled') return unresolved(page, reason, detail, now);
    return page;
  });
  return followReplacement(after, pageId, now);
}

/** What the end of a page's story means for the less urgent one that it replaces. */
function followReplacement(state: AlertState, pageId: string, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (page?.deliveredAt) {
    return changeReplaced(state, pageId, now, (low) => (low.status === 'delivered' ? resolving(low, now) : low));
  }
  // Nobody was told of the more urgent one, so the less urgent one is still all there is.
  return page?.status === 'undeliverable' ? changeReplaced(state, pageId, now, standing) : state;
}

const changeReplaced = (state: AlertState, by: string, now: Date, change: (low: PageState) => PageState): AlertState =>
  state.pages
    .filter((low) => low.replacedBy === by)
    .reduce((after, { pageId }) => withPage(after, pageId, now, change), state);

function standing(low: PageState): PageState {
  if (low.status !== 'delivered' && low.status !== 'attempting') return low;
  const { replacedBy: _replacedBy, ending, ...rest } = low;
  return ending === 'recovered' ? { ...rest, ending } : rest;
}
