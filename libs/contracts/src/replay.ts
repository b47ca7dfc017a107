import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import type { IncomingRecord } from './event.ts';

/**
 * On a replay: the dead letter that is replayed, `<dead-letter topic>/<partition>/<offset>`; for a record of a parked batch
 * followed by `#` and the original offset of the record.
 */
export const replayedFromHeader = 'x-replayed-from';
/** On a replay: when the replay was sent, RFC 3339. */
export const replayedAtHeader = 'x-replayed-at';
/** On a dead letter and its replay: an earlier call may have created the page. */
export const possibleDuplicateHeader = 'x-possible-duplicate';
/** On the replay of a page command: `true` requests a new page even if it could join an open one. */
export const forceNewPageHeader = 'x-force-new-page';

/**
 * Returns the dead letter that a record claims to replay; undefined if it names none of its own topic.
 *
 * Any producer may write this header: only a comparison with the bytes of the dead letter proves the claim.
 */
export function replayedFrom(record: IncomingRecord & { readonly topic: string }): string | undefined {
  const [mark] = [record.headers[replayedFromHeader]].flat();
  if (!mark || mark.length > maxMarkBytes) return undefined;
  const text = mark.toString();
  const parked = `${deadLetterTopicOf(record.topic)}/`;
  return text.startsWith(parked) && /^\d{1,10}\/\d{1,19}(?:#\d{1,19})?$/.test(text.slice(parked.length))
    ? text
    : undefined;
}

// Enough for the name of a topic and three numbers; the ledger of page-delivery stores this text.
const maxMarkBytes = 320;

// The longest reason is shorter, even with every character escaped.
const maxHeaderBytes = 8192;

/** Returns the first value of a header as text; undefined if it is missing or longer than Pagebridge writes. */
export function headerText({ headers }: IncomingRecord, name: string): string | undefined {
  const [first] = [headers[name]].flat();
  return first && first.length <= maxHeaderBytes ? first.toString() : undefined;
}
