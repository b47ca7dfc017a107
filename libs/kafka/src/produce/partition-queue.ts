import type { ProducePart, ProducerIdentity } from '../driver/driver.ts';
import type { OutgoingRecord } from '../record.ts';
import type { PendingPublish } from './pending-publish.ts';
import { batchOverheadBytes } from './record-size.ts';

export interface QueuedRecord {
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly publish: PendingPublish;
}

/** Consecutive records of a partition that are written together: one record batch in the log. */
export interface ProducerBatch {
  readonly queue: PartitionQueue;
  readonly entries: readonly QueuedRecord[];
  readonly bytes: number;
  /** It was sent under the queue's identity, and nobody knows what became of it. */
  maybeWritten: boolean;
}

export interface BatchBounds {
  readonly maxBatchBytes: number;
  readonly maxBatchRecords: number;
}

// Sequence numbers are int32 and go on from 0.
const sequences = 2 ** 31;
const isGivenUp = ({ publish }: QueuedRecord): boolean => publish.isOver;

/**
 * The records of one partition that wait to be written, first in first out, and under which numbers they are.
 *
 * One batch is under way at a time. The broker takes a batch with the numbers of the one before for its repetition and
 * acknowledges it without writing it: a batch of which nobody knows whether it is written keeps its records and numbers,
 * and where it cannot, the partition gets another producer identity and numbers from 0. Only then may records come twice.
 */
export class PartitionQueue {
  private identity: ProducerIdentity | undefined;
  private sequence = 0;
  private waiting: QueuedRecord[] = [];
  private head = 0;
  /** Cut already, to be sent in this order; only of the first may anything be written. */
  private readonly batches: ProducerBatch[] = [];

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly bounds: BatchBounds,
    identity?: ProducerIdentity,
  ) {
    this.identity = identity;
  }

  get name(): string {
    return `${this.topic}/${this.partition}`;
  }

  get isEmpty(): boolean {
    return this.batches.length === 0 && this.head === this.waiting.length;
  }

  get hasIdentity(): boolean {
    return this.identity !== undefined;
  }

  /** Since when the oldest record waits that is still wanted; undefined if none does. */
  get waitingSince(): number | undefined {
    for (const { entries } of this.batches) {
      for (const entry of entries) if (!isGivenUp(entry)) return entry.publish.since;
    }
    for (let at = this.head; at < this.waiting.length; at++) {
      const entry = this.waiting[at] as QueuedRecord;
      if (!isGivenUp(entry)) return entry.publish.since;
    }
    return undefined;
  }

  add(entry: QueuedRecord): void {
    this.waiting.push(entry);
  }

  /** From now on the numbers are of this identity, from 0. */
  assume(identity: ProducerIdentity): void {
    this.identity = identity;
    this.sequence = 0;
    const [batch] = this.batches;
    if (batch) batch.maybeWritten = false;
  }

  /** The broker does not know the identity, or what it was used for must not be repeated. */
  forgetIdentity(): void {
    this.identity = undefined;
  }

  /**
   * What is to be sent next, undefined if nothing is wanted any more: the same batch until it is acknowledged or refused,
   * but nothing of a publish that was given up.
   */
  next(): ProducerBatch | undefined {
    this.leaveOutGivenUp();
    if (this.batches.length === 0) this.cut();
    return this.batches[0];
  }

  /** The batch as a broker gets it. */
  partOf({ entries }: ProducerBatch): ProducePart {
    const { topic, partition, identity, sequence } = this;
    if (!identity) throw new Error(`${topic}/${partition} has no producer identity`);
    return { topic, partition, identity, firstSequence: sequence, records: entries.map(({ record }) => record) };
  }

  /** The first batch is in the log. */
  acknowledge(): void {
    const batch = this.batches.shift();
    if (!batch) return;
    this.sequence = (this.sequence + batch.entries.length) % sequences;
    for (const { publish } of batch.entries) publish.acknowledge();
  }

  /**
   * Something in the first batch will never be taken. It is halved, and the halves are sent one after the other, until
   * the culprit stands alone: a batch may be over a topic's bound although each of its records is below.
   */
  refuse(error: string): void {
    const batch = this.batches.shift();
    if (!batch) return;
    if (batch.maybeWritten) this.forgetIdentity();
    const { entries } = batch;
    const [first] = entries;
    if (first && entries.length === 1) {
      const { record, bytes, publish } = first;
      publish.refuse(record, `A record of ${bytes} bytes for ${record.topic} is refused: ${error}`);
      return;
    }
    const middle = Math.ceil(entries.length / 2);
    this.batches.unshift(this.batchOf(entries.slice(0, middle)), this.batchOf(entries.slice(middle)));
  }

  /** Lets go of what was given up: a partition that waits for hours holds what its callers wait for and nothing else. */
  prune(): void {
    this.waiting = this.waiting.slice(this.head).filter((entry) => !isGivenUp(entry));
    this.head = 0;
  }

  private leaveOutGivenUp(): void {
    for (let [batch] = this.batches; batch?.entries.some(isGivenUp); [batch] = this.batches) {
      if (batch.maybeWritten) this.forgetIdentity();
      const wanted = batch.entries.filter((entry) => !isGivenUp(entry));
      this.batches.splice(0, 1, ...(wanted.length > 0 ? [this.batchOf(wanted)] : []));
    }
  }

  private cut(): void {
    const room = this.bounds.maxBatchBytes - batchOverheadBytes;
    const entries: QueuedRecord[] = [];
    let bytes = 0;
    for (; this.head < this.waiting.length; this.head++) {
      const entry = this.waiting[this.head] as QueuedRecord;
      if (isGivenUp(entry)) continue;
      const isFull = entries.length === this.bounds.maxBatchRecords || bytes + entry.bytes > room;
      // A record that is larger than a batch goes alone.
      if (isFull && entries.length > 0) break;
      entries.push(entry);
      bytes += entry.bytes;
    }
    if (this.head === this.waiting.length || this.head > this.waiting.length / 2) this.prune();
    if (entries.length > 0) this.batches.push(this.batchOf(entries));
  }

  private batchOf(entries: readonly QueuedRecord[]): ProducerBatch {
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, batchOverheadBytes);
    return { queue: this, entries, bytes, maybeWritten: false };
  }
}
