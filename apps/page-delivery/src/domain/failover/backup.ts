import { hash } from 'node:crypto';
import type { AlertState, PageState } from '@pagebridge/contracts';
import { storyOf } from '../commands/story.ts';

type Failover = NonNullable<PageState['failover']>;

/**
 * The page that a backup's team gets instead, with the same words; what it stands in for is said when it is sent.
 *
 * Its id is that of the first page, of the team, and of the replay that made the first a new attempt: whoever raises it
 * again raises the same page.
 */
export function backupOf(state: AlertState, first: PageState, failover: Failover, now: Date, slug?: string): PageState {
  const { connectionId, teamId, teamHandle } = failover;
  const pageId = idOf([first.pageId, connectionId, teamId, first.replayedFrom ?? '']);
  const mayExist = storyOf(state, first.pageId).some((page) => page.failoverOf && page.possibleDuplicate);
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
    acceptedAt: now.toISOString(),
    attempts: 0,
    resolveAttempts: 0,
    nextAttemptAt: now.toISOString(),
    possibleDuplicate: mayExist,
    joined: [],
    unreported: [],
    ...(first.traceparent ? { traceparent: first.traceparent } : {}),
    ...(first.content ? { content: first.content } : {}),
    ...(first.command ? { command: { ...first.command, id: pageId } } : {}),
    failoverOf: {
      pageId: first.pageId,
      connectionId: first.connectionId,
      teamId: first.teamId,
      teamHandle: first.teamHandle,
      ...(slug ? { slug } : {}),
    },
  };
}

// As routing makes its ids, from other parts.
const idOf = (parts: readonly string[]): string => hash('sha256', JSON.stringify(parts), 'hex').slice(0, 32);
