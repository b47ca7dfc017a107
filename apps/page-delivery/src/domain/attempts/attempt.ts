import type { AlertState } from '@pagebridge/contracts';
import { pageOf, withPage } from '../page.ts';
import { type Answer, settle } from './settle.ts';

export const begin = (state: AlertState, pageId: string, now: Date): AlertState =>
  withPage(state, pageId, now, (page) =>
    page.status === 'pending' ? { ...page, status: 'attempting', attempts: page.attempts + 1 } : page,
  );

/** Whether the create may still be sent: not when the alert recovered, or the page was replaced, meanwhile. */
export function isStillWanted(state: AlertState | undefined, pageId: string): boolean {
  const page = pageOf(state, pageId);
  return page?.status === 'attempting' && page.ending === undefined;
}

/**
 * The state after a crash, or from a former owner.
 *
 * A create without a recorded answer may have made a page: it is attempted again as a possible duplicate, unless its
 * alert recovered meanwhile.
 */
export function restored(state: AlertState, now: Date): AlertState {
  const cutOff = state.pages.filter((page) => page.status === 'attempting');
  return cutOff.reduce((after, page) => settle(after, page.pageId, answerLost, now), state);
}

const answerLost: Answer = {
  kind: 'failed',
  cause: 'answer-lost',
  detail: 'The process that called the destination ended before the answer was recorded.',
  mayHaveCreated: true,
  waitMs: 0,
};
