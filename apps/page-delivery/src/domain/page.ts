import type { AlertState, PageState, PageStatus } from '@pagebridge/contracts';
import { instant, textOf } from './event-time.ts';

/**
 * The life of a page: docs/reliability.md has each status, with what follows after a crash.
 *
 * `attempting` with `ending` is a page whose end was decided while its create was running: a success becomes `resolving`,
 * anything else `superseded`. A create whose answer was lost is `pending` with `possibleDuplicate`.
 */
export const endedStatuses: readonly PageStatus[] = ['resolved', 'unresolved', 'superseded', 'undeliverable'];

export type Step = 'create' | 'resolve';

export const isEnded = (page: Pick<PageState, 'status'>): boolean => endedStatuses.includes(page.status);

/** Whether a trigger can join it. */
export const isOpen = (page: PageState): boolean =>
  (page.status === 'pending' || page.status === 'attempting' || page.status === 'delivered') &&
  page.ending === undefined &&
  page.replacedBy === undefined;

/** The next step of a page; undefined while an attempt runs. */
export function workOf(page: PageState): Step | undefined {
  if (page.status === 'pending') return 'create';
  if (page.status === 'resolving') return 'resolve';
  return undefined;
}

/** A call is due, or is running. */
export const isBusy = (page: PageState): boolean => workOf(page) !== undefined || page.status === 'attempting';

/** The page without what only a call or a dead letter needs. */
export function bare({ content: _content, command: _command, failover: _failover, ...rest }: PageState): PageState {
  return rest;
}

/** Since when its next step has been waiting. */
export const waitingSince = (page: PageState): string =>
  page.status === 'resolving' ? (page.resolveRequestedAt ?? page.acceptedAt) : page.acceptedAt;

export const pageOf = (state: AlertState | undefined, pageId: string): PageState | undefined =>
  state?.pages.find((page) => page.pageId === pageId);

/** The state with one page changed; the same object if nothing changes. */
export function withPage(
  state: AlertState,
  pageId: string,
  now: Date,
  change: (page: PageState) => PageState,
): AlertState {
  let changed = false;
  const pages = state.pages.map((page) => {
    if (page.pageId !== pageId) return page;
    const after = change(page);
    changed ||= after !== page;
    return after;
  });
  return changed ? { ...state, pages, updatedAt: textOf(now) } : state;
}

/** The state after an event that happened then. */
export const touched = (state: AlertState, happened: string, now: Date): AlertState => ({
  ...state,
  lastEventAt: instant(state.lastEventAt) < instant(happened) ? happened : state.lastEventAt,
  updatedAt: textOf(now),
});

/** The pages with work in `after` that they did not have in `before`; a call to be made again counts. */
export function newWork(before: AlertState | undefined, after: AlertState): PageState[] {
  return after.pages.filter((page) => {
    const step = workOf(page);
    if (step === undefined) return false;
    const former = pageOf(before, page.pageId);
    return !former || workOf(former) !== step || former.resolveAttempts !== page.resolveAttempts;
  });
}
