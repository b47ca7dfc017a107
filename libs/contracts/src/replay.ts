import type { IncomingRecord } from './event.ts';

/** On a replay: the dead letter that it repeats, `<dead-letter topic>/<partition>/<offset>`. */
export const replayedFromHeader = 'x-replayed-from';
/** On a replay: when it was sent, RFC 3339. */
export const replayedAtHeader = 'x-replayed-at';
/** On a dead letter and its replay: a call made for this page may have created it without our knowing. */
export const possibleDuplicateHeader = 'x-possible-duplicate';

/** The dead letter that a record repeats; undefined if it is no replay. */
export const replayedFrom = (record: IncomingRecord): string | undefined => headerText(record, replayedFromHeader);

// A reason in full, with every character escaped, takes less.
const mostHeaderBytes = 8192;

/** A header's first value as text; undefined where there is none, or one that nobody of ours has written. */
export function headerText({ headers }: IncomingRecord, name: string): string | undefined {
  const [first] = [headers[name]].flat();
  return first && first.length <= mostHeaderBytes ? first.toString() : undefined;
}
