import { hash } from 'node:crypto';
import type { AlertState, PageState } from '@pagebridge/contracts';
import { failoverGroupOf } from './failover-group.ts';

type Failover = NonNullable<PageState['failover']>;

/**
 * Returns the page for the backup's team, with the text of the same command.
 *
 * Its id is derived from the first page, the team, and the replay of the first page, so that a second failover of the
 * same page creates the same backup.
 */
export function backupOf(state: AlertState, first: PageState, failover: Failover, now: Date, slug?: string): PageState {
  const { connectionId, teamId, teamHandle } = failover;
  const pageId = idOf([first.pageId, connectionId, teamId, first.replayedFrom ?? '']);
  const mayExist = failoverGroupOf(state, first.pageId).some((page) => page.failoverOf && page.possibleDuplicate);
  return {
    pageId,
    connectionId,
    teamId,
    teamHandle,
    urgency: first.urgency,
    status: 'pending',
    alertEventId: first.alertEventId,
    occurredAt: first.occurredAt,
    triggeredAt: first.triggeredAt,
    ...(first.triggerRecord ? { triggerRecord: first.triggerRecord } : {}),
    acceptedAt: now.toISOString(),
    attempts: 0,
    resolveAttempts: 0,
    nextAttemptAt: now.toISOString(),
    possibleDuplicate: mayExist,
    joined: [],
    unreported: [],
    ...(first.traceparent ? { traceparent: first.traceparent } : {}),
    ...(first.commandRecord ? { commandRecord: first.commandRecord } : {}),
    ...(first.title === undefined ? {} : { title: first.title }),
    failoverOf: {
      pageId: first.pageId,
      connectionId: first.connectionId,
      teamId: first.teamId,
      teamHandle: first.teamHandle,
      ...(slug ? { slug } : {}),
    },
  };
}

// Built like the page ids of page-routing, from other parts.
const idOf = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
