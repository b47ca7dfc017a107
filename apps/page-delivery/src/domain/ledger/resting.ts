import type { AlertState, PageState } from '@pagebridge/contracts';
import { eventTime, instant } from '../event-time.ts';
import { isEnded } from '../page.ts';

interface Kept extends Omit<AlertState, 'sourceOrg' | 'alertKey' | 'pages'> {
  readonly pages: readonly KeptPage[];
}

type Needed = 'pageId' | 'connectionId' | 'teamId' | 'teamHandle' | 'urgency' | 'status' | 'alertEventId';
type KeptPage = { -readonly [Name in Needed]: PageState[Name] } & { -readonly [Name in Optional]?: PageState[Name] };
type Optional = Exclude<keyof PageState, Needed>;

/**
 * An alert at rest as text: only what a recovery, a re-trigger, a redelivery or a replay needs.
 *
 * A million of them may be held for days.
 */
export function rested({ sourceOrg: _org, alertKey: _key, pages, ...rest }: AlertState): string {
  const kept: Kept = { ...rest, pages: pages.map((page) => restedPage(page, rest.lastEventAt)) };
  return JSON.stringify(kept);
}

// Field by field, which is faster than spreads: this runs for each delivered page.
function restedPage(page: PageState, lastEventAt: string): KeptPage {
  const { pageId, connectionId, teamId, teamHandle, urgency, status, alertEventId } = page;
  const occurredAt = believedTime(page);
  const kept: KeptPage = { pageId, connectionId, teamId, teamHandle, urgency, status, alertEventId };
  // Most alerts page once, and have no later event.
  if (occurredAt !== lastEventAt) kept.occurredAt = occurredAt;
  if (!isEnded(page)) {
    if (page.triggeredAt !== occurredAt) kept.triggeredAt = page.triggeredAt;
    if (page.destinationPageId) kept.destinationPageId = page.destinationPageId;
    if (page.traceparent) kept.traceparent = page.traceparent;
  }
  if (page.possibleDuplicate) kept.possibleDuplicate = true;
  if (page.joined.length > 0) kept.joined = page.joined;
  if (page.replacedBy) kept.replacedBy = page.replacedBy;
  if (page.failedOverTo) kept.failedOverTo = page.failedOverTo;
  if (page.failoverOf) kept.failoverOf = page.failoverOf;
  if (page.replayedFrom) kept.replayedFrom = page.replayedFrom;
  if (page.reason) kept.reason = page.reason;
  return kept;
}

/** The event time of a page, so that `acceptedAt` need not be kept. */
function believedTime({ occurredAt, acceptedAt }: PageState): string {
  const believed = eventTime(occurredAt, new Date(acceptedAt));
  return believed.getTime() === instant(occurredAt) ? occurredAt : believed.toISOString();
}

/** The state again; `key` is `<sourceOrg>/<alertKey>`, and an org has no slash in its name. */
export function woken(key: string, text: string): AlertState {
  const slash = key.indexOf('/');
  const { pages, ...rest }: Kept = JSON.parse(text);
  return {
    sourceOrg: key.slice(0, slash),
    alertKey: key.slice(slash + 1),
    ...rest,
    pages: pages.map((page) => wokenPage(page, rest)),
  };
}

function wokenPage(page: KeptPage, { lastEventAt, updatedAt }: Pick<Kept, 'lastEventAt' | 'updatedAt'>): PageState {
  const { occurredAt = lastEventAt, status } = page;
  const wasDelivered = status === 'delivered' || status === 'resolved' || status === 'unresolved';
  const { triggeredAt = occurredAt, possibleDuplicate = false, joined = [], ...rest } = page;
  return {
    ...rest,
    ...{ occurredAt, triggeredAt, acceptedAt: occurredAt, nextAttemptAt: occurredAt, attempts: 1, resolveAttempts: 0 },
    ...{ possibleDuplicate, joined, unreported: [] },
    ...(wasDelivered ? { deliveredAt: updatedAt } : {}),
    ...(isEnded(page) ? { endedAt: updatedAt } : {}),
  };
}
