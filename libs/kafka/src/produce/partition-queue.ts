import type { ProducePart, ProducerIdentity } from '../driver/driver.ts';
import type { OutgoingRecord } from '../record.ts';
import { batchOverheadBytes } from '../record-size.ts';
import type { PendingPublish } from './pending-publish.ts';

export interface QueuedRecord {
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly publish: PendingPublish;
}

/** Consecutive records of a partition that become one record batch in the log. */
export interface ProducerBatch {
  readonly queue: PartitionQueue;
  readonly entries: readonly QueuedRecord[];
  readonly bytes: number;
  maybeWritten: boolean;
}

/** The failed writes of a partition since its last success. */
export interface WriteFailure {
  readonly failures: number;
  /** The name of the protocol error, or the message of another error. */
  readonly cause: string;
  /** The times of the first and the last failure, in ms of the steady clock. */
  readonly since: number;
  readonly at: number;
  readonly retryAt: number;
}

/** The maximum size of a record batch of several records; the topic's `max.message.bytes` must allow it. */
export const maxBatchBytes = 900_000;
const maxBatchRecords = 1000;

const sequences = 2 ** 31;
const isGivenUp = ({ publish }: QueuedRecord): boolean => publish.isOver;

/**
 * The FIFO queue of the records of one partition that wait to be written, with their sequence numbers.
 *
 * One batch is in flight at a time. A broker treats a batch whose sequence numbers it has seen as a retry: it
 * acknowledges the batch without writing it. A batch with an unknown result therefore keeps its records and sequence
 * numbers. If it cannot, the partition gets a new producer id and starts at 0; only then may a record be written twice.
 */
export class PartitionQueue {
  /** Undefined if the last write succeeded. */
  failure: WriteFailure | undefined;
  private sequence = 0;
  private waiting: QueuedRecord[] = [];
  /** The batches to send, in order; only the first may already be in the log. */
  private readonly batches: ProducerBatch[] = [];

  constructor(
    readonly topic: string,
    readonly partition: number,
    private identity?: ProducerIdentity | undefined,
  ) {}

  get name(): string {
    return `${this.topic}/${this.partition}`;
  }

  get isEmpty(): boolean {
    return this.batches.length === 0 && this.waiting.length === 0;
  }

  get hasIdentity(): boolean {
    return this.identity !== undefined;
  }

  /** The time of the oldest publish that still waits for this partition; undefined if there is none. */
  get waitingSince(): number | undefined {
    for (const entries of [...this.batches.map((batch) => batch.entries), this.waiting]) {
      const oldest = entries.find((entry) => !isGivenUp(entry));
      if (oldest) return oldest.publish.since;
    }
    return undefined;
  }

  add(entry: QueuedRecord): void {
    this.waiting.push(entry);
  }

  /** Starts a new sequence at 0 under this producer id. */
  useIdentity(identity: ProducerIdentity): void {
    this.identity = identity;
    this.sequence = 0;
    const [batch] = this.batches;
    if (batch) batch.maybeWritten = false;
  }

  /** Drops the producer id: the broker no longer knows it, or its next sequence numbers may already be in the log. */
  forgetIdentity(): void {
    this.identity = undefined;
  }

  /**
   * Returns the batch to send, without records of publishes that were given up; undefined if no record is left. Returns
   * the same batch until it is acknowledged or refused.
   */
  next(): ProducerBatch | undefined {
    this.dropGivenUp();
    if (this.batches.length === 0) this.cutBatch();
    return this.batches[0];
  }

  partOf({ entries }: ProducerBatch): ProducePart {
    const { topic, partition, identity, sequence } = this;
    if (!identity) throw new Error(`${topic}/${partition} has no producer identity`);
    return { topic, partition, identity, firstSequence: sequence, records: entries.map(({ record }) => record) };
  }

  acknowledge(): void {
    const batch = this.batches.shift();
    if (!batch) return;
    this.sequence = (this.sequence + batch.entries.length) % sequences;
    for (const { publish } of batch.entries) publish.acknowledge();
  }

  /**
   * Handles the refusal of the first batch: halves it until the refused record is alone. A batch may exceed the topic's
   * limit although none of its records does.
   */
  refuse(error: string): void {
    const batch = this.batches.shift();
    if (!batch) return;
    if (batch.maybeWritten) this.forgetIdentity();
    const { entries } = batch;
    const [first] = entries;
    if (first && entries.length === 1) {
      const { record, bytes, publish } = first;
      publish.refuse(record, `A record of ${bytes} bytes for ${record.topic} is rejected by Kafka: ${error}`);
      return;
    }
    const middle = Math.ceil(entries.length / 2);
    this.batches.unshift(this.batchOf(entries.slice(0, middle)), this.batchOf(entries.slice(middle)));
  }

  /** Drops records of publishes that were given up, to free memory: a partition may wait for hours. */
  prune(): void {
    this.waiting = this.waiting.filter((entry) => !isGivenUp(entry));
  }

  private dropGivenUp(): void {
    for (let [batch] = this.batches; batch?.entries.some(isGivenUp); [batch] = this.batches) {
      if (batch.maybeWritten) this.forgetIdentity();
      const remaining = batch.entries.filter((entry) => !isGivenUp(entry));
      this.batches.splice(0, 1, ...(remaining.length > 0 ? [this.batchOf(remaining)] : []));
    }
  }

  private cutBatch(): void {
    const room = maxBatchBytes - batchOverheadBytes;
    const entries: QueuedRecord[] = [];
    let bytes = 0;
    let taken = 0;
    for (const entry of this.waiting) {
      const isFull = entries.length === maxBatchRecords || bytes + entry.bytes > room;
      // A record that is larger than a batch is sent alone.
      if (isFull && entries.length > 0) break;
      taken += 1;
      if (isGivenUp(entry)) continue;
      entries.push(entry);
      bytes += entry.bytes;
    }
    this.waiting.splice(0, taken);
    if (entries.length > 0) this.batches.push(this.batchOf(entries));
  }

  private batchOf(entries: readonly QueuedRecord[]): ProducerBatch {
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, batchOverheadBytes);
    return { queue: this, entries, bytes, maybeWritten: false };
  }
}
