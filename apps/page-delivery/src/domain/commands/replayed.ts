import type { AlertState, PageCommand, PageState } from '@pagebridge/contracts';
import { type Fact, owed } from '../report.ts';
import type { Replay, Taken } from './decision.ts';

/**
 * A page that was given up is taken up again by a replay of its dead letter, as a new attempt of the same page.
 *
 * Any other known page stays as it is: it was paged, or will be, or its alert recovered. So does one that this very
 * replay took up before: Kafka delivered it again.
 */
export const isTakenUpAgain = (page: PageState, replay: Replay | undefined): boolean =>
  replay !== undefined && page.status === 'undeliverable' && page.replayedFrom !== replay.from;

/**
 * Is it a replay that is to page beside an open page? A recovery ends both.
 *
 * Once it is a page of its own, the same replay read again finds that page, and changes nothing.
 */
export const pagesAnew = ({ replay }: Taken<PageCommand>): boolean => replay?.pageAnew ?? false;

export const without = (state: AlertState, page: PageState): AlertState => ({
  ...state,
  pages: state.pages.filter((other) => other !== page),
});

/** The new attempt knows what the ledger knew of the former ones: a call may have created the page. */
export const inheriting = (taken: Taken<PageCommand>, page: PageState): Taken<PageCommand> =>
  taken.replay && page.possibleDuplicate ? { ...taken, replay: { ...taken.replay, possibleDuplicate: true } } : taken;

/** Outcomes of the given-up page that are not known to be told; its dead letter is, or there were no replay of it. */
export const owedBy = (state: AlertState, page: PageState): Fact[] =>
  owed({ ...state, pages: [page] }).map(({ outcome, traceparent }) => ({ outcome, traceparent }));
