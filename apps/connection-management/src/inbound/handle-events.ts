import type { Contract } from '@pagebridge/contracts';
import type { BatchResult, Parked, RecordBatch } from '@pagebridge/kafka';
import { StoreUnavailable } from '../application/ports.ts';

const retryAfterMs = 1000;

/**
 * Passes the readable records of a batch to `work`, and parks the others.
 *
 * If the database is away, no offset is committed. The batch is then read again; what was already done changes nothing.
 */
export async function handleEvents<Data>(
  contract: Contract<Data>,
  batch: RecordBatch,
  work: (events: readonly Data[]) => Promise<void>,
): Promise<BatchResult> {
  const events: Data[] = [];
  const parked: Parked[] = [];
  for (const record of batch.records) {
    const decoded = contract.decode(record);
    if (decoded.ok) events.push(decoded.event.data);
    else parked.push({ offset: record.offset, reason: decoded.reason, detail: decoded.detail });
  }
  try {
    await work(events);
    return { parked };
  } catch (error) {
    if (!(error instanceof StoreUnavailable)) throw error;
    const fromOffset = batch.records[0]?.offset ?? 0;
    return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
  }
}
