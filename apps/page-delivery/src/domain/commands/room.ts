import { type AlertState, mostPageBytes, type PageState } from '@pagebridge/contracts';
import { mostBytesOfPages, mostEndedPages, mostLivePages } from '../attempts/policy.ts';
import { backupOf } from '../failover/backup.ts';
import { isEnded } from '../page.ts';
import { type Content, contentLength } from './content.ts';
import type { Decision } from './decision.ts';

/** Adds a page. Keeps only the latest of the pages that are over, as many as there is room for. */
export function withNew(pages: readonly PageState[], page: PageState): PageState[] {
  const all = [...pages, page];
  if (pages.length <= mostEndedPages && mostBytesOf(all) <= mostBytesOfPages) return all;
  const room = mostBytesOfPages - bytesOf(all.filter((known) => !isOver(known)));
  const kept = new Set(latestWithin(room, all.filter(isOver)));
  return all.filter((known) => !isOver(known) || kept.has(known));
}

/** Returns why the alert's record has no room for the page. Room for backups that its pages may need is reserved. */
export function roomFor(state: AlertState, page: PageState, now: Date): Decision['refused'] {
  const pages = [...state.pages.filter((known) => !isOver(known)), page];
  const all = pages.flatMap((known) =>
    known.failover && !known.failedOverTo && !isEnded(known)
      ? [known, backupOf(state, known, known.failover, now, longestSlug)]
      : [known],
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

// Such a page is kept only to recognize an old command that is delivered again.
const isOver = (page: PageState): boolean => isEnded(page) && page.unreported.length === 0;

function latestWithin(room: number, pages: readonly PageState[]): PageState[] {
  let left = room;
  return pages
    .slice(-mostEndedPages)
    .toReversed()
    .filter((page) => {
      left -= bytesAlone(page) + (page.content ? bytesAlone(page.content) : 0);
      return left >= 0;
    });
}

/** Returns the maximum bytes of these pages in the record: each content once, plus what each page may gather later. */
function bytesOf(pages: readonly PageState[]): number {
  const contents = new Set(pages.map((page) => page.content).filter((content) => content !== undefined));
  const parts = [...pages, ...contents];
  return parts.reduce((bytes, part) => bytes + bytesAlone(part), pages.length * mostPageBytes.gathered);
}

const bytesKnown = new WeakMap<PageState | Content, number>();

/**
 * Returns the bytes of a page without its content, or of a content, as a part of the record.
 *
 * Both are immutable, so the result is cached. Otherwise a source that keeps sending events for a full alert would slow
 * down all alerts of the instance.
 */
function bytesAlone(part: PageState | Content): number {
  const known = bytesKnown.get(part);
  if (known !== undefined) return known;
  const bare = 'content' in part ? { ...part, content: undefined } : part;
  const bytes = Buffer.byteLength(JSON.stringify(bare)) + separatorBytes;
  bytesKnown.set(part, bytes);
  return bytes;
}

/** Returns a fast upper bound of `bytesOf`, from the limits of the contract; nearly all alerts are far below it. */
function mostBytesOf(pages: readonly PageState[]): number {
  let bytes = 0;
  // Pages of one event share their content, and are adjacent.
  let last: PageState['content'];
  for (const page of pages) {
    bytes += isOver(page) ? mostPageBytes.ended : mostPageBytes.live;
    // The ledger may hold values from before these limits existed, which are longer.
    bytes += (page.occurredAt.length + (page.destinationPageId?.length ?? 0)) * mostBytesPerCharacter;
    if (page.content && page.content !== last) bytes += contentLength(page.content) * mostBytesPerCharacter;
    last = page.content;
  }
  return bytes;
}

const mostBytesPerCharacter = 6;
// A comma between parts, and the field name of a content in its page.
const separatorBytes = ',"content":'.length;
const longestSlug = 'x'.repeat(63);
