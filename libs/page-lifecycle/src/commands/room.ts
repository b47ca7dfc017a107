import { type AlertState, maxPageBytes, type PageState } from '@pagebridge/contracts';
import { backupOf } from '../failover/backup.ts';
import { unreportedKinds } from '../outcomes.ts';
import { isEnded } from '../page.ts';
import { maxBytesOfPages, maxEndedPages, maxLivePages } from '../policy.ts';
import type { Refused } from './refused.ts';

/** Adds a page. Keeps only the latest of the pages that are over, as many as there is room for. */
export function withNew(pages: readonly PageState[], page: PageState): PageState[] {
  const all = [...pages, page];
  if (pages.length <= maxEndedPages) return all;
  let room = maxBytesOfPages - bytesOf(all.filter((known) => !isOver(known)));
  const latest = all.filter(isOver).slice(-maxEndedPages).toReversed();
  const kept = new Set(
    latest.filter((known) => {
      room -= bytesOf([known]);
      return room >= 0;
    }),
  );
  return all.filter((known) => !isOver(known) || kept.has(known));
}

/** Returns why the alert's record has no room for the page. Room for backups that its pages may need is reserved. */
export function roomFor(state: AlertState, page: PageState, now: Date): Refused | undefined {
  const pages = [...state.pages.filter((known) => !isOver(known)), page];
  const all = pages.flatMap((known) =>
    known.failover && !known.failedOverTo && !isEnded(known)
      ? [known, backupOf(state, known, known.failover, now, longestSlug)]
      : [known],
  );
  const live = all.filter((known) => !isEnded(known)).length;
  if (live > maxLivePages) {
    const backups = all.length > pages.length ? ', including possible backup pages' : '';
    return {
      reason: 'too-many-pages',
      detail: `The alert would have ${live} pages that have not ended${backups}; the maximum is ${maxLivePages}.`,
    };
  }
  if (all.length <= fewPages) return undefined;
  const bytes = bytesOf(all);
  if (bytes <= maxBytesOfPages) return undefined;
  return {
    reason: 'too-many-pages',
    detail: `With this page, the ledger record of the alert could grow to ${bytes} bytes; the maximum for pages is ${maxBytesOfPages}.`,
  };
}

// Such a page is kept only to recognize an old command that is delivered again.
const isOver = (page: PageState): boolean => isEnded(page) && unreportedKinds(page).length === 0;

// So many pages have room whatever they hold: nearly all alerts have fewer.
const fewPages = Math.floor(maxBytesOfPages / maxPageBytes.live);

/** Returns the maximum bytes of these pages in the record, with what each may gather later. */
const bytesOf = (pages: readonly PageState[]): number =>
  pages.reduce((bytes, page) => bytes + bytesNow(page) + maxPageBytes.gathered, 0);

const bytesKnown = new WeakMap<PageState, number>();

// Cached, since a page is immutable: a source that keeps sending events for a full alert must not slow down others.
function bytesNow(page: PageState): number {
  const known = bytesKnown.get(page) ?? Buffer.byteLength(JSON.stringify(page)) + ','.length;
  bytesKnown.set(page, known);
  return known;
}

const longestSlug = 'x'.repeat(63);
