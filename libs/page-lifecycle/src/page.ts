import type { AlertRecord, AlertState, Occurrence, PageState, PageStatus } from '@pagebridge/contracts';
import { instant, textOf } from './event-time.ts';

/**
 * What the next owner of the partition does with a page of each status if the process dies. The README has a table of what
 * changes them.
 *
 * - `pending`: must be created; no call is running. It is attempted, tagged only if an earlier call may have created the page
 *   (`possibleDuplicate`).
 * - `attempting`: a create may have been sent. Its answer is lost: it is attempted again, tagged as a possible duplicate. With
 *   `ending`, its end was decided meanwhile: a success makes it resolving, another answer superseded.
 * - `delivered`: the destination accepted it. Nothing is to be done.
 * - `resolving`: must be resolved; a call may have been sent. It is called again: resolving twice is harmless.
 *
 * Four are ends, whose outcomes the next owner publishes if they are still listed as unreported:
 *
 * - `resolved`: in the destination.
 * - `unresolved`: delivered, but the destination cannot be called to resolve it.
 * - `superseded`: not known to exist in the destination when its alert recovered, a more urgent page replaced it, or its
 *   backup, or the page that it backs, was accepted.
 * - `undeliverable`: given up, with a dead letter, whose replay makes it pending again.
 */
export const endedStatuses: readonly PageStatus[] = ['resolved', 'unresolved', 'superseded', 'undeliverable'];

/** What a call asks of the destination. */
export type CallKind = 'create' | 'resolve';

export const isEnded = (page: Pick<PageState, 'status'>): boolean => endedStatuses.includes(page.status);

/** Returns which call is due for a page; undefined if none is, or a create is in flight. */
export function workOf(page: PageState): CallKind | undefined {
  if (page.status === 'pending') return 'create';
  if (page.status === 'resolving') return 'resolve';
  return undefined;
}

/** Returns whether a call for the page is due or in flight. */
export const isBusy = (page: PageState): boolean => workOf(page) !== undefined || page.status === 'attempting';

/** Returns the page without the fields that only a call, its outcome or a dead letter needs. */
export function bare(page: PageState): PageState {
  const {
    commandRecord: _record,
    title: _title,
    failover: _failover,
    joinedAt: _joinedAt,
    call: _call,
    ...rest
  } = page;
  return rest;
}

/** Returns the page without its last call; the same object if it has none. */
export function withoutCall(page: PageState): PageState {
  if (!page.call) return page;
  const { call: _call, ...rest } = page;
  return rest;
}

/** Returns since when the page waits for its call, in ms since the epoch, which includes the time of its command in Kafka. */
export const waitingSince = (page: PageState): number => instant(waitsFrom(page));

const waitsFrom = (page: PageState): string =>
  page.status === 'resolving' ? (page.resolveRequestedAt ?? page.acceptedAt) : orderedAt(page);

// The younger of command and latest trigger counts, so that no clock that is behind makes a page old (ADR 24).
function orderedAt({ commandRecord, triggeredAt, acceptedAt, replayedFrom, failoverOf }: PageState): string {
  // A replay and a backup are new attempts, with the times of the first.
  if (!commandRecord || replayedFrom || failoverOf) return acceptedAt;
  const { time } = commandRecord;
  const younger = instant(time) > instant(triggeredAt) ? time : triggeredAt;
  return instant(younger) < instant(acceptedAt) ? younger : acceptedAt;
}

/** Returns the time from which the age of the page counts. A trigger that joins a waiting page makes it as young as itself. */
export const agesFrom = (page: PageState): string =>
  page.status === 'resolving' ? waitsFrom(page) : (page.joinedAt ?? waitsFrom(page));

export const triggerOf = (page: PageState): Occurrence => ({
  at: instant(page.triggeredAt),
  record: page.triggerRecord,
});

/** Returns the latest recovery of an alert, infinitely long ago if there was none. */
export const recoveryOf = ({ recoveredAt, recoveryRecord: record }: AlertState): Occurrence =>
  recoveredAt ? { at: instant(recoveredAt), record } : { at: Number.NEGATIVE_INFINITY };

/** Returns the state in a record of the ledger. */
export const stateIn = ({ write: _write, outcomeWatermark: _watermark, ...state }: AlertRecord): AlertState => state;

export const pageOf = (state: AlertState | undefined, pageId: string): PageState | undefined =>
  state?.pages.find((page) => page.pageId === pageId);

/** Changes one page of a state. Returns the same object if nothing changes. */
export const withPage = (
  state: AlertState,
  pageId: string,
  now: Date,
  change: (page: PageState) => PageState,
): AlertState => withPages(state, now, (page) => (page.pageId === pageId ? change(page) : page));

/** Changes pages of a state. Returns the same object if nothing changes. */
export function withPages(state: AlertState, now: Date, change: (page: PageState) => PageState): AlertState {
  const pages = state.pages.map(change);
  const isChanged = pages.some((page, n) => page !== state.pages[n]);
  return isChanged ? { ...state, pages, updatedAt: textOf(now) } : state;
}

/** Returns the state after an event at the time `happened`. */
export const touched = (state: AlertState, happened: string, now: Date): AlertState => ({
  ...state,
  lastEventAt: instant(state.lastEventAt) < instant(happened) ? happened : state.lastEventAt,
  updatedAt: textOf(now),
});
