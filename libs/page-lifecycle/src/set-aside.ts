import type { AlertState, PageState } from '@pagebridge/contracts';
import { followReplacement } from './attempts/apply-answer.ts';
import { unreportedKinds } from './outcomes.ts';
import { isEnded, pageOf } from './page.ts';
import { undeliverable } from './transitions.ts';

/** The alert with the pages that are given up, and without them. */
export interface SetAside {
  readonly reduced: AlertState;
  readonly kept: AlertState;
}

/**
 * Takes the pages for which no call was ever made out of an alert that the ledger cannot hold, and what no call needs out of
 * the others.
 *
 * `inLedger`: the state in the ledger. A page that is `attempting` in it may exist in the destination, and stays, so that a
 * recovery resolves it and a re-trigger joins it.
 */
export function setAside(state: AlertState, inLedger: AlertState | undefined, detail: string, now: Date): SetAside {
  const pages = state.pages.map((page) => {
    const uncalled = calledOff(page, inLedger);
    return uncalled ? undeliverable(uncalled, 'unwritable', detail, now) : page;
  });
  const gone = pages.filter((page, n) => page !== state.pages[n]);
  const reduced = gone.reduce((left, { pageId }) => followReplacement(left, pageId, now), { ...state, pages });
  // A page that was called for may exist: an old batch of commands must not create it again, without a tag.
  const isKept = (page: PageState) =>
    gone.includes(page) ? page.attempts > 0 : !isEnded(page) || unreportedKinds(page).length > 0;
  const kept = { ...reduced, pages: reduced.pages.filter(isKept).map(lean) };
  return { reduced, kept };
}

const lean = ({ failover: _failover, title: _title, ...page }: PageState): PageState => ({ ...page, joined: [] });

/** Returns a page whose next call was not announced in the ledger; undefined for any other, and for one that waits to be called again. */
function calledOff(page: PageState, inLedger: AlertState | undefined): PageState | undefined {
  if (page.status === 'pending') return page.attempts === 0 ? page : undefined;
  const isAnnounced = pageOf(inLedger, page.pageId)?.status === 'attempting';
  // Kafka refused the write with the `begin` of this page.
  return page.status === 'attempting' && !isAnnounced ? { ...page, attempts: page.attempts - 1 } : undefined;
}
