import { deadLetterHeaders, headerText } from '@pagebridge/contracts';
import { countIn } from './header-count.ts';
import type { Label, StoredRecord } from './letter.ts';

/** What a dead letter says of its originals where these are not in it. */
export interface Stub {
  /** Of the original, where there is one. */
  readonly bytes: number | undefined;
  /** How many dead letters it stands for; one may be of a whole record batch. */
  readonly letters: number;
  /** `<topic>/<partition>` */
  readonly place: string;
  /** Where they stand there; between them there may be others. */
  readonly first: number;
  readonly last: number;
  /** Shows them where they stand. */
  readonly command: string;
}

/** A dead letter whose original was too large, or that stands for many; undefined for any other. */
export function stubOf(record: StoredRecord, { topic, origin }: Pick<Label, 'topic' | 'origin'>): Stub | undefined {
  // A producer may write the header; what came with a value has not been left out.
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

/** Where the originals stand. */
export function describeStub({ bytes, letters, place, first, last }: Stub): string {
  const where = first < last ? `${place}, offsets ${first} to ${last} (${last - first + 1}),` : `${place}/${first}`;
  const removed = 'until the retention of its topic removes';
  if (letters > 1) {
    return `the originals of ${letters} dead letters are not in it: they stand at ${where} ${removed} them`;
  }
  const size = bytes === undefined ? '' : `, ${bytes} bytes,`;
  return `the original${size} is not in it: it stands at ${where} ${removed} it`;
}
