import { type AlertState, type Connection, defaultFailoverSeconds, type PageState } from '@pagebridge/contracts';
import { withNew } from '../commands/room.ts';
import { instant } from '../event-time.ts';
import { pageOf, withPage } from '../page.ts';
import { superseded } from '../transitions.ts';
import { backupOf } from './backup.ts';
import { peersOf } from './failover-group.ts';

export type ConnectionOf = (connectionId: string) => Connection | undefined;

/**
 * Adds the backup of a page that has failed often enough, has waited long enough, or was refused for good.
 *
 * Both are attempted, and once one is accepted, the other is cancelled (`callOffPeers`). Both are in one record, so
 * that no crash loses one of them. A page fails over once, and once more for each replay; a backup has no backup. If
 * the backup's connection is disabled or unknown, the page does not fail over yet; its deadline tries again.
 */
export function failOver(state: AlertState, pageId: string, connectionOf: ConnectionOf, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (!page?.failover || page.failedOverTo || !failoverCauseOf(page, now)) return state;
  const connection = connectionOf(page.failover.connectionId);
  if (!connection?.enabled || connection.sourceOrg !== state.sourceOrg) return state;
  if (peersOf(state, page).length > 0) return state;
  const backup = backupOf(state, page, page.failover, now, connectionOf(page.connectionId)?.slug);
  // It may have been tried already, if Kafka refused the alert and the command of the page was delivered again.
  if (pageOf(state, backup.pageId)) return state;
  const marked = withPage(state, pageId, now, (first) => ({ ...first, failedOverTo: backup.pageId }));
  return { ...marked, pages: withNew(marked.pages, backup) };
}

export type FailoverCause = 'refused' | 'too-old' | 'failures' | 'seconds';

/** Returns why a page fails over; undefined while it does not. */
export function failoverCauseOf(page: PageState, now: Date): FailoverCause | undefined {
  const { failover, status, reason, attempts } = page;
  if (!failover) return undefined;
  // A deliberate action of the source org, such as disabling the connection, does not page the backup.
  if (status === 'undeliverable') return causeOfReason[reason ?? ''];
  if (status !== 'pending') return undefined;
  if (attempts >= (failover.afterFailures ?? Number.POSITIVE_INFINITY)) return 'failures';
  return now.getTime() >= failsOverAt(page) ? 'seconds' : undefined;
}

/** Returns when a page fails over that its destination has not accepted until then, in ms since the epoch. */
export const failsOverAt = ({ acceptedAt, failover }: PageState): number =>
  instant(acceptedAt) + (failover?.afterSeconds ?? defaultFailoverSeconds) * 1000;

const causeOfReason: Readonly<Record<string, FailoverCause>> = {
  rejected: 'refused',
  'bad-answer': 'refused',
  'too-old': 'too-old',
};

/** Cancels the other pages of a failover group once one of them is delivered. */
export function callOffPeers(state: AlertState, pageId: string, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (page?.status !== 'delivered') return state;
  return peersOf(state, page).reduce(
    (after, peer) => withPage(after, peer.pageId, now, (known) => calledOff(known, now)),
    state,
  );
}

function calledOff(page: PageState, now: Date): PageState {
  const reason = page.failoverOf ? 'not-needed' : 'failed-over';
  if (page.status === 'pending') return superseded(page, reason, now);
  // The answer of the call in flight decides whether there is a page to resolve.
  return page.status === 'attempting' && page.ending !== 'recovered' ? { ...page, ending: reason } : page;
}
