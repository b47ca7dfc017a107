import type { AlertState, PageState } from '@pagebridge/contracts';
import { instant, textOf } from './event-time.ts';
import { withPages } from './page.ts';
import { closedThere } from './transitions.ts';

/** What a destination says of a page. The times are its own, in ms since the epoch. */
export interface ReadPage {
  readonly connectionId: string;
  readonly destinationPageId: string;
  /** When a responder first took the page. */
  readonly acknowledgedAt?: number | undefined;
  /** When the page was closed there. */
  readonly closedAt?: number | undefined;
}

/**
 * Returns the state after a page was read back; the same object if that says nothing new.
 *
 * It only moves a page forward: an answer may be old, and come twice or after one that is newer. A page that is being
 * resolved or has ended stays as it is, since the destination then shows what Pagebridge did itself. Of a page and its backup
 * each ends alone.
 */
export const readBack = (state: AlertState, read: ReadPage, now: Date): AlertState =>
  withPages(state, now, (page) => (isOf(page, read) ? moved(page, read, now) : page));

const isOf = ({ status, connectionId, destinationPageId }: PageState, read: ReadPage): boolean =>
  status === 'delivered' && connectionId === read.connectionId && destinationPageId === read.destinationPageId;

function moved(page: PageState, { acknowledgedAt, closedAt }: ReadPage, now: Date): PageState {
  const isTaken = acknowledgedAt !== undefined && !page.acknowledged;
  const taken = isTaken
    ? { ...page, acknowledged: { at: between(page, acknowledgedAt, now), unreported: true } as const }
    : page;
  return closedAt === undefined ? taken : closedThere(taken, between(page, closedAt, now));
}

/** Returns a time of the destination as text. Its clock may be wrong, but nobody took or closed the page before it was accepted. */
const between = ({ acceptedAt }: PageState, at: number, now: Date): string =>
  textOf(new Date(Math.min(now.getTime(), Math.max(at, instant(acceptedAt)))));
