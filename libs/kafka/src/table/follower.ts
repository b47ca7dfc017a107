import type { Driver } from '../driver/driver.ts';
import type { TopicPartition } from '../driver/protocol/fetched-record.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { PartitionReader } from './partition-reader.ts';

/**
 * Reads partitions from given offsets on, as records are written, until it is stopped. Belongs to no consumer group and commits
 * nothing. An outage is waited out: `health` has its cause.
 */
export class Follower {
  private readonly reader: PartitionReader;

  /** `onRecord` must not throw. */
  constructor(settings: KafkaSettings, onRecord: (record: ConsumedRecord) => void, driver?: Driver) {
    this.reader = new PartitionReader(settings, { onRecord, onProgress: () => undefined }, driver);
  }

  /** Begins to follow these partitions. Rejects with MissingTopicsError, SecurityError or BrokerUnreachableError. */
  async start(from: readonly (TopicPartition & { readonly offset: number })[]): Promise<void> {
    await this.reader.query((cluster) => cluster.require(from.map(({ topic }) => topic)));
    const requestedAt = performance.now();
    for (const { topic, partition, offset } of from)
      this.reader.read({ topic, partition, low: offset, high: offset, requestedAt });
  }

  health(): { readonly ready: boolean; readonly detail: string } {
    return this.reader.health();
  }

  stop(): Promise<void> {
    return this.reader.stop();
  }
}
