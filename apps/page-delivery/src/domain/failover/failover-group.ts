import type { AlertState, PageState } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';

type Named = Pick<PageState, 'pageId' | 'failoverOf'>;
type Addressed = Pick<PageState, 'connectionId' | 'teamId' | 'failoverOf'>;

/** A page and its backups are one failover group, identified by the id of the page that fails over. */
export const failoverGroupId = ({ pageId, failoverOf }: Named): string => failoverOf?.pageId ?? pageId;

export const isSameFailoverGroup = (a: Named, b: Named): boolean => failoverGroupId(a) === failoverGroupId(b);

/** Returns the pages of a failover group, of which only one is to stay open. */
export const failoverGroupOf = (state: AlertState, id: string): PageState[] =>
  state.pages.filter((page) => failoverGroupId(page) === id);

export const peersOf = (state: AlertState, page: PageState): PageState[] =>
  failoverGroupOf(state, failoverGroupId(page)).filter((other) => other.pageId !== page.pageId && !isEnded(other));

/** Returns whether two pages are for the same team. A backup counts for the team of the page that it backs. */
export function isForSameTeam(a: Addressed, b: Addressed): boolean {
  const [one, other] = [a.failoverOf ?? a, b.failoverOf ?? b];
  return one.connectionId === other.connectionId && one.teamId === other.teamId;
}
