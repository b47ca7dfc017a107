import type { AlertState, PageState } from '@pagebridge/contracts';
import { instant } from './event-time.ts';
import { withPage } from './page.ts';
import { closedThere } from './transitions.ts';

/** What a destination says of a page. The times are its own, in ms since the epoch. */
export interface ReadPage {
  readonly pageId: string;
  readonly destinationPageId: string;
  /** When a responder first took the page. */
  readonly acknowledgedAt?: number;
  /** When the page was closed there. */
  readonly closedAt?: number;
}

/**
 * Returns the state after a page was read back; the same object if that says nothing new.
 *
 * It only moves a page forward: an answer may be old, and come twice or after one that is newer. A page that is being
 * resolved or has ended stays as it is, since the destination then shows what Pagebridge did itself. Of a page and its backup
 * each ends alone.
 */
export const readBack = (state: AlertState, read: ReadPage, now: Date): AlertState =>
  withPage(state, read.pageId, now, (page) => {
    if (page.status !== 'delivered' || page.destinationPageId !== read.destinationPageId) return page;
    const taken = acknowledged(page, read, now);
    return read.closedAt === undefined ? taken : closedThere(taken, between(page, read.closedAt, now));
  });

function acknowledged(page: PageState, { acknowledgedAt }: ReadPage, now: Date): PageState {
  if (acknowledgedAt === undefined || page.acknowledged) return page;
  return { ...page, acknowledged: { at: between(page, acknowledgedAt, now), unreported: true } };
}

/** Returns a time of the destination as text. Its clock may be wrong, but nobody took or closed the page before it was there. */
const between = ({ deliveredAt, acceptedAt }: PageState, at: number, now: Date): string =>
  new Date(Math.min(now.getTime(), Math.max(at, instant(deliveredAt ?? acceptedAt)))).toISOString();
