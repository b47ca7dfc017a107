import { headerText, replayedFrom } from '@pagebridge/contracts';
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import type { KnownLetter, Letter } from './letter.ts';
import { meaningOf, type Reading } from './meaning.ts';
import { countIn, fingerprintOf, type StoredRecord } from './record.ts';

/** A record batch, parked with its original bytes: it could not be decoded, or many of its records are refused. */
export interface ParkedBatch {
  /** The bytes of the log, from the base offset of the batch. */
  readonly bytes: Buffer;
  readonly codec: string;
  /** The range of offsets that no handler has processed; of refused records the first and the last. */
  readonly firstOffset: number;
  readonly lastOffset: number;
  /** The number of refused records in the range; undefined: the batch could not be decoded. */
  readonly refused: number | undefined;
}

/** A record of a parked batch. */
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
  const refused = countIn(record, deadLetterHeaders.letters);
  if ((reason !== 'undecodable-batch' && refused === undefined) || record.value === null) return undefined;
  if (firstOffset === undefined || lastOffset === undefined) return undefined;
  const codec = headerText(record, deadLetterHeaders.codec) ?? 'unknown';
  return { bytes: record.value, codec, firstOffset, lastOffset, refused };
}

/** Returns whether the records of a batch can be replayed: the others of a batch with refused ones may have paged. */
export const isReplayable = ({ refused }: ParkedBatch): boolean => refused === undefined;

export function describeBatch({ bytes, codec, firstOffset, lastOffset, refused }: ParkedBatch): string {
  const range = `a record batch of ${bytes.length} bytes, codec ${codec}, with offsets ${firstOffset} to ${lastOffset}`;
  return refused === undefined
    ? `${range}; open it with --max-batch-mib`
    : `${range}, of which ${refused} were rejected: correct and publish them again`;
}

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
    if (meaning.ok) candidates.push(entryOf(batch, record, key, meaning));
    else {
      unreadable += 1;
      firstWhy ||= `#${record.offset}: ${meaning.why}`;
    }
  }
  if (unreadable > 0)
    candidates.push(skipped('unreadable', `${unreadable} of its records are unreadable; first: ${firstWhy}`));
  if (unread) candidates.push(skipped('batch', `cannot be opened from offset ${unread.firstOffset}: ${unread.detail}`));
  return candidates;
}

/** Returns the records of a batch that no handler has processed. */
export function waitingIn({ reason, record }: Letter, records: readonly RecordInBatch[]): readonly RecordInBatch[] {
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
