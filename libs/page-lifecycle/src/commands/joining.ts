import { type PageState, timeOfEvent } from '@pagebridge/contracts';
import { isSameFailoverGroup, type Named } from '../failover/failover-group.ts';

type Addressed = Pick<PageState, 'connectionId' | 'teamId' | 'failoverOf'>;
type Triggered = Named & Addressed & Pick<PageState, 'urgency'>;
/** What decides of a page whether a trigger joins it. */
type Joinable = Triggered &
  Pick<
    PageState,
    'status' | 'ending' | 'replacedBy' | 'joined' | 'occurredAt' | 'triggeredAt' | 'acceptedAt' | 'acknowledged'
  >;

/** Returns whether a trigger can join the page. */
export const isOpen = ({ status, ending, replacedBy }: Pick<PageState, 'status' | 'ending' | 'replacedBy'>): boolean =>
  ['pending', 'attempting', 'delivered'].includes(status) && ending === undefined && replacedBy === undefined;

/** Returns the latest open page for the team of a trigger; a page that failed over takes precedence over its backup. */
export const latestOpen = <Page extends Joinable>(pages: readonly Page[], trigger: Triggered): Page | undefined =>
  pages
    .filter((page) => isOpen(page) && isForSameTeam(page, trigger) && !isRacing(page, trigger))
    .toSorted((a, b) => pagedAt(a) - pagedAt(b) || (a.failoverOf ? -1 : 1))
    .at(-1);

/** An urgent trigger replaces an open warning, unless it is older. */
export const isMoreUrgent = (open: Joinable, { urgency }: Triggered, happenedAt: number): boolean =>
  urgency === 'high' && open.urgency === 'low' && happenedAt >= Date.parse(open.triggeredAt);

/** Returns whether a trigger joins an open page of its team instead of paging it. */
export function joins(open: Joinable, trigger: Triggered, happenedAt: number, reopenAfterMs: number): boolean {
  if (isMoreUrgent(open, trigger, happenedAt)) return false;
  // A page that is not delivered yet will wake the responders as well as a new page would.
  if (open.status !== 'delivered') return true;
  // Who has just taken the page is not woken again.
  const takenAt = open.acknowledged ? Date.parse(open.acknowledged.at) : Number.NEGATIVE_INFINITY;
  return happenedAt - Math.max(pagedAt(open), takenAt) < reopenAfterMs;
}

/** Returns whether two pages are for the same team. A backup counts for the team of the page that it backs. */
export function isForSameTeam(a: Addressed, b: Addressed): boolean {
  const [one, other] = [a.failoverOf ?? a, b.failoverOf ?? b];
  return one.connectionId === other.connectionId && one.teamId === other.teamId;
}

// A replayed page does not join its backup, nor a replayed backup its page: both are attempted until one is accepted.
const isRacing = (page: Joinable, trigger: Named): boolean =>
  isSameFailoverGroup(page, trigger) && page.status !== 'delivered';

// The time of the page's own trigger, without those that joined, so that an alert that keeps re-triggering pages again.
const pagedAt = ({ occurredAt, acceptedAt }: Joinable): number => timeOfEvent(occurredAt, Date.parse(acceptedAt));
