import { type Alert, maxPageDescriptionLength } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';

// What the contracts of unrouted handles and sync requests allow.
const maxHandleLength = 300;
const maxFooterLength = 4096;
const maxTagLength = 200;
// The contract allows 256; delivery adds its own (page id, possible duplicate) when it sends.
const maxTags = 250;

/** The beginning of a text and a mark, together at most `max` UTF-16 units; a surrogate pair stays whole. */
export function cut(text: string, max: number, mark: string): string {
  if (text.length <= max) return text;
  let end = max - mark.length;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return text.slice(0, end) + mark;
}

/** A name as the handle that was written, cut where no contract has room for it. A message of 256 Ki characters may be one mention. */
export const shown = (name: string): string => cut(handleOf(name), maxHandleLength, '…');

/**
 * The description of an alert's page: a note to its reader where there is one, the message, then where it comes from,
 * since a destination has no other field for source org, alert key and links.
 */
export function descriptionOf(alert: Alert, note = ''): string {
  const footer = footerOf(alert);
  const [first] = alert.links ?? [];
  const room = maxPageDescriptionLength - footer.length - note.length - 4;
  const pointer = first ? `… (cut; full text: ${first.url})` : '';
  // The footer has the link too: where it would take the room of the message, that goes before.
  const mark = pointer !== '' && pointer.length <= room / 2 ? pointer : '… (cut)';
  const message = cut(alert.message.trim(), room, mark);
  const body = message === '' ? footer : `${message}\n\n${footer}`;
  return note === '' ? body : `${note}\n\n${body}`;
}

function footerOf(alert: Alert): string {
  let footer = `Source org: ${alert.sourceOrg}\nAlert: ${alert.alertKey}`;
  let left = alert.links?.length ?? 0;
  for (const { title, url } of alert.links ?? []) {
    const line = `\n${title}: ${url}`;
    if (footer.length + line.length > maxFooterLength) break;
    footer += line;
    left -= 1;
  }
  return left > 0 ? `${footer}\n… (${left} more links at the source)` : footer;
}

/** Where the page comes from, then the alert's own tags. Those beyond what a page can carry are counted in a last tag. */
export function tagsOf({ sourceOrg, alertKey, transition, priority, tags = [] }: Alert): string[] {
  const all = [
    `source-org:${sourceOrg}`,
    cut(`alert-key:${alertKey}`, maxTagLength, '…'),
    `alert-transition:${transition}`,
    ...(priority ? [`alert-priority:${priority}`] : []),
    ...tags,
  ];
  if (all.length <= maxTags) return all;
  const kept = all.slice(0, maxTags - 1);
  return [...kept, `tags-left-out:${all.length - kept.length}`];
}
