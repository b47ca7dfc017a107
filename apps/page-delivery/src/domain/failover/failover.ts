import type { AlertState, Connection, PageState } from '@pagebridge/contracts';
import { withNew } from '../commands/room.ts';
import { rivalsOf } from '../commands/story.ts';
import { instant } from '../event-time.ts';
import { pageOf, withPage } from '../page.ts';
import { superseded } from '../transitions.ts';
import { backupOf } from './backup.ts';

export type ConnectionOf = (connectionId: string) => Connection | undefined;

/**
 * Raises the backup of a page that has failed so often, or has waited so long, or was refused for good; same input, same
 * answer. The first goes on trying beside it: whichever is accepted calls the other off (`callOffRivals`).
 *
 * Both stand in one record, so that no crash leaves one without the other. Once for each page and each replay of it. A
 * backup has no backup. Where the backup's connection is disabled or unknown the page waits on, and this is asked again.
 */
export function failOver(state: AlertState, pageId: string, connectionOf: ConnectionOf, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (!page?.failover || page.failedOverTo || !failoverCauseOf(page, now)) return state;
  const connection = connectionOf(page.failover.connectionId);
  if (!connection?.enabled || connection.sourceOrg !== state.sourceOrg) return state;
  if (rivalsOf(state, page).length > 0) return state;
  const backup = backupOf(state, page, page.failover, now, connectionOf(page.connectionId)?.slug);
  const marked = withPage(state, pageId, now, (first) => ({ ...first, failedOverTo: backup.pageId }));
  return { ...marked, pages: withNew(marked.pages, backup) };
}

/** The backups that a change raised. */
export const backupsRaised = (before: AlertState | undefined, after: AlertState | undefined): PageState[] =>
  before === after ? [] : (after?.pages ?? []).filter((page) => page.failoverOf && !pageOf(before, page.pageId));

export type FailoverCause = 'refused' | 'too-old' | 'failures' | 'seconds';

/** Why a page is to fail over, or did; undefined while it is not due. */
export function failoverCauseOf(page: PageState, now: Date): FailoverCause | undefined {
  const { failover, status, reason, attempts, acceptedAt } = page;
  if (!failover) return undefined;
  // What its own side did on purpose, as disabling the connection, wakes nobody else.
  if (status === 'undeliverable') return causeOfReason[reason ?? ''];
  if (status !== 'pending') return undefined;
  const { afterFailures = Number.POSITIVE_INFINITY, afterSeconds = Number.POSITIVE_INFINITY } = failover;
  if (attempts >= afterFailures) return 'failures';
  return now.getTime() - instant(acceptedAt) >= afterSeconds * 1000 ? 'seconds' : undefined;
}

const causeOfReason: Readonly<Record<string, FailoverCause>> = {
  rejected: 'refused',
  'bad-answer': 'refused',
  'too-old': 'too-old',
};

/** Of a page and its backup one has been accepted: the other is not needed any more, wherever it stands. */
export function callOffRivals(state: AlertState, pageId: string, now: Date): AlertState {
  const page = pageOf(state, pageId);
  if (page?.status !== 'delivered') return state;
  return rivalsOf(state, page).reduce(
    (after, rival) => withPage(after, rival.pageId, now, (known) => calledOff(known, now)),
    state,
  );
}

function calledOff(page: PageState, now: Date): PageState {
  const reason = page.failoverOf ? 'not-needed' : 'failed-over';
  if (page.status === 'pending') return superseded(page, reason, now);
  // Under way: whether there is something to resolve is known when its answer comes.
  return page.status === 'attempting' && page.ending !== 'recovered' ? { ...page, ending: reason } : page;
}
