import type { AlertState, PageState } from '@pagebridge/contracts';
import { workOf } from './page.ts';

// A page without its text: ids, times, the lane's job and timer; measured, with some room.
const pageBytes = 3072;

/** What the pages of an alert that wait for their destination take in memory, roughly; ended pages hold no text. */
export function waitingBytes(state: AlertState): number {
  const contents = new Set<PageState['content']>();
  let pages = 0;
  for (const page of state.pages) {
    if (workOf(page) === undefined && page.status !== 'attempting') continue;
    pages += 1;
    contents.add(page.content);
  }
  let characters = 0;
  for (const content of contents) characters += charactersIn(content);
  // Two bytes each: text beyond Latin-1 takes as many.
  return pages * pageBytes + characters * 2;
}

function charactersIn(content: PageState['content']): number {
  if (!content) return 0;
  const { title, description, tags, links } = content;
  return title.length + description.length + JSON.stringify([tags, links]).length;
}
