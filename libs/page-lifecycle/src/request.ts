import { type AlertState, maxPageDescriptionLength, type PageState } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';
import { pageOf } from './page.ts';
import { type FoundText, textWithoutCommand } from './page-text.ts';

/**
 * Returns what a create asks of the destination, with the tags by which the page can be found there. The last line is kept
 * whole, whatever is too long.
 */
export function requestOf(state: AlertState, page: PageState, found: FoundText, lastLine?: string) {
  const text = found === 'gone' ? textWithoutCommand(page) : found;
  const { teamId, urgency, pageId, possibleDuplicate } = page;
  const backupTags = failoverTags(page);
  const duplicate = possibleDuplicate ? ['possible-duplicate:true'] : [];
  return {
    teamId,
    urgency,
    // A destination may refuse a page without a title.
    title: text.title.trim() || `Alert ${state.alertKey}`,
    description: describedFor(state, page, text.description, lastLine),
    tags: [...text.tags, ...backupTags, `page-id:${pageId}`, ...duplicate],
  };
}

const failoverTags = ({ failoverOf }: PageState): string[] =>
  failoverOf ? [`failover-from:${failoverOf.slug ?? failoverOf.connectionId}`, `failover-of:${failoverOf.pageId}`] : [];

// That of a backup begins with the first team's handle and the last error there.
function describedFor(state: AlertState, page: PageState, description: string, lastLine?: string): string {
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
