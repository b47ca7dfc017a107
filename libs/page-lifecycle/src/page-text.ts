import { type AlertState, maxTitleLength, type PageCommand, type PageState } from '@pagebridge/contracts';

/** The text of a page, as its command has it. */
export type PageText = Pick<PageCommand, 'title' | 'description' | 'tags'>;

/**
 * Returns whether the command at the position of a page's command is that of the page.
 *
 * A topic that was created anew, or that was mirrored, has other records at the same offsets.
 */
export const isCommandOf = (
  { sourceOrg, alertKey }: Pick<AlertState, 'sourceOrg' | 'alertKey'>,
  { pageId, failoverOf, alertEventId }: Pick<PageState, 'pageId' | 'failoverOf' | 'alertEventId'>,
  command: Pick<PageCommand, 'sourceOrg' | 'alertKey' | 'alertEventId' | 'pageId'>,
): boolean =>
  command.sourceOrg === sourceOrg &&
  command.alertKey === alertKey &&
  command.alertEventId === alertEventId &&
  // A backup has the text of the page that it backs.
  (command.pageId === pageId || command.pageId === failoverOf?.pageId);

/** Returns the beginning of a title, which the ledger keeps. */
export const titleOf = ({ title }: Pick<PageText, 'title'>): string => title.slice(0, maxTitleLength).toWellFormed();

/** What a page is sent with: the text of its command, or what the ledger has if the command cannot be read. */
export type FoundText = PageText | 'gone';

/** A page and its dead letter wait so long for a command that cannot be read. Then a page with its title alone is better than none. */
export const commandWaitMs = 60_000;

export const textWithoutCommand = ({ title = '' }: Pick<PageState, 'title'>): PageText => ({
  title,
  description: 'Pagebridge no longer has the text of this alert: read it at its source.',
  tags: [],
});
