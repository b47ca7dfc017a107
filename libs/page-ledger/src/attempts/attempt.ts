import type { AlertState } from '@pagebridge/contracts';
import { pageOf, withPage } from '../page.ts';
import { type Answer, applyAnswer } from './apply-answer.ts';

export const begin = (state: AlertState, pageId: string, now: Date): AlertState =>
  withPage(state, pageId, now, (page) =>
    page.status === 'pending' ? { ...page, status: 'attempting', attempts: page.attempts + 1 } : page,
  );

/** Returns whether the create may still be sent: false if the alert recovered or the page was replaced meanwhile. */
export function isStillWanted(state: AlertState | undefined, pageId: string): boolean {
  const page = pageOf(state, pageId);
  return page?.status === 'attempting' && page.ending === undefined;
}

/**
 * Returns the state with which a new owner of the partition starts.
 *
 * A create without a recorded answer may have created a page: the page is attempted again as a possible duplicate,
 * unless its alert recovered meanwhile.
 */
export function restored(state: AlertState, now: Date): AlertState {
  const unanswered = state.pages.filter((page) => page.status === 'attempting');
  return unanswered.reduce((after, page) => applyAnswer(after, page.pageId, answerLost, now), state);
}

const answerLost: Answer = {
  kind: 'failed',
  cause: 'answer-lost',
  detail: 'The process that called the destination ended before it recorded the response.',
  mayHaveCreated: true,
  waitMs: 0,
};
