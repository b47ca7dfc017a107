import { type AlertState, failoverGroupId, type PageState } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';

/** Returns the pages of a failover group, of which only one is to stay open. */
export const failoverGroupOf = (state: AlertState, id: string): PageState[] =>
  state.pages.filter((page) => failoverGroupId(page) === id);

export const peersOf = (state: AlertState, page: PageState): PageState[] =>
  failoverGroupOf(state, failoverGroupId(page)).filter((other) => other.pageId !== page.pageId && !isEnded(other));
