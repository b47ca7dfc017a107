import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import type { IncomingRecord } from './event.ts';

/**
 * On a replay: the dead letter that it repeats, `<dead-letter topic>/<partition>/<offset>`; of one record of a parked
 * batch followed by `#` and the offset that the record had.
 */
export const replayedFromHeader = 'x-replayed-from';
/** On a replay: when it was sent, RFC 3339. */
export const replayedAtHeader = 'x-replayed-at';
/** On a dead letter and its replay: an earlier call may have created the page. */
export const possibleDuplicateHeader = 'x-possible-duplicate';
/** On the replay of a page command: `true` asks for a page of its own where it would join an open one. */
export const pageAnewHeader = 'x-page-anew';

/**
 * The dead letter that a record claims to repeat; undefined where it names none of its own topic.
 *
 * Any producer may write this header: only the bytes of the dead letter prove it.
 */
export function replayedFrom(record: IncomingRecord & { readonly topic: string }): string | undefined {
  const [mark] = [record.headers[replayedFromHeader]].flat();
  if (!mark || mark.length > mostMarkBytes) return undefined;
  const text = mark.toString();
  const parked = `${deadLetterTopicOf(record.topic)}/`;
  return text.startsWith(parked) && /^\d{1,10}\/\d{1,19}(?:#\d{1,19})?$/.test(text.slice(parked.length))
    ? text
    : undefined;
}

// What a topic's name and three numbers take; the ledger of delivery holds it.
const mostMarkBytes = 320;

// A reason in full, with every character escaped, takes less.
const mostHeaderBytes = 8192;

/** A header's first value as text; undefined where there is none, or one that is longer than ours. */
export function headerText({ headers }: IncomingRecord, name: string): string | undefined {
  const [first] = [headers[name]].flat();
  return first && first.length <= mostHeaderBytes ? first.toString() : undefined;
}
