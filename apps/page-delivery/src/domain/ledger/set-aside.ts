import type { AlertState, PageState } from '@pagebridge/contracts';
import { followReplacement } from '../attempts/settle.ts';
import { bare, isEnded, pageOf } from '../page.ts';
import { undeliverable } from '../transitions.ts';

/**
 * Gives up the pages of an alert that the ledger cannot hold, if no call was made for them.
 *
 * `held`: the state in the ledger. A page that is `attempting` in it may exist in the destination, and stays.
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

// Kafka refused the write with the `begin` of this page, so no call was made.
const uncalled = (page: PageState): PageState =>
  page.status === 'attempting' ? { ...page, attempts: page.attempts - 1 } : page;

/** Gives up, as possible duplicates, also the pages that may exist: the ledger cannot hold the alert at all. */
export const abandoned = (state: AlertState, detail: string, now: Date): AlertState => ({
  ...state,
  pages: state.pages.map((page) =>
    page.status === 'attempting'
      ? undeliverable({ ...page, possibleDuplicate: true }, 'unwritable', detail, now)
      : page,
  ),
});

/** Reduces the state to the pages that may exist, so that a recovery resolves them and a re-trigger joins them. */
export const leanest = (state: AlertState): AlertState => ({
  ...state,
  pages: state.pages.filter((page) => !isEnded(page) || page.unreported.length > 0).map(lean),
});

function lean(page: PageState): PageState {
  // The next call needs the content.
  if (page.status === 'pending' || page.status === 'attempting') return page;
  return { ...bare(page), joined: [] };
}
