import type { AlertRecord, AlertState, PageRecord, PageState } from '@pagebridge/contracts';
import { titleOf } from './page-text.ts';

/** Returns the state in a record of the ledger. Former versions wrote the text of a page, of which the position is kept. */
export const stateIn = ({ write: _write, told: _told, pages, ...state }: AlertRecord): AlertState => ({
  ...state,
  pages: pages.map(pageIn),
});

function pageIn({ command, content, contentOf: _contentOf, ...page }: PageRecord): PageState {
  if (!command) return page;
  const { offset, time } = command;
  return { ...page, commandRecord: { offset, time }, ...(content ? { title: titleOf(content) } : {}) };
}
