import type { AlertState, PageState } from '@pagebridge/contracts';
import { instant } from '../event-time.ts';
import { pageOf, withPage } from '../page.ts';
import { type Answer, applyAnswer } from './apply-answer.ts';

export const begin = (state: AlertState, pageId: string, now: Date): AlertState =>
  withPage(state, pageId, now, (page) =>
    page.status === 'pending' ? { ...page, status: 'attempting', attempts: page.attempts + 1 } : page,
  );

/** A call as it is sent. `mayBeGone`: whether a page that the destination does not know counts as resolved. */
export type CallToSend =
  | { readonly kind: 'create'; readonly page: PageState }
  | { readonly kind: 'resolve'; readonly destinationPageId: string; readonly mayBeGone: boolean };

/** Returns the call that may be sent for a page once the ledger holds it; undefined if its end was decided meanwhile. */
export function callOf(state: AlertState | undefined, pageId: string, now: Date): CallToSend | undefined {
  const page = pageOf(state, pageId);
  if (page?.status === 'attempting') return page.ending === undefined ? { kind: 'create', page } : undefined;
  if (page?.status !== 'resolving') return undefined;
  const { destinationPageId = '', deliveredAt } = page;
  const mayBeGone = !deliveredAt || now.getTime() - instant(deliveredAt) >= knownAfterMs;
  return { kind: 'resolve', destinationPageId, mayBeGone };
}

// A destination may take so long to find a page that it has accepted.
const knownAfterMs = 60_000;

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
