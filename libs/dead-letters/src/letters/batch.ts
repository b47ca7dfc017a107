import { headerText, possibleDuplicateHeader, replayedFrom } from '@pagebridge/contracts';
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import type { KnownLetter, Letter } from './letter.ts';
import { meaningOf, type Reading } from './meaning.ts';
import { countIn, fingerprintOf, type StoredRecord } from './record.ts';
import { isOfFlood, stubOf } from './stub.ts';

/** A record batch that could not be decoded, parked with its original bytes. */
export interface ParkedBatch {
  /** The bytes of the log, from the base offset of the batch. */
  readonly bytes: Buffer;
  readonly codec: string;
  /** The range of offsets that no handler has processed. */
  readonly firstOffset: number;
  readonly lastOffset: number;
}

/** A record of a parked batch, or an original of a stub. */
export interface BatchEntry extends KnownLetter {
  readonly batch: Letter;
}

/** A dead letter in a plan: with its bytes or its batch if it can be sent. */
export type Candidate = KnownLetter | Letter | BatchEntry;

/** The records of a batch, and the offset from which the batch could not be read. */
export interface BatchContents {
  readonly records: readonly RecordInBatch[];
  readonly unread?: { readonly firstOffset: number; readonly detail: string };
}

export type RecordInBatch = Pick<StoredRecord, 'offset' | 'key' | 'value' | 'headers'>;

/** Returns the batch in a dead letter; undefined if the letter holds none or its offsets are missing. */
export function batchOf(reason: string, record: StoredRecord): ParkedBatch | undefined {
  const firstOffset = countIn(record, deadLetterHeaders.firstOffset);
  const lastOffset = countIn(record, deadLetterHeaders.lastOffset);
  if (reason !== 'undecodable-batch' || record.value === null) return undefined;
  if (firstOffset === undefined || lastOffset === undefined) return undefined;
  const codec = headerText(record, deadLetterHeaders.codec) ?? 'unknown';
  return { bytes: record.value, codec, firstOffset, lastOffset };
}

export const describeBatch = ({ bytes, codec, firstOffset, lastOffset }: ParkedBatch): string =>
  `a record batch of ${bytes.length} bytes, codec ${codec}, with offsets ${firstOffset} to ${lastOffset}`;

/**
 * Returns the records of an opened batch as dead letters without their bytes.
 *
 * Unreadable records are counted, not listed: a batch may hold a million of them.
 */
export function candidatesIn(
  batch: Letter,
  { records, unread }: BatchContents,
  isWanted: (key: string) => boolean,
): Candidate[] {
  const skipped = (as: 'unreadable' | 'batch', why: string): Letter => ({ ...batch, meaning: { ok: false, as, why } });
  const candidates: Candidate[] = [];
  let unreadable = 0;
  let firstWhy = '';
  for (const record of waitingIn(batch, records)) {
    const key = record.key?.toString('utf8') ?? '';
    if (!isWanted(key)) continue;
    const meaning = meaningOf(batch.topic, record, batch.failedAt);
    if (isOfFlood(batch.record, batch) && !(meaning.ok && meaning.value.command?.kind === 'page')) continue;
    if (meaning.ok) candidates.push(entryOf(batch, record, key, meaning));
    else {
      unreadable += 1;
      firstWhy ||= `#${record.offset}: ${meaning.why}`;
    }
  }
  if (unreadable > 0) candidates.push(skipped('unreadable', `${unreadable} of its records; the first is ${firstWhy}`));
  if (unread)
    candidates.push(skipped('batch', `from offset ${unread.firstOffset} on it cannot be opened: ${unread.detail}`));
  return candidates;
}

/** Returns the records of a batch that no handler has processed; the records of a stub's org. */
export function waitingIn(letter: Letter, records: readonly RecordInBatch[]): RecordInBatch[] {
  const { reason, record, key } = letter;
  const stub = stubOf(record, letter);
  // Those that were no dead letters may have paged, and may be forgotten since.
  const mark = { [possibleDuplicateHeader]: Buffer.from('true') };
  const ofOrg = ({ key: its }: RecordInBatch) => its?.toString('utf8').startsWith(key);
  // Not spread: a record that was read makes its key and value when they are asked for.
  const marked = ({ offset, key, value, headers }: RecordInBatch) => ({
    offset,
    key,
    value,
    headers: { ...headers, ...mark },
  });
  if (stub) return records.filter(ofOrg).map(marked);
  const batch = batchOf(reason, record);
  return records.filter(({ offset }) => batch && offset >= batch.firstOffset && offset <= batch.lastOffset);
}

function entryOf(batch: Letter, record: RecordInBatch, key: string, meaning: Reading): BatchEntry {
  const { place, topic, reason, failedAt, origin } = batch;
  const name = `${batch.name}#${record.offset}`;
  return {
    ...{ name, place, topic, key, reason, failedAt, meaning, batch },
    origin: { ...origin, offset: record.offset },
    fingerprint: fingerprintOf(record),
    claimsToBeReplayed: replayedFrom({ topic, value: null, headers: record.headers }) === name,
  };
}
