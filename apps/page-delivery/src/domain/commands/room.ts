import { type AlertState, mostPageBytes, type PageState } from '@pagebridge/contracts';
import { mostBytesOfPages, mostEndedPages, mostLivePages } from '../attempts/policy.ts';
import { backupOf } from '../failover/backup.ts';
import { isEnded } from '../page.ts';
import { type Content, contentLength } from './content.ts';
import type { Decision } from './decision.ts';

/** The pages with one more; of those that are over only the latest are kept, as many as there is room for. */
export function withNew(pages: readonly PageState[], page: PageState): PageState[] {
  const all = [...pages, page];
  if (pages.length <= mostEndedPages && mostBytesOf(all) <= mostBytesOfPages) return all;
  const room = mostBytesOfPages - bytesOf(all.filter((known) => !isOver(known)));
  const kept = new Set(latestWithin(room, all.filter(isOver)));
  return all.filter((known) => !isOver(known) || kept.has(known));
}

/** Why the alert's record has no room for the page; it keeps room for the backups that its pages may need. */
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

// It is kept only so that an old command is not taken for a new one.
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

/** The most bytes that these pages take in the record: each content once, and room for what each page gathers. */
function bytesOf(pages: readonly PageState[]): number {
  const contents = new Set(pages.map((page) => page.content).filter((content) => content !== undefined));
  const parts = [...pages, ...contents];
  return parts.reduce((bytes, part) => bytes + bytesAlone(part), pages.length * mostPageBytes.gathered);
}

const bytesKnown = new WeakMap<PageState | Content, number>();

/**
 * The bytes of a page without its content, or of a content, as a part of the record.
 *
 * Neither ever changes, so what stays in the alert is reckoned once, and not again for each of its commands: a source that
 * goes on with an alert that is full would else take the time of all alerts of the instance.
 */
function bytesAlone(part: PageState | Content): number {
  const known = bytesKnown.get(part);
  if (known !== undefined) return known;
  const bare = 'content' in part ? { ...part, content: undefined } : part;
  const bytes = Buffer.byteLength(JSON.stringify(bare)) + separatorBytes;
  bytesKnown.set(part, bytes);
  return bytes;
}

/** A quick upper bound of the same, from the bounds of the contract; nearly all alerts are far below it. */
function mostBytesOf(pages: readonly PageState[]): number {
  let bytes = 0;
  // Pages of one event share their content, and stand side by side.
  let last: PageState['content'];
  for (const page of pages) {
    bytes += isOver(page) ? mostPageBytes.ended : mostPageBytes.live;
    // The ledger may hold older values that are longer than today's bounds.
    bytes += (page.occurredAt.length + (page.destinationPageId?.length ?? 0)) * mostBytesPerCharacter;
    if (page.content && page.content !== last) bytes += contentLength(page.content) * mostBytesPerCharacter;
    last = page.content;
  }
  return bytes;
}

const mostBytesPerCharacter = 6;
// A comma between parts, and the name that a content has in its page.
const separatorBytes = ',"content":'.length;
const longestSlug = 'x'.repeat(63);
