import type { Contract } from '@pagebridge/contracts';
import { StoreUnavailable } from '@pagebridge/database';
import type { BatchResult, Parked, RecordBatch } from '@pagebridge/kafka';
import type { Log } from '@pagebridge/vocabulary';

const retryAfterMs = 1000;

/**
 * Passes the readable records of a batch to `work`, and parks the others.
 *
 * If the database is away or refuses the change, no offset is committed. The batch is then read again, each second: `log` must be
 * limited. What was already done changes nothing.
 */
export async function handleEvents<Data>(
  contract: Contract<Data>,
  batch: RecordBatch,
  work: (events: readonly Data[]) => Promise<void>,
  log: Log,
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
    const { topic, partition } = batch;
    const fields = { topic, partition, cause: error.message, driver: String(error.cause) };
    log.warn(fields, 'database unavailable; rereading records');
    const fromOffset = batch.records[0]?.offset ?? 0;
    return { retry: { fromOffset, afterMs: retryAfterMs, cause: error.message } };
  }
}
