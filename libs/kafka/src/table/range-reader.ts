import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { KafkaError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { type OffsetRange, offsetRange } from './offsets.ts';
import { PartitionReader } from './partition-reader.ts';

interface Job extends OffsetRange {
  readonly onRecord: (record: ConsumedRecord) => void;
  readonly result: PromiseWithResolvers<void>;
}

/**
 * Reads ranges of partitions, each time that it is asked.
 *
 * A record batch that cannot be decoded is logged as an error and skipped. Calls may overlap; those for one partition follow
 * each other. Each rejects with what its `onRecord` throws, and waits where Kafka is away.
 */
export class RangeReader {
  private readonly reader: PartitionReader;
  private readonly jobs = new Map<string, Job>();
  private readonly last = new Map<string, Promise<void>>();
  private stopped = false;

  constructor(settings: KafkaSettings) {
    this.reader = new PartitionReader(settings, {
      onRecord: (record) => this.hand(record),
      onAnswer: (position) => {
        const job = this.jobs.get(partitionName(position));
        if (job && position.offset >= job.high) this.finish(job);
      },
    });
  }

  /** Reads a partition from its beginning to the end it has now. */
  async readAll(topic: string, partition: number, onRecord: Job['onRecord']): Promise<void> {
    await this.read(await this.rangeOf({ topic, partition }), onRecord);
  }

  /** Reads what was written to a partition at this time or later, by the time of its records, to the end it has now. */
  async readSince(topic: string, partition: number, sinceMs: number, onRecord: Job['onRecord']): Promise<void> {
    await this.read(await this.rangeOf({ topic, partition }, sinceMs), onRecord);
  }

  /** Hands over the records at these offsets, as far as they are still there; nearby ones come with one fetch. */
  async readAt(topic: string, partition: number, offsets: Iterable<number>, onRecord: Job['onRecord']): Promise<void> {
    const there = await this.rangeOf({ topic, partition });
    const wanted = new Set([...offsets].filter((offset) => offset >= there.low && offset < there.high));
    for (const offset of [...wanted].toSorted((a, b) => a - b)) {
      if (!wanted.has(offset)) continue;
      await this.read({ ...there, low: offset, high: offset + 1 }, (record) => {
        if (wanted.delete(record.offset)) onRecord(record);
      });
    }
  }

  health(): { readonly ready: boolean; readonly detail: string } {
    const { ready, detail } = this.reader.health();
    const { undecodable } = this.reader;
    return { ready, detail: undecodable === 0 ? detail : `${detail}, ${undecodable} batches could not be read` };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const job of this.jobs.values()) this.finish(job, closed());
    await this.reader.stop();
  }

  private rangeOf(of: TopicPartition, sinceMs?: number): Promise<OffsetRange> {
    return this.reader.ask((cluster) => offsetRange(cluster, of, sinceMs));
  }

  /** Resolves when `onRecord` has had every record of the range, `high` excluded, and perhaps later ones. */
  private read(range: OffsetRange, onRecord: Job['onRecord']): Promise<void> {
    const before = this.last.get(partitionName(range)) ?? Promise.resolve();
    // The earlier caller has the error.
    const job = before.catch(() => undefined).then(() => this.run(range, onRecord));
    this.last.set(partitionName(range), job);
    return job;
  }

  private async run(range: OffsetRange, onRecord: Job['onRecord']): Promise<void> {
    if (this.stopped) throw closed();
    if (range.low >= range.high) return;
    const job = { ...range, onRecord, result: Promise.withResolvers<void>() };
    this.jobs.set(partitionName(range), job);
    this.reader.read(range);
    await job.result.promise;
  }

  private hand(record: ConsumedRecord): void {
    const job = this.jobs.get(partitionName(record));
    try {
      job?.onRecord(record);
    } catch (error) {
      // The caller decides: the range can be read again.
      if (job) this.finish(job, error);
    }
  }

  private finish(job: Job, error?: unknown): void {
    this.jobs.delete(partitionName(job));
    this.reader.pause(job);
    if (error === undefined) job.result.resolve();
    else job.result.reject(error);
  }
}

const closed = () => new KafkaError('KAFKA.CLOSED', true, 'The reader is stopped');
