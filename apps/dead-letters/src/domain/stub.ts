import { headerText } from '@pagebridge/contracts';
import { countIn } from './header-count.ts';
import type { Label, StoredRecord } from './letter.ts';

export interface Stub {
  readonly bytes: number | undefined;
  /** The command that shows the original where it stands. */
  readonly command: string;
}

/** A dead letter whose original is not in it, since it was too large or one of too many; undefined for any other. */
export function stubOf(record: StoredRecord, { topic, origin }: Pick<Label, 'topic' | 'origin'>): Stub | undefined {
  // A producer may write the header; what came with a value has not been left out.
  if (record.value !== null || headerText(record, 'x-dlq-stub') !== 'true') return undefined;
  const { partition = 0, offset = 0 } = origin;
  return {
    bytes: countIn(record, 'x-dlq-bytes'),
    command: `kcat -b $BROKERS -C -t ${topic} -p ${partition} -o ${offset} -c 1`,
  };
}

/** Where the original stands. */
export const describeStub = ({ bytes }: Stub, { topic, origin }: Pick<Label, 'topic' | 'origin'>): string =>
  `the original, ${bytes ?? 'an unknown number of'} bytes, is not in it: it stands at ` +
  `${topic}/${origin.partition ?? '?'}/${origin.offset ?? '?'} until the retention of its topic removes it`;
