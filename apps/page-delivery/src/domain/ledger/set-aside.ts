import type { AlertState, PageState } from '@pagebridge/contracts';
import { followReplacement } from '../attempts/settle.ts';
import { isEnded, pageOf } from '../page.ts';
import { undeliverable } from '../transitions.ts';

/**
 * An alert that the ledger cannot hold as it is, with the pages that nobody was called for given up.
 *
 * `held`: what the ledger holds of it. A call that was announced there may be under way, and its page may exist: it stays.
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

// It was to be announced by the very write that was refused.
const uncalled = (page: PageState): PageState =>
  page.status === 'attempting' ? { ...page, attempts: page.attempts - 1 } : page;

/** The same where nothing of it can be held: also a page that may exist is given up, and says that it may. */
export const abandoned = (state: AlertState, detail: string, now: Date): AlertState => ({
  ...state,
  pages: state.pages.map((page) =>
    page.status === 'attempting'
      ? undeliverable({ ...page, possibleDuplicate: true }, 'unwritable', detail, now)
      : page,
  ),
});

/**
 * The same with nothing in it that has no bearing on pages that may exist, once the dead letters of the others are
 * written: a recovery still resolves them, and a re-trigger joins them.
 */
export const leanest = (state: AlertState): AlertState => ({
  ...state,
  pages: state.pages.filter((page) => !isEnded(page) || page.unreported.length > 0).map(lean),
});

function lean(page: PageState): PageState {
  // It is to be called, or called again, with its words.
  if (page.status === 'pending' || page.status === 'attempting') return page;
  const { content: _content, command: _command, failover: _failover, ...rest } = page;
  return { ...rest, joined: [] };
}
