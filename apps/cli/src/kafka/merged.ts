import type { ConsumedRecord, RangeReader } from '@pagebridge/kafka';
import { answered } from './answered.ts';

type Reader = Pick<RangeReader, 'readFrom' | 'ranges' | 'health'>;

/** A part of a partition; `high` is the offset after its last record. */
interface Range {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  readonly high: number;
}

/** The limit of a fetch of one partition: a reader that merges many holds one of each. */
export const mergedFetchBytes = 256 * 1024;

/**
 * Yields the records of these ranges: those of a partition in its order, those of several by their times in Kafka. Holds one
 * fetch of each partition, and reads on when the caller asks for more. Rejects with a KafkaError if Kafka does not answer.
 */
export async function* merged(reader: Reader, ranges: readonly Range[]): AsyncGenerator<ConsumedRecord> {
  const parts = ranges.map((range) => new Part(reader, range));
  await Promise.all(parts.map((part) => part.fill()));
  for (;;) {
    const left = parts.filter(({ head }) => head !== undefined);
    const [first, ...others] = left;
    if (!first) return;
    const next = others.reduce((a, b) => (timeOf(b) < timeOf(a) ? b : a), first);
    yield next.take();
    if (next.head === undefined) await next.fill();
  }
}

const timeOf = ({ head }: Part): number => head?.timestamp ?? Number.POSITIVE_INFINITY;

/** A range with the records of its last fetch. */
class Part {
  private fetched: ConsumedRecord[] = [];
  private at = 0;
  private next: number;

  constructor(
    private readonly reader: Reader,
    private readonly range: Range,
  ) {
    this.next = range.low;
  }

  get head(): ConsumedRecord | undefined {
    return this.fetched[this.at];
  }

  take(): ConsumedRecord {
    const record = this.fetched[this.at] as ConsumedRecord;
    this.at += 1;
    return record;
  }

  /** Fetches until there is a record or the range ends. */
  async fill(): Promise<void> {
    const { topic, partition, high } = this.range;
    this.fetched = [];
    this.at = 0;
    while (this.fetched.length === 0 && this.next < high) {
      const read = this.reader.readFrom(topic, partition, this.next, (record) => {
        if (record.offset < high) this.fetched.push(record);
      });
      const next = await answered(this.reader, read);
      this.next = next > this.next ? next : await this.afterDeletion();
    }
  }

  /** Returns where to read on if the log does not hold the next offset any more: at its beginning, or nowhere if it was cut. */
  private async afterDeletion(): Promise<number> {
    const [now] = await this.reader.ranges([this.range]);
    return now && now.low > this.next ? now.low : this.range.high;
  }
}
