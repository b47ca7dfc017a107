import type { Driver } from '../driver/driver.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { KafkaError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import type { OffsetRange } from './offsets.ts';
import { PartitionReader, type PartitionReaderOptions } from './partition-reader.ts';
import { never } from './position.ts';

interface Range extends OffsetRange {
  /** The log may not hold the first offset; then there is nothing to read. */
  readonly isUnchecked?: boolean;
}

interface Job extends Range {
  readonly onRecord: (record: ConsumedRecord) => void;
  /** Resolves to the offset from which to read on. */
  readonly result: PromiseWithResolvers<number>;
  /** How often the log was seen to end before the first record. */
  ends: number;
}

const lookAgainMs = 250;

/**
 * Reads ranges of partitions on demand.
 *
 * A record batch that cannot be decoded is logged as an error and skipped. Calls for one partition run one after the
 * other. A call rejects with an error of its `onRecord`, and if Kafka is down at its start; it waits in a later outage.
 */
export class RangeReader {
  private readonly reader: PartitionReader;
  private readonly jobs = new Map<string, Job>();
  private readonly lastJobs = new Map<string, Promise<number | undefined>>();
  private stopped = false;

  /** `maxPartitionBytes`: the limit of one partition in a fetch; default 4 MiB. */
  constructor(settings: KafkaSettings, maxPartitionBytes?: number, driver?: Driver) {
    const options: PartitionReaderOptions = {
      maxPartitionBytes,
      onRecord: (record) => this.deliver(record),
      onProgress: (position) => {
        const job = this.jobs.get(partitionName(position));
        if (!job) return;
        if (position.offset >= job.high) job.result.resolve(position.offset);
        else if (job.isUnchecked && !position.failure && position.offset >= position.end) this.lookAgain(job, position);
      },
      onOutOfRange: (position) => {
        const job = this.jobs.get(partitionName(position));
        if (job?.isUnchecked) job.result.resolve(position.offset);
        return job?.isUnchecked === true;
      },
    };
    this.reader = new PartitionReader(settings, options, driver);
  }

  /** Reads a partition from its beginning to its present end. */
  async readAll(topic: string, partition: number, onRecord: Job['onRecord']): Promise<void> {
    await this.read(await this.rangeOf({ topic, partition }), onRecord);
  }

  /** Reads a partition from the first record with this timestamp or a later one to its present end. */
  async readSince(topic: string, partition: number, sinceMs: number, onRecord: Job['onRecord']): Promise<void> {
    await this.read(await this.rangeOf({ topic, partition }, sinceMs), onRecord);
  }

  /** Reads the records at these offsets that still exist; nearby records share a fetch. */
  async readAt(topic: string, partition: number, offsets: Iterable<number>, onRecord: Job['onRecord']): Promise<void> {
    const range = await this.rangeOf({ topic, partition });
    const remaining = new Set([...offsets].filter((offset) => offset >= range.low && offset < range.high));
    for (const offset of [...remaining].toSorted((a, b) => a - b)) {
      if (!remaining.has(offset)) continue;
      await this.read({ ...range, low: offset, high: offset + 1 }, (record) => {
        if (remaining.delete(record.offset)) onRecord(record);
      });
    }
  }

  /**
   * Reads the records from this offset on that one fetch returns; none if the log does not hold the offset any more. Returns the
   * offset from which to read on, which is the same one if there was nothing to read.
   */
  readFrom(topic: string, partition: number, low: number, onRecord: Job['onRecord']): Promise<number> {
    const range = { topic, partition, low, high: low + 1, requestedAt: never, isUnchecked: true };
    return this.read(range, onRecord);
  }

  /** Returns the offsets that partitions hold now, in any order; with a time those from then on, and the time of their first record. */
  ranges(of: readonly TopicPartition[], sinceMs?: number): Promise<readonly OffsetRange[]> {
    return this.reader.ranges(of, sinceMs);
  }

  /** The number of record batches that could not be decoded, and were skipped. */
  get undecodable(): number {
    return this.reader.undecodable;
  }

  health(): { readonly ready: boolean; readonly detail: string } {
    const { ready, detail } = this.reader.health();
    const { undecodable } = this.reader;
    return {
      ready,
      detail: undecodable === 0 ? detail : `${detail}, ${undecodable} record batches could not be decoded`,
    };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const { result } of this.jobs.values()) result.reject(closed());
    await this.reader.stop();
  }

  private async rangeOf(of: TopicPartition, sinceMs?: number): Promise<OffsetRange> {
    const [range] = await this.ranges([of], sinceMs);
    return range as OffsetRange;
  }

  /** Resolves when `onRecord` has received every record below `high`; it may have received later records, too. */
  private read(range: Range, onRecord: Job['onRecord']): Promise<number> {
    const previous = this.lastJobs.get(partitionName(range)) ?? Promise.resolve(undefined);
    // The caller of the previous job handles its error.
    const job = previous.catch(() => undefined).then(() => this.run(range, onRecord));
    this.lastJobs.set(partitionName(range), job);
    return job;
  }

  private async run(range: Range, onRecord: Job['onRecord']): Promise<number> {
    if (this.stopped) throw closed();
    if (range.low >= range.high) return range.low;
    const result = Promise.withResolvers<number>();
    this.jobs.set(partitionName(range), { ...range, onRecord, result, ends: 0 });
    this.reader.read(range);
    try {
      return await result.promise;
    } finally {
      this.jobs.delete(partitionName(range));
      this.reader.pause(range);
    }
  }

  /** Ends a job whose log ends before its first record, if it still does after a while. */
  private lookAgain(job: Job, position: TopicPartition & { readonly offset: number }): void {
    job.ends += 1;
    if (job.ends > 1) {
      job.result.resolve(position.offset);
      return;
    }
    // A new leader may not show its last records at once. The broker would delay the next fetch until it has a record, and
    // with it the reads of other partitions, so this one pauses.
    this.reader.pause(position);
    setTimeout(() => {
      if (this.jobs.get(partitionName(job)) === job) this.reader.read(job);
    }, lookAgainMs).unref();
  }

  private deliver(record: ConsumedRecord): void {
    const job = this.jobs.get(partitionName(record));
    try {
      job?.onRecord(record);
    } catch (error) {
      // The caller decides whether to read the range again.
      this.jobs.delete(partitionName(record));
      job?.result.reject(error);
    }
  }
}

const closed = () => new KafkaError('KAFKA.CLOSED', true, 'The reader is stopped');
