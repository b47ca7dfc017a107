import { deadLetterHeaders, headerText } from '@pagebridge/contracts';
import { countIn } from './header-count.ts';
import type { Label, StoredRecord } from './letter.ts';

/** What a stub says of its originals. */
export interface Stub {
  /** The size of the original, where there is one. */
  readonly bytes: number | undefined;
  /** The number of dead letters that it stands for; one may be a whole record batch. */
  readonly letters: number;
  /** `<topic>/<partition>` */
  readonly place: string;
  /** The first and the last offset; between them there may be other records. */
  readonly first: number;
  readonly last: number;
  /** A command that shows the originals. */
  readonly command: string;
}

/** Reads a stub; undefined for any other dead letter. */
export function stubOf(record: StoredRecord, { topic, origin }: Pick<Label, 'topic' | 'origin'>): Stub | undefined {
  // A producer may write the header; a stub has no value.
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

export function describeStub({ bytes, letters, place, first, last }: Stub): string {
  const where = first < last ? `${place}, offsets ${first} to ${last} (${last - first + 1}),` : `${place}/${first}`;
  const removed = 'until the retention of its topic removes';
  if (letters > 1) {
    return `the originals of ${letters} dead letters are not in it: they stand at ${where} ${removed} them`;
  }
  const size = bytes === undefined ? '' : `, ${bytes} bytes,`;
  return `the original${size} is not in it: it stands at ${where} ${removed} it`;
}
