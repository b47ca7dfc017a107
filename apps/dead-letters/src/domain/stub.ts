import { headerText } from '@pagebridge/contracts';
import { countIn } from './header-count.ts';
import type { Label, StoredRecord } from './letter.ts';

/** What a dead letter says of its original where that is not in it. */
export interface Stub {
  readonly bytes: number | undefined;
  /** `<topic>/<partition>/<offset>` */
  readonly original: string;
  /** Shows the original where it stands. */
  readonly command: string;
}

/** A dead letter whose original was too large, or one of too many; undefined for any other. */
export function stubOf(record: StoredRecord, { topic, origin }: Pick<Label, 'topic' | 'origin'>): Stub | undefined {
  // A producer may write the header; what came with a value has not been left out.
  if (record.value !== null || headerText(record, 'x-dlq-stub') !== 'true') return undefined;
  const { partition, offset } = origin;
  if (partition === undefined || offset === undefined) return undefined;
  return {
    bytes: countIn(record, 'x-dlq-bytes'),
    original: `${topic}/${partition}/${offset}`,
    command: `kcat -b $BROKERS -C -t ${topic} -p ${partition} -o ${offset} -c 1`,
  };
}

/** Where the original stands. */
export const describeStub = ({ bytes, original }: Stub): string =>
  `the original${bytes === undefined ? '' : `, ${bytes} bytes,`} is not in it: it stands at ${original} until the ` +
  'retention of its topic removes it';
