import type { AlertState, PageState } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';

export type Named = Pick<PageState, 'pageId' | 'failoverOf'>;

/** A page and its backups are one failover group, identified by the id of the page that fails over. */
export const failoverGroupId = ({ pageId, failoverOf }: Named): string => failoverOf?.pageId ?? pageId;

export const isSameFailoverGroup = (a: Named, b: Named): boolean => failoverGroupId(a) === failoverGroupId(b);

/** Returns the pages of a failover group, of which only one is to stay open. */
export const failoverGroupOf = (state: AlertState, id: string): PageState[] =>
  state.pages.filter((page) => failoverGroupId(page) === id);

export const peersOf = (state: AlertState, page: PageState): PageState[] =>
  failoverGroupOf(state, failoverGroupId(page)).filter((other) => other.pageId !== page.pageId && !isEnded(other));
