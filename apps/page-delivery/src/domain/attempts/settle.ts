import type { AlertState, PageState } from '@pagebridge/contracts';
import { storyId, storyOf } from '../commands/story.ts';
import { type ConnectionOf, callOffRivals, failOver } from '../failover/failover.ts';
import { pageOf, withPage } from '../page.ts';
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
import { mostBadAnswers } from './policy.ts';

export const failedCauses = [
  'timeout',
  'network',
  'rate-limited',
  'server',
  'redirect',
  'bad-answer',
  'credential',
  'forbidden',
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

/**
 * Records what became of a call, and what that means for the pages it replaces, or stands in for, or is backed up by; same
 * input, same answer. Nothing changes if the page was not waiting for it. No page fails over where no connection is known.
 */
export function settle(
  state: AlertState,
  pageId: string,
  answer: Answer,
  now: Date,
  connectionOf: ConnectionOf = noConnection,
): AlertState {
  const page = pageOf(state, pageId);
  if (page?.status === 'resolving') {
    return withPage(state, pageId, now, (resolve) => settleResolve(resolve, answer, now));
  }
  if (page?.status !== 'attempting') return state;
  const settled = withPage(state, pageId, now, (create) => settleCreate(state, create, answer, now));
  return follow(settled, pageId, connectionOf, now);
}

const noConnection: ConnectionOf = () => undefined;

function follow(state: AlertState, pageId: string, connectionOf: ConnectionOf, now: Date): AlertState {
  const backedUp = failOver(state, pageId, connectionOf, now);
  return followReplacement(callOffRivals(backedUp, pageId, now), pageId, now);
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
  if (answer.cause !== 'bad-answer') return { ...tried, status: 'pending', ...postponed(answer, now) };
  const badAnswers = (page.badAnswers ?? 0) + 1;
  if (badAnswers >= mostBadAnswers) return undeliverable(tried, 'bad-answer', answer.detail, now);
  return { ...tried, status: 'pending', badAnswers, ...postponed(answer, now) };
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

// A replaced page stays open until the page that takes its place has been delivered, or that one's backup.
const endsNow = (state: AlertState, page: PageState): boolean =>
  (page.ending !== undefined && page.ending !== 'replaced') ||
  (page.replacedBy !== undefined && hasArrived(state, page.replacedBy));

function hasArrived(state: AlertState, pageId: string): boolean {
  const story = storyOf(state, pageId);
  return story.length === 0 || story.some(({ deliveredAt }) => deliveredAt !== undefined);
}

/** Gives a page up that has waited too long or has nowhere to go. Only what is not under way can be given up. */
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

/** What becomes of a page, or of its backup, means something for the less urgent one that it replaces. */
export function followReplacement(state: AlertState, pageId: string, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (!page) return state;
  const by = storyId(page);
  const story = storyOf(state, by);
  if (story.some(({ deliveredAt }) => deliveredAt !== undefined)) {
    return changeReplaced(state, by, now, (low) => (low.status === 'delivered' ? resolving(low, now) : low));
  }
  // Nobody was told of the more urgent one, so the less urgent one is still all there is.
  const isGivenUp = story.every(({ status }) => status === 'undeliverable');
  return isGivenUp ? changeReplaced(state, by, now, standing) : state;
}

const changeReplaced = (state: AlertState, by: string, now: Date, change: (low: PageState) => PageState): AlertState =>
  state.pages
    .filter((low) => low.replacedBy === by)
    .reduce((after, { pageId }) => withPage(after, pageId, now, change), state);

function standing(low: PageState): PageState {
  if (low.status !== 'delivered' && low.status !== 'attempting') return low;
  const { replacedBy: _replacedBy, ending, ...rest } = low;
  return ending === undefined || ending === 'replaced' ? rest : { ...rest, ending };
}
