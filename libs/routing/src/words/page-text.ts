import { type Alert, maxPageDescriptionLength } from '@pagebridge/contracts';
import { handleOf } from '@pagebridge/vocabulary';

// The limit of the contracts of unrouted handles and sync requests.
const maxHandleLength = 300;
const maxFooterLength = 4096;
const maxTagLength = 200;
// The contract allows 256; page-delivery adds its own, such as the page id and `possible-duplicate`.
const maxTags = 250;

/** Cuts a text that is too long to `max` UTF-16 units including the mark at its end, without splitting a surrogate pair. */
export function cut(text: string, max: number, mark: string): string {
  if (text.length <= max) return text;
  let end = max - mark.length;
  const last = text.charCodeAt(end - 1);
  if (last >= 0xd800 && last <= 0xdbff) end -= 1;
  return text.slice(0, end) + mark;
}

/** Returns the handle of a name, cut to fit the contracts: a message of 256 Ki characters may be a single mention. */
export const displayHandle = (name: string): string => cut(handleOf(name), maxHandleLength, '…');

/**
 * Returns the description of a page: the note if there is one, the message, and a footer with the source org, the alert key
 * and the links, for which a destination has no other field.
 */
export function descriptionOf(alert: Alert, note = ''): string {
  const footer = footerOf(alert);
  const [first] = alert.links ?? [];
  const room = maxPageDescriptionLength - footer.length - note.length - 4;
  const pointer = first ? `… (cut; full text: ${first.url})` : '';
  // The footer has the link too, so the mark leaves it out if it would take more than half of the room of the message.
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

/** Returns the tags of the source, then those of the alert. The last tag has the number of tags beyond the limit. */
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
