import type { AlertState, PageState } from '@pagebridge/contracts';
import { isEnded } from '../page.ts';

type Named = Pick<PageState, 'pageId' | 'failoverOf'>;
type Addressed = Pick<PageState, 'connectionId' | 'teamId' | 'failoverOf'>;

/** A page and its backups have one story, named by the page that may fail over. */
export const storyId = ({ pageId, failoverOf }: Named): string => failoverOf?.pageId ?? pageId;

/** Is one of them the backup of the other, or are both backups of one page? */
export const isSameStory = (a: Named, b: Named): boolean => storyId(a) === storyId(b);

/** The pages of a story, of which one is to stay. */
export const storyOf = (state: AlertState, id: string): PageState[] =>
  state.pages.filter((page) => storyId(page) === id);

/** The others of its story that have not ended. */
export const rivalsOf = (state: AlertState, page: PageState): PageState[] =>
  storyOf(state, storyId(page)).filter((other) => other.pageId !== page.pageId && !isEnded(other));

/** Is one for whom the other is? A backup is for the team it stands in for; the backup's own team has pages of its own. */
export function isForSameTeam(a: Addressed, b: Addressed): boolean {
  const [one, other] = [a.failoverOf ?? a, b.failoverOf ?? b];
  return one.connectionId === other.connectionId && one.teamId === other.teamId;
}
