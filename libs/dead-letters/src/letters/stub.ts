import { headerText } from '@pagebridge/contracts';
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import type { Label } from './letter.ts';
import { countIn, type StoredRecord } from './record.ts';

// More than one batch of commands has: a stub may be forged.
const mostOriginals = 10_000;

/** The description of the originals in a stub. */
export interface Stub {
  /** The size of the original, if there is one original. */
  readonly bytes: number | undefined;
  /** The number of dead letters that the stub replaces; one of them may be a whole record batch. */
  readonly letters: number;
  /** `<topic>/<partition>` */
  readonly place: string;
  /** The first and last offset of the originals; other records may lie between them. */
  readonly first: number;
  readonly last: number;
  /** A command that shows the originals. */
  readonly command: string;
}

/** Parses a stub; undefined for any other dead letter. */
export function stubOf(record: StoredRecord, { topic, origin }: Pick<Label, 'topic' | 'origin'>): Stub | undefined {
  // A producer may write the stub header, but a stub never has a value.
  if (record.value !== null || headerText(record, deadLetterHeaders.stub) !== 'true') return undefined;
  const { partition, offset: first } = origin;
  if (partition === undefined || first === undefined) return undefined;
  const last = Math.max(first, countIn(record, deadLetterHeaders.lastOffset) ?? first);
  const offsets = last - first + 1;
  return {
    bytes: countIn(record, deadLetterHeaders.bytes),
    letters: Math.min(offsets, countIn(record, deadLetterHeaders.letters) ?? 1),
    place: `${topic}/${partition}`,
    first,
    last,
    command: `kcat -b $BROKERS -C -t ${topic} -p ${partition} -o ${first} -c ${offsets}`,
  };
}

/**
 * Returns whether the originals of a stub are replayed from their topic: commands of one org, whose key begins with that of
 * the stub. Other commands of the org between them are sent again, too: they change nothing while their alert is known.
 */
export function isOfFlood(record: StoredRecord, label: Pick<Label, 'topic' | 'origin' | 'reason'>): boolean {
  const stub = label.reason === 'too-many-waiting' ? stubOf(record, label) : undefined;
  return stub !== undefined && stub.last - stub.first < mostOriginals;
}

export function describeStub({ bytes, letters, place, first, last }: Stub): string {
  const where = first < last ? `${place}, offsets ${first} to ${last} (${last - first + 1}),` : `${place}/${first}`;
  const removed = 'until the retention of its topic removes';
  if (letters > 1) {
    return `the originals of ${letters} dead letters are not stored here: they are at ${where} ${removed} them`;
  }
  const size = bytes === undefined ? '' : `, ${bytes} bytes,`;
  return `the original${size} is not stored here: it is at ${where} ${removed} it`;
}
