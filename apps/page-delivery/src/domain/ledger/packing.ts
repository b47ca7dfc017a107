import type { AlertRecord, AlertState } from '@pagebridge/contracts';
import type { Content } from '../commands/content.ts';

/** Returns the state to write: the first of several pages with one content holds it, the others refer to that page. */
export function packed(state: AlertState): AlertState {
  // Most alerts page one team.
  if (state.pages.length < 2) return state;
  const holders = new Map<Content, string>();
  const pages = state.pages.map((page) => {
    const { content, ...rest } = page;
    if (!content) return page;
    const holder = holders.get(content);
    if (holder) return { ...rest, contentOf: holder };
    holders.set(content, page.pageId);
    return page;
  });
  return { ...state, pages };
}

/** Returns the state for memory, in which each page has its content. */
export function unpacked({ write: _write, told: _told, ...state }: AlertRecord): AlertState {
  const contents = new Map(state.pages.map((page) => [page.pageId, page.content]));
  const pages = state.pages.map((page) => {
    const { contentOf, ...rest } = page;
    const content = contentOf ? contents.get(contentOf) : undefined;
    return content ? { ...rest, content } : page;
  });
  return { ...state, pages };
}
