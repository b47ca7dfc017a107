import type { AlertState, PageCommand, PageState } from '@pagebridge/contracts';
import { type OutcomeEvent, unreportedOf } from '../outcomes.ts';
import type { ReceivedCommand, Replay } from './decision.ts';

/**
 * Returns whether a replay is a new attempt of this page, which must have been given up.
 *
 * Any other known page stays unchanged: it was delivered, is still attempted, or its alert recovered. A page that the
 * same replay has already taken up stays unchanged too, because Kafka may deliver the replay again.
 */
export const isTakenUpAgain = (page: PageState, replay: Replay | undefined): boolean =>
  replay !== undefined && page.status === 'undeliverable' && page.replayedFrom !== replay.from;

/** Returns whether a replay pages beside an open page. A recovery ends both; a redelivered replay changes nothing. */
export const forcesNewPage = ({ replay }: ReceivedCommand<PageCommand>): boolean => replay?.forceNewPage ?? false;

export const without = (state: AlertState, page: PageState): AlertState => ({
  ...state,
  pages: state.pages.filter((other) => other !== page),
});

/** Marks a replay as a possible duplicate if the former attempt was one. */
export const inheriting = (received: ReceivedCommand<PageCommand>, page: PageState): ReceivedCommand<PageCommand> =>
  received.replay && page.possibleDuplicate
    ? { ...received, replay: { ...received.replay, possibleDuplicate: true } }
    : received;

/** Returns the unreported outcomes of a replayed page. Its dead letter is written: the replay was made from it. */
export const formerOutcomes = (state: AlertState, page: PageState): OutcomeEvent[] =>
  unreportedOf(state, page).map(({ outcome, traceparent }) => ({ outcome, traceparent }));
