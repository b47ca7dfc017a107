import type { ProducePart } from '../src/driver/driver.ts';
import type { FetchedMessage, TopicPartition } from '../src/driver/protocol/fetched-record.ts';
import { readBatch } from '../src/driver/protocol/record-batch.ts';
import { rawBatch, rawRecord } from './record-batches.ts';

interface Batch {
  readonly producerId: string;
  readonly first: number;
  readonly last: number;
}

/** A partition in memory. */
export class FakeLog {
  readonly values: string[] = [];
  /** Who wrote each of them. */
  readonly producers: string[] = [];
  /** The first offset: what is before was deleted. */
  low = 0;
  /** How many records were taken for a repetition. */
  repetitions = 0;
  private readonly batches: Batch[] = [];

  /** As a broker does it: numbers that were seen are a repetition, and others must follow the last ones. */
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

  /** What follows this offset, in one batch. */
  async read(of: TopicPartition, offset: number): Promise<FetchedMessage[]> {
    const values = this.values.slice(offset);
    const records = values.map((value, n) => rawRecord(n, { value: Buffer.from(value) }));
    const batch = rawBatch({ baseOffset: offset, count: records.length, body: Buffer.concat(records) });
    const messages: FetchedMessage[] = [];
    if (values.length > 0) await readBatch(batch, 0, batch.length, batch.length + 1_000_000, messages, of);
    return messages;
  }

  /** The broker forgets who wrote. */
  forgetProducers(): void {
    this.batches.splice(0);
  }
}
