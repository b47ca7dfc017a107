import type { AlertState, PageState } from '@pagebridge/contracts';
import { isEnded, withPage } from './page.ts';
import { resolving } from './transitions.ts';

/** The reason of a page that was resolved because its connection is being deleted. */
export const connectionDeleted = 'connection-deleted';

/**
 * Marks the delivered pages over a connection as resolving. Returns the same object if there are none.
 *
 * Waiting pages are given up elsewhere, since the connection is disabled. A create in flight may deliver a page later.
 */
export const drained = (state: AlertState, connectionId: string, now: Date): AlertState =>
  state.pages
    .filter((page) => page.connectionId === connectionId && page.status === 'delivered')
    .reduce((after, { pageId }) => withPage(after, pageId, now, (page) => withReason(resolving(page, now))), state);

const withReason = (page: PageState): PageState =>
  page.status === 'resolving' ? { ...page, reason: connectionDeleted } : page;

/** The numbers of pages over a connection: not ended, resolved because of its deletion, and unresolved. */
export interface Tally {
  readonly open: number;
  readonly resolved: number;
  readonly unresolved: number;
}

const nothing: Tally = { open: 0, resolved: 0, unresolved: 0 };

/** Returns these numbers for an alert, added to those of others. */
export function tallyOf({ pages }: Pick<AlertState, 'pages'>, connectionId: string, others = nothing): Tally {
  const over = pages.filter((page) => page.connectionId === connectionId);
  const count = (holds: (page: PageState) => boolean): number => over.filter(holds).length;
  return {
    open: others.open + count((page) => !isEnded(page)),
    resolved: others.resolved + count(({ status, reason }) => status === 'resolved' && reason === connectionDeleted),
    unresolved: others.unresolved + count(({ status }) => status === 'unresolved'),
  };
}
