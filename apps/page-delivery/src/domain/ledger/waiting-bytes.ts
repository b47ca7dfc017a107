import type { AlertState, PageState } from '@pagebridge/contracts';
import { contentLength } from '../commands/content.ts';
import { isBusy } from '../page.ts';

// A page without its text: ids, times, the lane's job and timer; measured, with some room.
const pageBytes = 3072;

/** Memory of an alert's waiting pages, estimated; ended pages hold no content. */
export function waitingBytes(state: AlertState): number {
  let pages = 0;
  let characters = 0;
  // Pages of one event share their content, and stand side by side.
  let last: PageState['content'];
  for (const page of state.pages) {
    if (!isBusy(page)) continue;
    pages += 1;
    if (page.content && page.content !== last) characters += contentLength(page.content);
    last = page.content;
  }
  // Text beyond Latin-1 takes two bytes a character.
  return pages * pageBytes + characters * 2;
}
