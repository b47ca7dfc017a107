import type { ConsumerHealth } from '../driver/consumer-monitor.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { offsetRangesOf } from './partition-reader.ts';
import { RangeReader } from './range-reader.ts';

export interface PartitionRestorerOptions {
  readonly topic: string;
  readonly onFatal?: (error: Error) => void;
}

/** Reads chosen partitions of a topic from their beginning to their end, each time that it is asked. */
export class PartitionRestorer {
  private readonly reader: RangeReader;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: PartitionRestorerOptions,
  ) {
    this.reader = new RangeReader(settings, { topics: [options.topic], onFatal: options.onFatal });
  }

  /** Throws MissingTopicsError or BrokerUnreachableError. */
  start(): Promise<void> {
    return this.reader.start();
  }

  /** Resolves when `onRecord` has had every record that these partitions have now, as `RangeReader.read` says. */
  async restore(partitions: readonly number[], onRecord: (record: ConsumedRecord) => void): Promise<void> {
    const ranges = await offsetRangesOf(this.settings, [this.options.topic]);
    const wanted = ranges.filter(({ partition }) => partitions.includes(partition));
    await Promise.all(wanted.map((range) => this.reader.read(range, onRecord)));
  }

  health(): ConsumerHealth {
    return this.reader.health();
  }

  stop(): Promise<void> {
    return this.reader.stop();
  }
}
