import type { AlertState, PageState } from '@pagebridge/contracts';
import { contentLength } from '../commands/content-length.ts';
import { isBusy } from '../page.ts';

// A page without its text: ids, times, the lane's job and timer; measured, with some room.
const pageBytes = 3072;

/** What the pages of an alert that wait for their destination take in memory, roughly; ended pages hold no text. */
export function waitingBytes(state: AlertState): number {
  let pages = 0;
  let characters = 0;
  // Those of one event share their words, and stand side by side.
  let last: PageState['content'];
  for (const page of state.pages) {
    if (!isBusy(page)) continue;
    pages += 1;
    if (page.content && page.content !== last) characters += contentLength(page.content);
    last = page.content;
  }
  // Two bytes each: text beyond Latin-1 takes as many.
  return pages * pageBytes + characters * 2;
}
