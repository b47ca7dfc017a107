import type { AlertState, PageState } from '@pagebridge/contracts';
import { backupOf } from './backup.ts';
import { contentLength } from './content-length.ts';
import type { Decision } from './decision.ts';
import { isEnded } from './page.ts';
import { mostBytesTaken, mostEndedPages, mostLivePages } from './policy.ts';

/** The pages with one more; of those that have ended and told so only the latest are kept. */
export function withNew(pages: readonly PageState[], page: PageState): PageState[] {
  if (pages.length <= mostEndedPages) return [...pages, page];
  const surplus = pages.filter((known) => isEnded(known) && known.unreported.length === 0).slice(0, -mostEndedPages);
  return [...pages.filter((known) => !surplus.includes(known)), page];
}

/** Why the alert's record has no room for the page; the backups that its pages may need have theirs already. */
export function roomFor(state: AlertState, page: PageState, now: Date): Decision['refused'] {
  const live = [...state.pages.filter((known) => !isEnded(known)), page];
  const all = live.flatMap((known) =>
    known.failover && !known.failedOverTo ? [known, backupOf(state, known, known.failover, now, longestSlug)] : [known],
  );
  if (all.length > mostLivePages) {
    const backups = all.length > live.length ? ', with the backups they may need' : '';
    const detail = `The alert would have ${all.length} pages that have not ended${backups}.`;
    return { reason: 'too-many-pages', detail };
  }
  if (mostBytesOf(all) <= mostBytesTaken) return undefined;
  const contents = new Set(all.map((known) => known.content).filter((content) => content !== undefined));
  const pages = all.map(({ content: _content, ...rest }) => rest);
  const bytes = Buffer.byteLength(JSON.stringify([pages, [...contents]]));
  if (bytes <= mostBytesTaken) return undefined;
  return { reason: 'too-many-pages', detail: `With this page the alert would hold ${bytes} bytes.` };
}

// Its words apart; at most, with every text as long as it may be.
const mostPageBytes = 32 * 1024;
const mostBytesPerCharacter = 6;

/** A quick bound, which nearly all alerts are far below. */
const mostBytesOf = (pages: readonly PageState[]): number =>
  pages.reduce((sum, { content }) => sum + (content ? contentLength(content) * mostBytesPerCharacter : 0), 0) +
  pages.length * mostPageBytes;

const longestSlug = 'x'.repeat(63);
