import { type AlertState, mostPageBytes, type PageState } from '@pagebridge/contracts';
import { mostBytesOfPages, mostEndedPages, mostLivePages } from '../attempts/policy.ts';
import { backupOf } from '../failover/backup.ts';
import { isEnded } from '../page.ts';
import { contentLength } from './content-length.ts';
import type { Decision } from './decision.ts';

/** The pages with one more; of those that have ended and told so the latest are kept, as many as there is room for. */
export function withNew(pages: readonly PageState[], page: PageState): PageState[] {
  const all = [...pages, page];
  if (pages.length <= mostEndedPages && mostBytesOf(all) <= mostBytesOfPages) return all;
  const room = mostBytesOfPages - bytesOf(all.filter((known) => !isOver(known)));
  const kept = new Set(latestWithin(room, all.filter(isOver)));
  return all.filter((known) => !isOver(known) || kept.has(known));
}

/** Why the alert's record has no room for the page; the backups that its pages may need have theirs already. */
export function roomFor(state: AlertState, page: PageState, now: Date): Decision['refused'] {
  const pages = [...state.pages.filter((known) => !isOver(known)), page];
  const all = pages.flatMap((known) =>
    known.failover && !known.failedOverTo ? [known, backupOf(state, known, known.failover, now, longestSlug)] : [known],
  );
  const live = all.filter((known) => !isEnded(known)).length;
  if (live > mostLivePages) {
    const backups = all.length > pages.length ? ', with the backups they may need' : '';
    return { reason: 'too-many-pages', detail: `The alert would have ${live} pages that have not ended${backups}.` };
  }
  if (mostBytesOf(all) <= mostBytesOfPages) return undefined;
  const bytes = bytesOf(all);
  if (bytes <= mostBytesOfPages) return undefined;
  return { reason: 'too-many-pages', detail: `With this page the alert might come to hold ${bytes} bytes.` };
}

// Nothing is to be done or told of it: it only keeps an old command from being taken for a new one.
const isOver = (page: PageState): boolean => isEnded(page) && page.unreported.length === 0;

function latestWithin(room: number, pages: readonly PageState[]): PageState[] {
  let left = room;
  return pages
    .slice(-mostEndedPages)
    .toReversed()
    .filter((page) => {
      left -= Buffer.byteLength(JSON.stringify(page)) + 1;
      return left >= 0;
    });
}

/** What these pages take in the record at most, whatever comes to them: each text once, and room for what each gathers. */
function bytesOf(pages: readonly PageState[]): number {
  const contents = new Set(pages.map((page) => page.content).filter((content) => content !== undefined));
  const bare = pages.map(({ content: _content, ...rest }) => rest);
  return Buffer.byteLength(JSON.stringify([bare, [...contents]])) + pages.length * mostPageBytes.gathered;
}

/** The same as a quick bound, from what the contract allows; nearly all alerts are far below it. */
function mostBytesOf(pages: readonly PageState[]): number {
  let bytes = 0;
  // Pages of one event share their words, and stand side by side.
  let last: PageState['content'];
  for (const page of pages) {
    bytes += isOver(page) ? mostPageBytes.ended : mostPageBytes.live;
    // The ledger may hold older ones that are longer than what is let in today.
    bytes += (page.occurredAt.length + (page.destinationPageId?.length ?? 0)) * mostBytesPerCharacter;
    if (page.content && page.content !== last) bytes += contentLength(page.content) * mostBytesPerCharacter;
    last = page.content;
  }
  return bytes;
}

const mostBytesPerCharacter = 6;
const longestSlug = 'x'.repeat(63);
