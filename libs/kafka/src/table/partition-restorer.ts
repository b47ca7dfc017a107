import type { ConsumerHealth } from '../driver/consumer-monitor.ts';
import { KafkaError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { type OffsetRange, offsetRangesOf, PartitionReader } from './partition-reader.ts';

export interface PartitionRestorerOptions {
  readonly topic: string;
  readonly onFatal?: (error: Error) => void;
}

interface Job {
  readonly end: number;
  readonly onRecord: (record: ConsumedRecord) => void;
  readonly result: PromiseWithResolvers<void>;
}

/** Reads chosen partitions of a topic from their beginning to their end, each time that it is asked. */
export class PartitionRestorer {
  private readonly reader: PartitionReader;
  private readonly jobs = new Map<number, Job>();
  private readonly last = new Map<number, Promise<void>>();
  private stopped = false;
  private undecodable = 0;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: PartitionRestorerOptions,
  ) {
    this.reader = new PartitionReader(settings, {
      topics: [options.topic],
      onDemand: true,
      onRecord: (record) => this.hand(record),
      onUndecodable: () => {
        this.undecodable += 1;
      },
      onProgress: (_topic, partition, nextOffset) => {
        const job = this.jobs.get(partition);
        if (job && nextOffset >= job.end) this.finish(partition, job);
      },
      onFatal: options.onFatal,
    });
  }

  /** Throws MissingTopicsError or BrokerUnreachableError. */
  async start(): Promise<void> {
    await offsetRangesOf(this.settings, [this.options.topic]);
    await this.reader.start();
  }

  /**
   * Resolves when `onRecord` has had every record that these partitions have now, and perhaps later ones. A record batch
   * that cannot be decoded is logged as an error and skipped.
   *
   * Calls may overlap; those for one partition follow each other. Rejects with what `onRecord` throws.
   */
  async restore(partitions: readonly number[], onRecord: (record: ConsumedRecord) => void): Promise<void> {
    const ranges = await offsetRangesOf(this.settings, [this.options.topic]);
    const wanted = ranges.filter(({ partition }) => partitions.includes(partition));
    await Promise.all(wanted.map((range) => this.enqueue(range, onRecord)));
  }

  health(): ConsumerHealth {
    const { live, ready, detail } = this.reader.member.monitor.health();
    const unread = this.undecodable === 0 ? '' : `, ${this.undecodable} batches could not be read`;
    return { live, ready, detail: `${detail}${unread}` };
  }

  async stop(): Promise<void> {
    this.stopped = true;
    for (const [partition, job] of this.jobs) this.finish(partition, job, closed());
    await this.reader.stop();
  }

  private enqueue(range: OffsetRange, onRecord: Job['onRecord']): Promise<void> {
    const { partition } = range;
    const before = this.last.get(partition) ?? Promise.resolve();
    // The earlier caller has the error.
    const job = before.catch(() => undefined).then(() => this.run(range, onRecord));
    this.last.set(partition, job);
    return job;
  }

  private async run({ topic, partition, low, high }: OffsetRange, onRecord: Job['onRecord']): Promise<void> {
    if (this.stopped) throw closed();
    if (low >= high) return;
    const job = { end: high, onRecord, result: Promise.withResolvers<void>() };
    this.jobs.set(partition, job);
    this.reader.read(topic, partition, low);
    await job.result.promise;
  }

  private hand(record: ConsumedRecord): void {
    const job = this.jobs.get(record.partition);
    try {
      job?.onRecord(record);
    } catch (error) {
      // The caller decides: the partition can be read again.
      if (job) this.finish(record.partition, job, error);
    }
  }

  private finish(partition: number, job: Job, error?: unknown): void {
    this.jobs.delete(partition);
    this.reader.pause(this.options.topic, partition);
    if (error === undefined) job.result.resolve();
    else job.result.reject(error);
  }
}

const closed = () => new KafkaError('KAFKA.CLOSED', true, 'The restorer is stopped');
