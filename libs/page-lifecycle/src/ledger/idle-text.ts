import type { AlertState, PageState } from '@pagebridge/contracts';
import type { EndReason } from '@pagebridge/vocabulary';
import { eventTime, instant } from '../event-time.ts';
import { isBusy, isEnded } from '../page.ts';

interface Kept extends Omit<AlertState, 'sourceOrg' | 'alertKey' | 'pages'> {
  readonly pages: readonly KeptPage[];
}

type Needed = 'pageId' | 'connectionId' | 'teamId' | 'teamHandle' | 'urgency' | 'status' | 'alertEventId';
type KeptPage = { -readonly [Name in Needed]: PageState[Name] } & { -readonly [Name in Optional]?: PageState[Name] };
type Optional = Exclude<keyof PageState, Needed>;

/**
 * Returns an idle alert as text: waiting pages whole, other pages with only the fields that a recovery, re-trigger,
 * redelivery or replay needs.
 *
 * An instance may hold a million of these texts for days.
 */
export function toIdleText({ sourceOrg: _org, alertKey: _key, pages, ...rest }: AlertState): string {
  const kept: Kept = { ...rest, pages: pages.map((page) => idlePage(page, rest.lastEventAt)) };
  return JSON.stringify(kept);
}

function idlePage(page: PageState, lastEventAt: string): KeptPage {
  if (isBusy(page)) return page;
  // Copies field by field, which is faster than spreads: this runs for each delivered page.
  const { pageId, connectionId, teamId, teamHandle, urgency, status, alertEventId } = page;
  const occurredAt = effectiveTime(page);
  const kept: KeptPage = { pageId, connectionId, teamId, teamHandle, urgency, status, alertEventId };
  // The times are equal for most alerts, which page once and have no later event.
  if (occurredAt !== lastEventAt) kept.occurredAt = occurredAt;
  if (!isEnded(page)) {
    if (page.triggeredAt !== occurredAt) kept.triggeredAt = page.triggeredAt;
    if (page.triggerRecord) kept.triggerRecord = page.triggerRecord;
    if (page.destinationPageId) kept.destinationPageId = page.destinationPageId;
    if (page.traceparent) kept.traceparent = page.traceparent;
    if (page.acknowledged) kept.acknowledged = page.acknowledged;
  } else if (page.reason === closedThere) {
    // Repeats without news ask when it was closed, and in which firing.
    if (page.endedAt) kept.endedAt = page.endedAt;
    if (page.triggeredAt !== occurredAt) kept.triggeredAt = page.triggeredAt;
    if (page.triggerRecord) kept.triggerRecord = page.triggerRecord;
  }
  if (page.possibleDuplicate) kept.possibleDuplicate = true;
  if (page.joined.length > 0) kept.joined = page.joined;
  if (page.replacedBy) kept.replacedBy = page.replacedBy;
  if (page.failedOverTo) {
    kept.failedOverTo = page.failedOverTo;
    // The page of the backup names it.
    if (page.lastError) kept.lastError = page.lastError;
  }
  if (page.failoverOf) kept.failoverOf = page.failoverOf;
  if (page.replayedFrom) kept.replayedFrom = page.replayedFrom;
  if (page.reason) kept.reason = page.reason;
  return kept;
}

const closedThere: EndReason = 'closed-there';

/** Returns the event time of a page as `eventTime` corrects it, so that `acceptedAt` need not be stored. */
function effectiveTime({ occurredAt, acceptedAt }: PageState): string {
  const effective = eventTime(occurredAt, new Date(acceptedAt));
  return effective.getTime() === instant(occurredAt) ? occurredAt : effective.toISOString();
}

/** Parses the text to a state. `key` is `<sourceOrg>/<alertKey>`, and an org id has no slash. */
export function fromIdleText(key: string, text: string): AlertState {
  const slash = key.indexOf('/');
  const { pages, ...rest }: Kept = JSON.parse(text);
  return {
    sourceOrg: key.slice(0, slash),
    alertKey: key.slice(slash + 1),
    ...rest,
    pages: pages.map((page) => activePage(page, rest)),
  };
}

function activePage(page: KeptPage, { lastEventAt, updatedAt }: Pick<Kept, 'lastEventAt' | 'updatedAt'>): PageState {
  const { occurredAt = lastEventAt, acceptedAt = occurredAt, status } = page;
  const wasDelivered = status === 'delivered' || status === 'resolved' || status === 'unresolved';
  return {
    ...{ occurredAt, triggeredAt: occurredAt, acceptedAt, nextAttemptAt: acceptedAt },
    ...{ attempts: 1, resolveAttempts: 0, possibleDuplicate: false, joined: [], unreported: [] },
    ...(wasDelivered ? { deliveredAt: updatedAt } : {}),
    ...(isEnded(page) ? { endedAt: updatedAt } : {}),
    ...page,
  };
}
