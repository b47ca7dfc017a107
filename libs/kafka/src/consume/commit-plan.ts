import type { DeadLetter } from '../dead-letters/dead-letter.ts';
import type { RecordBatch } from '../record.ts';
import type { BatchResult, Retry } from './batch-result.ts';

export interface CommitPlan {
  readonly parked: readonly DeadLetter[];
  /** The offset to commit: the first offset that is not handled. */
  readonly nextOffset: number;
  readonly retry?: Retry | undefined;
}

export const firstOffsetOf = ({ records }: RecordBatch): number => records[0]?.offset ?? 0;
export const lastOffsetOf = ({ records }: RecordBatch): number => records.at(-1)?.offset ?? 0;

/** Returns the plan for a result. Throws RangeError if an offset is outside of the batch, which is a handler bug. */
export function commitPlanOf(batch: RecordBatch, { parked = [], retry }: BatchResult, endOffset: number): CommitPlan {
  const nextOffset = retry ? retry.fromOffset : endOffset;
  if (!(nextOffset >= firstOffsetOf(batch) && nextOffset <= endOffset)) {
    throw new RangeError(`retry.fromOffset ${nextOffset} is outside of the batch`);
  }
  const recordAt = parked.length > 0 ? new Map(batch.records.map((record) => [record.offset, record])) : undefined;
  const letters = parked.map(({ offset, ...why }): DeadLetter => {
    const record = recordAt?.get(offset);
    if (!record) throw new RangeError(`parked offset ${offset} is not in the batch`);
    return { record, attempts: 1, ...why };
  });
  return { parked: letters.filter(({ record }) => record.offset < nextOffset), nextOffset, retry };
}
