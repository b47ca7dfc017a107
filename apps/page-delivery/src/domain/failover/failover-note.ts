import { type AlertState, maxPageDescriptionLength, type PageState } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import { pageOf } from '../page.ts';

/** What says on a backup, in the destination, that it is one; nothing on any other page. */
export const failoverTags = ({ failoverOf }: PageState): string[] =>
  failoverOf ? [`failover-from:${failoverOf.slug ?? failoverOf.connectionId}`, `failover-of:${failoverOf.pageId}`] : [];

/** The page's words; a backup's reader is told first for whom it is, and what the other destination said last. */
export function describedFor(state: AlertState, page: PageState): string {
  const description = page.content?.description ?? '';
  if (!page.failoverOf) return description;
  const { pageId, slug, teamHandle, connectionId } = page.failoverOf;
  const handle = handleOf(slug ? `${slug}/${teamHandle}` : teamHandle);
  const over = slug ? '' : ` over connection ${connectionId}`;
  const lastError = pageOf(state, pageId)?.lastError;
  const why = lastError ? ` Last error there: ${lastError}` : '';
  const note = `Failover: ${handle} was not reached in time${over}, so this team is paged as its backup.${why}`;
  const whole = `${note}\n\n${description}`;
  if (whole.length <= maxPageDescriptionLength) return whole;
  return `${whole.slice(0, maxPageDescriptionLength - mark.length)}${mark}`;
}

const mark = '… (cut)';
