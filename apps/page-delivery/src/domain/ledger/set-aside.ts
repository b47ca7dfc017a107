import type { AlertState, PageState } from '@pagebridge/contracts';
import { followReplacement } from '../attempts/settle.ts';
import { bare, isEnded, pageOf } from '../page.ts';
import { undeliverable } from '../transitions.ts';

/**
 * Gives up the uncalled pages of an alert that the ledger cannot hold.
 *
 * `held`: what the ledger holds of it. A page that is `attempting` there may exist in the destination, and stays.
 */
export function setAside(state: AlertState, held: AlertState | undefined, detail: string, now: Date): AlertState {
  const mayExist = (page: PageState) =>
    page.status !== 'pending' && (page.status !== 'attempting' || pageOf(held, page.pageId)?.status === 'attempting');
  const pages = state.pages.map((page) =>
    isEnded(page) || mayExist(page) ? page : undeliverable(uncalled(page), 'unwritable', detail, now),
  );
  const givenUp = pages.filter((page, at) => page !== state.pages[at]);
  return givenUp.reduce((after, { pageId }) => followReplacement(after, pageId, now), { ...state, pages });
}

// The refused write held its `begin`, so it was never called.
const uncalled = (page: PageState): PageState =>
  page.status === 'attempting' ? { ...page, attempts: page.attempts - 1 } : page;

/** Gives up the pages that may exist as well, as possible duplicates: the ledger can hold nothing of the alert. */
export const abandoned = (state: AlertState, detail: string, now: Date): AlertState => ({
  ...state,
  pages: state.pages.map((page) =>
    page.status === 'attempting'
      ? undeliverable({ ...page, possibleDuplicate: true }, 'unwritable', detail, now)
      : page,
  ),
});

/** Only the pages that may exist, so that a recovery resolves them and a re-trigger joins them. */
export const leanest = (state: AlertState): AlertState => ({
  ...state,
  pages: state.pages.filter((page) => !isEnded(page) || page.unreported.length > 0).map(lean),
});

function lean(page: PageState): PageState {
  // Its content is needed for the next call.
  if (page.status === 'pending' || page.status === 'attempting') return page;
  return { ...bare(page), joined: [] };
}
