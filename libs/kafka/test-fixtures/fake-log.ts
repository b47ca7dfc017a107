import type { ProducePart } from '../src/driver/driver.ts';
import type { FetchedMessage, TopicPartition } from '../src/driver/protocol/fetched-record.ts';
import { readBatch } from '../src/driver/protocol/record-batch.ts';
import { rawBatch, rawRecord } from './record-batches.ts';

interface Batch {
  readonly producerId: string;
  readonly first: number;
  readonly last: number;
}

/** An in-memory partition. */
export class FakeLog {
  readonly values: string[] = [];
  /** The producer id of each value. */
  readonly producers: string[] = [];
  /** The first offset; earlier records were deleted. */
  low = 0;
  /** The number of records that were discarded as a repetition. */
  repetitions = 0;
  private readonly batches: Batch[] = [];

  /** Appends like a broker: known sequence numbers are a repetition, others must follow the last. Returns an error. */
  append({ identity, firstSequence, records }: ProducePart): string | undefined {
    const { producerId } = identity;
    const last = firstSequence + records.length - 1;
    const known = this.batches.filter((batch) => batch.producerId === producerId).slice(-5);
    if (known.some((batch) => batch.first === firstSequence && batch.last === last)) {
      this.repetitions += records.length;
      return undefined;
    }
    const expected = known.length === 0 ? 0 : (known.at(-1) as Batch).last + 1;
    if (firstSequence !== expected) return 'OUT_OF_ORDER_SEQUENCE_NUMBER';
    this.batches.push({ producerId, first: firstSequence, last });
    this.values.push(...records.map(({ value }) => String(value)));
    this.producers.push(...records.map(() => producerId));
    return undefined;
  }

  /** Returns the records from this offset on, in one batch. */
  async read(of: TopicPartition, offset: number): Promise<FetchedMessage[]> {
    const values = this.values.slice(offset);
    const records = values.map((value, n) => rawRecord(n, { value: Buffer.from(value) }));
    const batch = rawBatch({ baseOffset: offset, count: records.length, body: Buffer.concat(records) });
    const messages: FetchedMessage[] = [];
    if (values.length > 0) await readBatch(batch, 0, batch.length, batch.length + 1_000_000, messages, of);
    return messages;
  }

  /** Forgets the sequence numbers of all producers. */
  forgetProducers(): void {
    this.batches.splice(0);
  }
}
