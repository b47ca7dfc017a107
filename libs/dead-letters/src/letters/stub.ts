import { headerText } from '@pagebridge/contracts';
import { deadLetterHeaders } from '@pagebridge/vocabulary';
import type { Label } from './letter.ts';
import { countIn, type StoredRecord } from './record.ts';

/** The description of the original in a stub. */
export interface Stub {
  readonly bytes: number | undefined;
  /** `<topic>/<partition>/<offset>` */
  readonly place: string;
  /** A command that shows the original. */
  readonly command: string;
}

/** Parses a stub; undefined for any other dead letter. */
export function stubOf(record: StoredRecord, { topic, origin }: Pick<Label, 'topic' | 'origin'>): Stub | undefined {
  // A producer may write the stub header, but a stub never has a value.
  if (record.value !== null || headerText(record, deadLetterHeaders.stub) !== 'true') return undefined;
  const { partition, offset } = origin;
  if (partition === undefined || offset === undefined) return undefined;
  return {
    bytes: countIn(record, deadLetterHeaders.bytes),
    place: `${topic}/${partition}/${offset}`,
    command: `kcat -b $BROKERS -C -t ${topic} -p ${partition} -o ${offset} -c 1`,
  };
}

export function describeStub({ bytes, place }: Stub): string {
  const size = bytes === undefined ? '' : ` (${bytes} bytes)`;
  return `the original${size} is only at ${place}, until the retention of that topic deletes it`;
}
