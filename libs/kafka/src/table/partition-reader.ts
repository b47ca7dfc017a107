import { randomUUID } from 'node:crypto';
import { messageOf, withAdmin } from '../driver/client.ts';
import type { EndSeen } from '../driver/fetch-ends.ts';
import { type FetchedBatch } from '../driver/fetched-batch.ts';
import { GroupMember, type Membership } from '../driver/group-member.ts';
import { UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import { countsOf } from '../driver/topics.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';

export interface PartitionReaderOptions {
  readonly topics: readonly string[];
  /** A partition is read only after `read` asks for it. */
  readonly onDemand: boolean;
  readonly onRecord: (record: ConsumedRecord) => void;
  /** A batch that cannot be decoded, and is logged already. Reading goes on behind it. */
  readonly onUndecodable: () => void;
  /** The partition is read up to this offset, exclusive; `highWatermark` is its end as last seen. */
  readonly onProgress: (topic: string, partition: number, nextOffset: number, highWatermark?: number) => void;
  /** Everything of the partition that was there at this time of `performance.now()` is read. */
  readonly onEnd?: EndSeen;
  readonly onFatal?: ((error: Error) => void) | undefined;
}

export interface OffsetRange {
  readonly topic: string;
  readonly partition: number;
  readonly low: number;
  /** The end: the offset that the next record gets. */
  readonly high: number;
}

/** The first and end offsets of topics; throws MissingTopicsError. */
export const offsetRangesOf = (settings: KafkaSettings, topics: readonly string[]): Promise<OffsetRange[]> =>
  withAdmin(settings, async (admin) => {
    await countsOf(admin, topics);
    const ranges: OffsetRange[] = [];
    for (const topic of topics) {
      for (const { partition, low, high } of await admin.fetchTopicOffsets(topic)) {
        ranges.push({ topic, partition, low: Number(low), high: Number(high) });
      }
    }
    return ranges;
  });

// The share of a partition in one fetch: a restore takes fewer of them. The more, the more waits in memory.
const maxBatchBytes = 4 * 1024 * 1024;
// kafkajs copies an answer together from what the socket brings: of larger ones each takes new pages of the system.
const maxFetchBytes = 8 * 1024 * 1024;
// A group of one waits for no rebalance: half the usual rate keeps its session, and costs half as much while idle.
const heartbeatIntervalMs = 3000;

/** With what the groups of all readers of a client begin: who grants rights to them grants them to this. */
export const readerGroupPrefix = (clientId: string): string => `${clientId}-reader-`;

/**
 * Reads all partitions of topics in this process, without commits: kafkajs has no `assign()`, so each reader is a consumer
 * group of its own, deleted when it stops.
 *
 * It keeps the positions and seeks them after every join: a new membership would start from the beginning, and old values
 * would overwrite new ones.
 */
export class PartitionReader {
  readonly member: GroupMember;
  private readonly group: string;
  private readonly positions = new Map<string, number>();
  private readonly active = new Set<string>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: PartitionReaderOptions,
  ) {
    this.group = `${readerGroupPrefix(settings.clientId)}${randomUUID()}`;
    this.member = new GroupMember(settings, {
      group: this.group,
      topics: options.topics,
      maxBatchBytes,
      maxFetchBytes,
      heartbeatIntervalMs,
      eachBatch: (payload) => this.eachBatch(payload),
      onJoined: (membership) => this.joined(membership),
      onLost: () => undefined,
      onBatchEnd: (end) => {
        if (end.records === 0) this.reached(end.topic, end.partition, end.lastOffset + 1);
      },
      onEnd: options.onEnd,
      onFatal: options.onFatal,
    });
  }

  /** Resolves once all partitions are owned. Topics must exist. */
  start(): Promise<void> {
    return this.member.start();
  }

  async stop(): Promise<void> {
    await this.member.stop();
    try {
      await withAdmin({ ...this.settings, connectTimeoutMs: 0 }, (admin) => admin.deleteGroups([this.group]));
    } catch (error) {
      // The broker deletes an empty group by itself after `offsets.retention.minutes`.
      this.settings.log.debug('A reader group was not deleted', { group: this.group, error: messageOf(error) });
    }
  }

  /** Reads a partition from this offset on. */
  read(topic: string, partition: number, offset: number): void {
    const name = `${topic}/${partition}`;
    this.active.add(name);
    this.positions.set(name, offset);
    this.member.seek(topic, partition, offset);
    this.member.resume(topic, partition);
  }

  pause(topic: string, partition: number): void {
    this.active.delete(`${topic}/${partition}`);
    this.member.pause(topic, partition);
  }

  private joined({ partitions }: Membership): void {
    for (const [topic, owned] of Object.entries(partitions)) {
      for (const partition of owned) {
        const name = `${topic}/${partition}`;
        const position = this.positions.get(name);
        if (this.options.onDemand && !this.active.has(name)) this.member.pause(topic, partition);
        if (position !== undefined) this.member.seek(topic, partition, position);
      }
    }
  }

  private async eachBatch(batch: FetchedBatch): Promise<void> {
    const { topic, partition, lastOffset } = batch;
    // `read` moved the position meanwhile.
    if (batch.isStale()) return;
    for (const message of batch.messages) {
      if (message instanceof UndecodableBatch) this.pass(topic, partition, message);
      else this.options.onRecord(message);
    }
    batch.resolve(lastOffset);
    this.reached(topic, partition, lastOffset + 1, batch.highWatermark);
    if (lastOffset + 1 >= batch.highWatermark) this.options.onEnd?.(topic, partition, batch.askedAt);
  }

  private pass(topic: string, partition: number, batch: UndecodableBatch): void {
    const { firstOffset, offset: lastOffset, codec, detail } = batch;
    const fields = { topic, partition, firstOffset, lastOffset, codec, detail };
    this.settings.log.error('A record batch cannot be read: its keys keep what they had before', fields);
    this.options.onUndecodable();
  }

  private reached(topic: string, partition: number, nextOffset: number, highWatermark?: number): void {
    this.positions.set(`${topic}/${partition}`, nextOffset);
    this.options.onProgress(topic, partition, nextOffset, highWatermark);
  }
}
