import type { AlertState, PageState } from '@pagebridge/contracts';
import { followReplacement } from '../attempts/settle.ts';
import { type UnreportedOutcome, unreportedOutcomes } from '../outcomes.ts';
import { isEnded, pageOf } from '../page.ts';
import { undeliverable } from '../transitions.ts';

/** An alert without the pages that are given up, and the outcomes of these. */
export interface SetAside {
  readonly kept: AlertState;
  readonly givenUp: readonly UnreportedOutcome[];
}

/**
 * Takes the pages for which no call was made out of an alert that the ledger cannot hold, and those that are over.
 *
 * `held`: the state in the ledger. A page that is `attempting` in it may exist in the destination, and stays, so that a
 * recovery resolves it and a re-trigger joins it.
 */
export function setAside(state: AlertState, held: AlertState | undefined, detail: string, now: Date): SetAside {
  // Kafka refused the write with the `begin` of such a page, so no call was made.
  const isUncalled = ({ pageId, status }: PageState) =>
    status === 'attempting' && pageOf(held, pageId)?.status !== 'attempting';
  const pages = state.pages.map(
    (page): PageState => (isUncalled(page) ? { ...page, status: 'pending', attempts: page.attempts - 1 } : page),
  );
  return without({ ...state, pages }, ({ status }) => status === 'pending', detail, now);
}

/** Takes all pages out, those that may exist as possible duplicates: the ledger cannot hold the alert at all. */
export const abandoned = (state: AlertState, detail: string, now: Date): SetAside =>
  without(
    { ...state, pages: state.pages.map((page) => ({ ...page, possibleDuplicate: true })) },
    ({ status }) => status === 'pending' || status === 'attempting',
    detail,
    now,
  );

function without(state: AlertState, isGivenUp: (page: PageState) => boolean, detail: string, now: Date): SetAside {
  const pages = state.pages.map((page) => (isGivenUp(page) ? undeliverable(page, 'unwritable', detail, now) : page));
  const gone = pages.filter((page, n) => page !== state.pages[n]);
  const after = gone.reduce((left, { pageId }) => followReplacement(left, pageId, now), { ...state, pages });
  const isKept = (page: PageState) => !gone.includes(page) && (!isEnded(page) || page.unreported.length > 0);
  return {
    kept: { ...after, pages: after.pages.filter(isKept) },
    givenUp: unreportedOutcomes({ ...after, pages: gone }),
  };
}
