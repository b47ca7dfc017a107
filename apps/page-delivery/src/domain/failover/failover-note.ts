import { type AlertState, maxPageDescriptionLength, type PageState } from '@pagebridge/contracts';
import { pageOf } from '@pagebridge/page-ledger';
import { handleOf } from '@pagebridge/vocabulary';

/** Returns the tags of a backup in the destination; none for other pages. */
export const failoverTags = ({ failoverOf }: PageState): string[] =>
  failoverOf ? [`failover-from:${failoverOf.slug ?? failoverOf.connectionId}`, `failover-of:${failoverOf.pageId}`] : [];

/** Returns the description of a page. That of a backup begins with the first team's handle and the last error there. */
export function describedFor(state: AlertState, page: PageState, description: string): string {
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
