import type { AlertState, PageState } from '@pagebridge/contracts';
import { eventTime } from '../event-time.ts';
import { isEnded } from '../page.ts';

interface Kept extends Omit<AlertState, 'sourceOrg' | 'alertKey' | 'pages'> {
  readonly pages: readonly KeptPage[];
}

type Needed =
  | 'pageId'
  | 'connectionId'
  | 'teamId'
  | 'teamHandle'
  | 'urgency'
  | 'status'
  | 'alertEventId'
  | 'occurredAt';
type KeptPage = Pick<PageState, Needed> & Partial<Omit<PageState, Needed>>;

/**
 * An alert at rest as text: what a recovery, a re-trigger, a redelivery or a replay may ask of it, and no more.
 *
 * A million of them may be held for days. What only an attempt needed is dropped: how often it was made, what it met, when it was answered.
 */
export function rested({ sourceOrg: _org, alertKey: _key, pages, ...rest }: AlertState): string {
  const kept: Kept = { ...rest, pages: pages.map(restedPage) };
  return JSON.stringify(kept);
}

function restedPage(page: PageState): KeptPage {
  const { pageId, connectionId, teamId, teamHandle, urgency, status, alertEventId, triggeredAt } = page;
  // When it paged, as far as its source can be believed: what else says so is not needed then.
  const occurredAt = eventTime(page.occurredAt, new Date(page.acceptedAt)).toISOString();
  return {
    ...{ pageId, connectionId, teamId, teamHandle, urgency, status, alertEventId, occurredAt },
    ...(triggeredAt === occurredAt || isEnded(page) ? {} : { triggeredAt }),
    ...(isEnded(page) ? {} : onlyWhileOpen(page)),
    ...(page.possibleDuplicate ? { possibleDuplicate: true } : {}),
    ...(page.joined.length > 0 ? { joined: page.joined } : {}),
    ...(page.replacedBy ? { replacedBy: page.replacedBy } : {}),
    ...(page.failedOverTo ? { failedOverTo: page.failedOverTo } : {}),
    ...(page.failoverOf ? { failoverOf: page.failoverOf } : {}),
    ...(page.replayedFrom ? { replayedFrom: page.replayedFrom } : {}),
    ...(page.reason ? { reason: page.reason } : {}),
  };
}

const onlyWhileOpen = ({ destinationPageId, traceparent }: PageState) => ({
  ...(destinationPageId ? { destinationPageId } : {}),
  ...(traceparent ? { traceparent } : {}),
});

/** The alert as it is worked with; `key` is `<sourceOrg>/<alertKey>`, and an org has no slash in its name. */
export function woken(key: string, text: string): AlertState {
  const slash = key.indexOf('/');
  const { pages, ...rest }: Kept = JSON.parse(text);
  return {
    sourceOrg: key.slice(0, slash),
    alertKey: key.slice(slash + 1),
    ...rest,
    pages: pages.map((page) => wokenPage(page, rest.updatedAt)),
  };
}

function wokenPage(page: KeptPage, updatedAt: string): PageState {
  const { occurredAt, status } = page;
  const wasDelivered = status === 'delivered' || status === 'resolved' || status === 'unresolved';
  const { triggeredAt = occurredAt, possibleDuplicate = false, joined = [], ...rest } = page;
  return {
    ...rest,
    ...{ triggeredAt, acceptedAt: occurredAt, nextAttemptAt: occurredAt, attempts: 1, resolveAttempts: 0 },
    ...{ possibleDuplicate, joined, unreported: [] },
    ...(wasDelivered ? { deliveredAt: updatedAt } : {}),
    ...(isEnded(page) ? { endedAt: updatedAt } : {}),
  };
}
