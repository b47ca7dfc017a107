import { withAdmin } from '../driver/client.ts';
import type { ConsumerHealth } from '../driver/consumer-monitor.ts';
import { KafkaError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { type OffsetRange, offsetRangesOf, PartitionReader } from './partition-reader.ts';

export interface RangeReaderOptions {
  readonly topics: readonly string[];
  readonly onFatal?: ((error: Error) => void) | undefined;
}

interface Job {
  readonly end: number;
  readonly onRecord: (record: ConsumedRecord) => void;
  readonly result: PromiseWithResolvers<void>;
}

/** Reads ranges of partitions, each time that it is asked. */
export class RangeReader {
  private readonly reader: PartitionReader;
  private readonly jobs = new Map<string, Job>();
  private readonly last = new Map<string, Promise<void>>();
  private stopped = false;
  private undecodable = 0;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: RangeReaderOptions,
  ) {
    this.reader = new PartitionReader(settings, {
      topics: options.topics,
      onDemand: true,
      onRecord: (record) => this.hand(record),
      onUndecodable: () => {
        this.undecodable += 1;
      },
      onProgress: (topic, partition, nextOffset) => {
        const job = this.jobs.get(`${topic}/${partition}`);
        if (job && nextOffset >= job.end) this.finish(topic, partition, job);
      },
      onFatal: options.onFatal,
    });
  }

  /** Throws MissingTopicsError or BrokerUnreachableError. */
  async start(): Promise<void> {
    await offsetRangesOf(this.settings, this.options.topics);
    await this.reader.start();
  }

  /**
   * Resolves when `onRecord` has had every record of the range, `high` excluded, and perhaps later ones. A record batch
   * that cannot be decoded is logged as an error and skipped.
   *
   * Calls may overlap; those for one partition follow each other. Rejects with what `onRecord` throws.
   */
  read(range: OffsetRange, onRecord: (record: ConsumedRecord) => void): Promise<void> {
    const name = `${range.topic}/${range.partition}`;
    const before = this.last.get(name) ?? Promise.resolve();
    // The earlier caller has the error.
    const job = before.catch(() => undefined).then(() => this.run(range, onRecord));
    this.last.set(name, job);
    return job;
  }

  /** Reads what was written to these partitions at this time or later, by the time of its records, to the end they have now. */
  async readSince(
    topic: string,
    partitions: readonly number[],
    sinceMs: number,
    onRecord: (record: ConsumedRecord) => void,
  ): Promise<void> {
    const [from, ends] = await withAdmin(this.settings, async (admin) => [
      await admin.fetchTopicOffsetsByTimestamp(topic, sinceMs),
      await admin.fetchTopicOffsets(topic),
    ]);
    const offsetIn = (offsets: typeof from, partition: number): number =>
      Number(offsets.find((one) => one.partition === partition)?.offset ?? 0);
    const ranges = partitions.map((partition) => {
      return { topic, partition, low: offsetIn(from, partition), high: offsetIn(ends, partition) };
    });
    await Promise.all(ranges.map((range) => this.read(range, onRecord)));
  }

  /** Hands over the records at these offsets, as far as they are still there; nearby ones come with one fetch. */
  async readAt(
    topic: string,
    partition: number,
    offsets: Iterable<number>,
    onRecord: (record: ConsumedRecord) => void,
  ): Promise<void> {
    const ranges = await offsetRangesOf(this.settings, [topic]);
    const there = ranges.find((range) => range.partition === partition) ?? { low: 0, high: 0 };
    const wanted = new Set([...offsets].filter((offset) => offset >= there.low && offset < there.high));
    for (const offset of [...wanted].toSorted((a, b) => a - b)) {
      if (!wanted.has(offset)) continue;
      await this.read({ topic, partition, low: offset, high: offset + 1 }, (record) => {
        if (wanted.delete(record.offset)) onRecord(record);
      });
    }
  }

  health(): ConsumerHealth {
    const { live, ready, detail } = this.reader.member.monitor.health();
    const unread = this.undecodable === 0 ? '' : `, ${this.undecodable} batches could not be read`;
    return { live, ready, detail: `${detail}${unread}` };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const [name, job] of this.jobs) {
      const slash = name.lastIndexOf('/');
      this.finish(name.slice(0, slash), Number(name.slice(slash + 1)), job, closed());
    }
    await this.reader.stop();
  }

  private async run({ topic, partition, low, high }: OffsetRange, onRecord: Job['onRecord']): Promise<void> {
    if (this.stopped) throw closed();
    if (low >= high) return;
    const job = { end: high, onRecord, result: Promise.withResolvers<void>() };
    this.jobs.set(`${topic}/${partition}`, job);
    this.reader.read(topic, partition, low);
    await job.result.promise;
  }

  private hand(record: ConsumedRecord): void {
    const { topic, partition } = record;
    const job = this.jobs.get(`${topic}/${partition}`);
    try {
      job?.onRecord(record);
    } catch (error) {
      // The caller decides: the range can be read again.
      if (job) this.finish(topic, partition, job, error);
    }
  }

  private finish(topic: string, partition: number, job: Job, error?: unknown): void {
    this.jobs.delete(`${topic}/${partition}`);
    this.reader.pause(topic, partition);
    if (error === undefined) job.result.resolve();
    else job.result.reject(error);
  }
}

const closed = () => new KafkaError('KAFKA.CLOSED', true, 'The reader is stopped');
