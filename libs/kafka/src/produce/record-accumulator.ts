import { backoffMs, messageOf } from '../driver/client.ts';
import type { ProducerIdentity } from '../driver/driver.ts';
import { MissingTopicsError } from '../errors.ts';
import type { OutgoingRecord } from '../record.ts';
import type { Cluster } from './cluster.ts';
import { type ChunkBounds, type Entry, PartitionQueue } from './partition-queue.ts';
import { partitionFor } from './partitioner.ts';
import type { Waits } from './waits.ts';

/** Gives each record its partition; those of topics that are not known yet wait until they are. */
export class Placement {
  private readonly byTopic = new Map<string, Map<number, PartitionQueue>>();
  private readonly unplaced = new Map<string, Entry[]>();
  private identity: ProducerIdentity | undefined;
  private isLooking = false;
  private failure: string | undefined;

  constructor(
    private readonly cluster: Cluster,
    private readonly bounds: ChunkBounds,
    private readonly onAdded: (queue: PartitionQueue) => void,
    private readonly waits: Waits,
  ) {}

  /** Gets the identity under which records are written; rejects if no broker gives one. */
  async open(): Promise<void> {
    this.identity ??= await this.cluster.newIdentity();
  }

  /** The queues there are, of all topics or one. */
  queues(topic?: string): readonly PartitionQueue[] {
    const topics = topic === undefined ? this.byTopic.values() : [this.byTopic.get(topic)];
    return [...topics].flatMap((queues) => [...(queues?.values() ?? [])]);
  }

  /** The topics whose records have no place yet, why, and since when the oldest waits that is still wanted. */
  get homeless(): readonly { readonly topic: string; readonly cause: string; readonly since: number | undefined }[] {
    return [...this.unplaced].map(([topic, entries]) => {
      const since = entries.find(({ parcel }) => !parcel.delivery.settled)?.parcel.since;
      return { topic, cause: this.causeOf(topic), since };
    });
  }

  add(entry: Entry): void {
    const { record } = entry;
    const waiting = this.unplaced.get(record.topic);
    if (waiting) waiting.push(entry);
    else if (this.isKnown(record.topic)) this.place(entry);
    else this.wait(entry);
  }

  private isKnown(topic: string): boolean {
    return this.identity !== undefined && this.cluster.partitionsOf(topic) !== undefined;
  }

  private place(entry: Entry): void {
    const { record } = entry;
    const queue = this.queueOf(record.topic, this.partitionOf(record));
    queue.add(entry);
    this.onAdded(queue);
  }

  // A partition that the topic does not have, yet or any more, waits as one without a leader.
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
    const queue = new PartitionQueue(topic, partition, this.bounds, this.identity);
    queues.set(partition, queue);
    return queue;
  }

  private wait(entry: Entry): void {
    this.unplaced.set(entry.record.topic, [entry]);
    if (this.isLooking) return;
    this.isLooking = true;
    void this.look();
  }

  private async look(): Promise<void> {
    for (let attempt = 1; this.unplaced.size > 0 && !this.waits.ended; attempt++) {
      try {
        await this.open();
        await this.cluster.learn(this.unplaced.keys());
        this.failure = undefined;
      } catch (error) {
        this.failure = messageOf(error);
      }
      for (const topic of [...this.unplaced.keys()]) this.placeOrDrop(topic);
      if (this.unplaced.size > 0) await this.waits.for(backoffMs(attempt, 100, 1000));
    }
    this.isLooking = false;
  }

  private placeOrDrop(topic: string): void {
    const wanted = this.unplaced.get(topic)?.filter(({ parcel }) => !parcel.delivery.settled) ?? [];
    if (wanted.length > 0 && !this.isKnown(topic)) {
      this.unplaced.set(topic, wanted);
      return;
    }
    this.unplaced.delete(topic);
    for (const entry of wanted) this.place(entry);
  }

  private causeOf(topic: string): string {
    if (this.failure !== undefined) return this.failure;
    const absence = this.cluster.absenceOf(topic);
    return absence === 'UNKNOWN_TOPIC_OR_PARTITION' ? new MissingTopicsError([topic]).message : absence;
  }
}
