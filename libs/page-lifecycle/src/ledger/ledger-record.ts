import {
  type AlertState,
  type IncomingRecord,
  type OutcomeWatermark,
  ownerEpochOf,
  PageStates,
} from '@pagebridge/contracts';
import { stateIn } from '../page.ts';

/** Who wrote a record of the ledger: the owner of its partition, and the number of the owner's write. */
export interface Written {
  readonly ownerEpoch: number;
  readonly write?: number | undefined;
}

/** What a record of the ledger says of its alert. */
export type Said = AlertState | 'forgotten' | 'unreadable';

/** `by` is undefined if the record cannot be read; `complaint` says why. */
export interface LedgerRecord {
  readonly said: Said;
  readonly by?: Written;
  readonly watermark?: OutcomeWatermark | undefined;
  readonly complaint?: string;
}

export function ledgerRecordOf(record: IncomingRecord): LedgerRecord {
  if (record.value === null) return { said: 'forgotten', by: { ownerEpoch: ownerEpochOf(record) } };
  const read = PageStates.dataOf(record);
  if (!read.ok) return { said: 'unreadable', complaint: `${read.reason}: ${read.detail}` };
  const { ownerEpoch, write, outcomeWatermark: watermark } = read.data;
  return { said: stateIn(read.data), by: { ownerEpoch, write }, watermark };
}
