import { mostErrorLength, type OutcomeKind, type PageState } from '@pagebridge/contracts';
import { textOf } from './event-time.ts';
import { bare } from './page.ts';

export type SupersededReason = NonNullable<PageState['ending']>;
/** Why a page is given up without a call. */
export type GiveUpReason = 'too-old' | 'connection-unknown' | 'connection-disabled' | 'connection-foreign';
export type UndeliverableReason = GiveUpReason | 'rejected' | 'bad-answer' | 'too-many-pages' | 'unwritable';
export type UnresolvedReason = GiveUpReason | 'rejected' | 'no-page-id';

/** One line, cut to the room that the ledger has. */
export const cut = (text: string): string =>
  text
    .slice(0, mostErrorLength)
    .toWellFormed()
    .replace(/\p{Cc}/gu, ' ');

const unreported = (page: PageState, outcome: OutcomeKind): OutcomeKind[] => [...page.unreported, outcome];

/** The page that the destination accepted; its content is not needed any more. */
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

/** A delivered page that is to be resolved. */
export function resolving(page: PageState, now: Date): PageState {
  if (!page.destinationPageId) return unresolved(page, 'no-page-id', 'The destination never named the page.', now);
  return { ...page, status: 'resolving', nextAttemptAt: textOf(now), resolveRequestedAt: textOf(now) };
}

export const resolved = (page: PageState, now: Date): PageState => ({
  ...ended(page, now),
  status: 'resolved',
  unreported: unreported(page, 'resolved'),
});

export const unresolved = (page: PageState, reason: UnresolvedReason, detail: string, now: Date): PageState => ({
  ...ended(page, now),
  status: 'unresolved',
  reason,
  lastError: cut(detail),
  unreported: unreported(page, 'unresolved'),
});

const ghost = 'A call whose answer was lost may have made a page that nobody can resolve from here.';
const whySuperseded: Record<SupersededReason, string> = {
  recovered: 'The alert had recovered.',
  replaced: 'A more urgent page of the same alert took its place.',
  'failed-over': 'It was not accepted in time, and its backup was.',
  'not-needed': 'The page that it was the backup of was accepted.',
};

export function superseded(page: PageState, reason: SupersededReason, now: Date): PageState {
  return {
    ...bare(ended(page, now)),
    status: 'superseded',
    reason,
    lastError: page.possibleDuplicate ? `${whySuperseded[reason]} ${ghost}` : whySuperseded[reason],
    unreported: unreported(page, 'superseded'),
  };
}

/** Given up. Content and command stay until the dead letter is written. */
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
