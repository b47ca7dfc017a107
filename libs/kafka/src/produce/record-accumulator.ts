import type { Cluster } from '../cluster/cluster.ts';
import type { Waits } from '../cluster/waits.ts';
import { backoffMs, messageOf } from '../driver/client.ts';
import type { ProducerIdentity } from '../driver/driver.ts';
import { MissingTopicsError } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';
import { PartitionQueue, type QueuedRecord } from './partition-queue.ts';
import { partitionFor } from './partitioner.ts';

/** Assigns each record to the queue of its partition, once the metadata of its topic is known. */
export class RecordAccumulator {
  private readonly byTopic = new Map<string, Map<number, PartitionQueue>>();
  private readonly withoutPartition = new Map<string, QueuedRecord[]>();
  private identity: ProducerIdentity | undefined;
  private isFetchingMetadata = false;
  private failure: string | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly onAdded: (queue: PartitionQueue) => void,
    private readonly waits: Waits,
  ) {}

  /** Requests the first producer id; rejects if no broker returns one. */
  async open(): Promise<void> {
    this.identity ??= await this.cluster.newIdentity();
  }

  queues(topic?: string): readonly PartitionQueue[] {
    const topics = topic === undefined ? this.byTopic.values() : [this.byTopic.get(topic)];
    return [...topics].flatMap((queues) => [...(queues?.values() ?? [])]);
  }

  /** The topics whose records have no partition yet, with the cause and the time of the oldest waiting publish. */
  get topicsWithoutMetadata(): readonly {
    readonly topic: string;
    readonly cause: string;
    readonly since: number | undefined;
  }[] {
    return [...this.withoutPartition].map(([topic, entries]) => {
      const since = entries.find(({ publish }) => !publish.isOver)?.publish.since;
      return { topic, cause: this.causeOf(topic), since };
    });
  }

  add(entry: QueuedRecord): void {
    const { record } = entry;
    const waiting = this.withoutPartition.get(record.topic);
    if (waiting) waiting.push(entry);
    else if (this.isKnown(record.topic)) this.enqueue(entry);
    else this.wait(entry);
  }

  private isKnown(topic: string): boolean {
    return this.identity !== undefined && this.cluster.partitionsOf(topic) !== undefined;
  }

  private enqueue(entry: QueuedRecord): void {
    const { record } = entry;
    const queue = this.queueOf(record.topic, this.partitionOf(record));
    queue.add(entry);
    this.onAdded(queue);
  }

  // A record for a partition that the topic does not have waits like one for a partition without a leader.
  private partitionOf({ topic, key, partition }: OutgoingRecord): number {
    const count = this.cluster.partitionsOf(topic) ?? 1;
    return partition ?? (key === null ? Math.floor(Math.random() * count) : partitionFor(key, count));
  }

  private queueOf(topic: string, partition: number): PartitionQueue {
    let queues = this.byTopic.get(topic);
    if (!queues) {
      queues = new Map();
      this.byTopic.set(topic, queues);
    }
    const known = queues.get(partition);
    if (known) return known;
    const queue = new PartitionQueue(topic, partition, this.identity);
    queues.set(partition, queue);
    return queue;
  }

  private wait(entry: QueuedRecord): void {
    this.withoutPartition.set(entry.record.topic, [entry]);
    if (this.isFetchingMetadata) return;
    this.isFetchingMetadata = true;
    void this.fetchMetadata();
  }

  private async fetchMetadata(): Promise<void> {
    for (let attempt = 1; this.withoutPartition.size > 0 && !this.waits.ended; attempt++) {
      try {
        await this.open();
        await this.cluster.learn(this.withoutPartition.keys());
        this.failure = undefined;
      } catch (error) {
        this.failure = messageOf(error);
      }
      for (const topic of [...this.withoutPartition.keys()]) this.enqueueOrDrop(topic);
      if (this.withoutPartition.size > 0) await this.waits.for(backoffMs(attempt, 100, 1000));
    }
    this.isFetchingMetadata = false;
  }

  private enqueueOrDrop(topic: string): void {
    const remaining = this.withoutPartition.get(topic)?.filter(({ publish }) => !publish.isOver) ?? [];
    if (remaining.length > 0 && !this.isKnown(topic)) {
      this.withoutPartition.set(topic, remaining);
      return;
    }
    this.withoutPartition.delete(topic);
    for (const entry of remaining) this.enqueue(entry);
  }

  private causeOf(topic: string): string {
    if (this.failure !== undefined) return this.failure;
    const absence = this.cluster.absenceOf(topic);
    return absence === 'UNKNOWN_TOPIC_OR_PARTITION' ? new MissingTopicsError([topic]).message : absence;
  }
}
