import { type ListedOutcome, maxErrorLength, type PageState } from '@pagebridge/contracts';
import { type DeadLetterReason, type EndReason, reasonOf } from '@pagebridge/vocabulary';
import { textOf } from './event-time.ts';
import { bare } from './page.ts';

export type SupersededReason = Extract<EndReason, NonNullable<PageState['ending']>>;
/** The reasons to give a page up without a call. */
export type GiveUpReason = Of<'too-old' | 'connection-unknown' | 'connection-disabled' | 'connection-foreign'>;
export type UndeliverableReason = GiveUpReason | Of<'rejected' | 'bad-answer' | 'too-many-pages' | 'unwritable'>;
export type UnresolvedReason = GiveUpReason | 'rejected' | Extract<EndReason, 'no-page-id'>;
type Of<Reason extends DeadLetterReason> = Reason;

/** Returns the text as one line, cut to the length that the ledger permits. */
export const cut = (text: string): string =>
  text
    .slice(0, maxErrorLength)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ');

const unreported = (page: PageState, outcome: ListedOutcome): ListedOutcome[] => [...page.unreported, outcome];

/** Marks a page as delivered, and drops what only its call needed. */
export function delivered(page: PageState, destinationPageId: string, now: Date): PageState {
  const { ending: _ending, lastError: _lastError, badAnswers: _badAnswers, ...rest } = bare(page);
  return {
    ...rest,
    status: 'delivered',
    destinationPageId,
    deliveredAt: textOf(now),
    unreported: unreported(page, 'delivered'),
  };
}

/** Marks a delivered page as resolving; a page without a page id of the destination becomes unresolved. */
export function resolving(page: PageState, now: Date): PageState {
  if (!page.destinationPageId) return unresolved(page, 'no-page-id', 'The destination never returned a page id.', now);
  return { ...page, status: 'resolving', nextAttemptAt: textOf(now), resolveRequestedAt: textOf(now) };
}

export const resolved = (page: PageState, now: Date): PageState => ({
  ...ended(page, now),
  status: 'resolved',
  unreported: unreported(page, 'resolved'),
});

/** Ends a page that a responder closed in the destination while its alert fires. */
export const closedThere = (page: PageState, at: string): PageState => ({
  ...page,
  status: 'resolved',
  endedAt: at,
  reason: 'closed-there' satisfies EndReason,
  unreported: unreported(page, 'resolved'),
});

export const unresolved = (page: PageState, reason: UnresolvedReason, detail: string, now: Date): PageState => ({
  ...ended(page, now),
  status: 'unresolved',
  reason,
  lastError: cut(detail),
  unreported: unreported(page, 'unresolved'),
});

const mayExist = 'A call without a response may have created a page, which Pagebridge cannot resolve.';
export function superseded(page: PageState, reason: SupersededReason, now: Date): PageState {
  const { cause } = reasonOf(reason);
  return {
    ...bare(ended(page, now)),
    status: 'superseded',
    reason,
    lastError: page.possibleDuplicate ? `${cause} ${mayExist}` : cause,
    unreported: unreported(page, 'superseded'),
  };
}

/** Marks a page as given up. The position of its command stays until the dead letter is written. */
export const undeliverable = (page: PageState, reason: UndeliverableReason, detail: string, now: Date): PageState => ({
  ...ended(page, now),
  status: 'undeliverable',
  reason,
  lastError: cut(detail),
  unreported: unreported(page, 'undeliverable'),
});

function ended(page: PageState, now: Date): PageState {
  const { ending: _ending, badAnswers: _badAnswers, ...rest } = page;
  return { ...rest, endedAt: textOf(now) };
}
