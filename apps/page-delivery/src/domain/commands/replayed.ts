import type { AlertState, PageCommand, PageState } from '@pagebridge/contracts';
import { type OutcomeEvent, unreportedOutcomes } from '../outcomes.ts';
import type { ReceivedCommand, Replay } from './decision.ts';

/**
 * The replay of a dead letter is a new attempt of the page that was given up.
 *
 * Any other known page stays as it is: it was paged, or will be, or its alert recovered. So does one that the same replay
 * took up before, when Kafka delivers it again.
 */
export const isTakenUpAgain = (page: PageState, replay: Replay | undefined): boolean =>
  replay !== undefined && page.status === 'undeliverable' && page.replayedFrom !== replay.from;

/** Whether a replay pages beside an open page. A recovery ends both; the same replay read again changes nothing. */
export const pagesAnew = ({ replay }: ReceivedCommand<PageCommand>): boolean => replay?.pageAnew ?? false;

export const without = (state: AlertState, page: PageState): AlertState => ({
  ...state,
  pages: state.pages.filter((other) => other !== page),
});

/** A new attempt is a possible duplicate where the former one was. */
export const inheriting = (received: ReceivedCommand<PageCommand>, page: PageState): ReceivedCommand<PageCommand> =>
  received.replay && page.possibleDuplicate
    ? { ...received, replay: { ...received.replay, possibleDuplicate: true } }
    : received;

/** The unreported outcomes of the page that was given up; its dead letter is written, since this is its replay. */
export const unreportedOf = (state: AlertState, page: PageState): OutcomeEvent[] =>
  unreportedOutcomes({ ...state, pages: [page] }).map(({ outcome, traceparent }) => ({ outcome, traceparent }));
