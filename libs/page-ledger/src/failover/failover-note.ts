import { type AlertState, maxPageDescriptionLength, type PageState } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import { pageOf } from '../page.ts';

/** Returns the tags of a backup in the destination; none for other pages. */
export const failoverTags = ({ failoverOf }: PageState): string[] =>
  failoverOf ? [`failover-from:${failoverOf.slug ?? failoverOf.connectionId}`, `failover-of:${failoverOf.pageId}`] : [];

/**
 * Returns the description of a page. That of a backup begins with the first team's handle and the last error there. The last line is
 * kept whole, whatever is too long.
 */
export function describedFor(state: AlertState, page: PageState, description: string, lastLine?: string): string {
  const end = lastLine === undefined ? '' : `\n\n${lastLine}`;
  const whole = `${noteOf(state, page)}${description}`;
  const room = maxPageDescriptionLength - end.length;
  if (whole.length <= room) return `${whole}${end}`;
  return `${whole.slice(0, room - mark.length).toWellFormed()}${mark}${end}`;
}

function noteOf(state: AlertState, page: PageState): string {
  if (!page.failoverOf) return '';
  const { pageId, slug, teamHandle, connectionId } = page.failoverOf;
  const handle = handleOf(slug ? `${slug}/${teamHandle}` : teamHandle);
  const over = slug ? '' : ` over connection ${connectionId}`;
  const lastError = pageOf(state, pageId)?.lastError;
  const why = lastError ? ` Last error there: ${lastError}` : '';
  return `Failover: ${handle} was not reached in time${over}, so this team is paged as its backup.${why}\n\n`;
}

const mark = '… (cut)';
