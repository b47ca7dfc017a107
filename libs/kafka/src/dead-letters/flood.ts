import { FetchedRecord, type RawBatch } from '../driver/protocol/fetched-record.ts';
import type { ConsumedRecord } from '../record.ts';
import { type DeadLetter, letterOfMany } from './dead-letter.ts';
import { sizeOfOriginal } from './stub.ts';

// 156 KB of a producer can become 253,000 letters, each with headers of its own, or gigabytes of the same byte.
const maxLetters = 1000;
const maxBytes = 8 * 1024 * 1024;
// No event has more, and each header costs more work than its bytes suggest.
const maxHeaders = 1000;

/**
 * Returns the letters to write for those of one partition: beyond 1,000 letters or 8 MiB, the record batches in which their
 * records are in the log, so that no flood becomes larger than it is. Also the batch of a record with very many headers.
 */
export function floodsAsBatches(letters: readonly DeadLetter[]): DeadLetter[] {
  const faulty = letters.filter(({ isSound }) => !isSound);
  const sizes = faulty.length > maxLetters ? [] : faulty.map(({ record }) => sizeOfOriginal(record));
  const bytes = sizes.reduce((sum, size) => sum + size.bytes, 0);
  // A single large record is kept as it is.
  const isFlood = faulty.length > maxLetters || (faulty.length > 1 && bytes > maxBytes);
  const isInBatch = (n: number) => isFlood || (sizes[n]?.headers ?? 0) > maxHeaders;
  const byBatch = Map.groupBy(faulty, ({ record }, n) => (isInBatch(n) ? rawBatchOf(record) : undefined));
  return [
    ...letters.filter(({ isSound }) => isSound),
    ...[...byBatch].flatMap(([batch, ofBatch]) => (batch ? letterOfMany(batch, ofBatch) : ofBatch)),
  ];
}

const rawBatchOf = (record: ConsumedRecord): RawBatch | undefined =>
  record instanceof FetchedRecord ? record.batch : undefined;
