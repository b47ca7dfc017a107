import type { AlertState, PageState } from '@pagebridge/contracts';
import { contentLength } from '../commands/content.ts';
import { isBusy } from '../page.ts';

// A page without its text: ids, times, the job and timer of the lane; measured, with a margin.
const pageBytes = 3072;

/** Returns the estimated memory of an alert's waiting pages. */
export function waitingBytes(state: AlertState): number {
  let pages = 0;
  let characters = 0;
  // Pages of one event share their content, and are adjacent.
  let last: PageState['content'];
  for (const page of state.pages) {
    if (!isBusy(page)) continue;
    pages += 1;
    if (page.content && page.content !== last) characters += contentLength(page.content);
    last = page.content;
  }
  // Text beyond Latin-1 takes two bytes per character.
  return pages * pageBytes + characters * 2;
}
