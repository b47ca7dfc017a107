import type { ProducePart, ProducerIdentity } from '../driver/driver.ts';
import type { OutgoingRecord } from '../record.ts';
import type { PendingPublish } from './pending-publish.ts';
import { batchOverheadBytes } from './record-size.ts';

export interface QueuedRecord {
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly publish: PendingPublish;
}

/** Consecutive records of a partition: one record batch in the log. */
export interface ProducerBatch {
  readonly queue: PartitionQueue;
  readonly entries: readonly QueuedRecord[];
  readonly bytes: number;
  maybeWritten: boolean;
}

/** Why a partition is not written now. */
export interface WriteFailure {
  readonly failures: number;
  /** The name of the protocol's error where there is one. */
  readonly cause: string;
  /** The time of the first failure since a success, and of the last; by the steady clock, in ms. */
  readonly since: number;
  readonly at: number;
  readonly retryAt: number;
}

/** The most bytes in one record batch, which the topic's `max.message.bytes` must allow. */
export const maxBatchBytes = 900_000;
const maxBatchRecords = 1000;

const sequences = 2 ** 31;
const isGivenUp = ({ publish }: QueuedRecord): boolean => publish.isOver;

/**
 * The records of one partition that wait to be written, first in, first out, with their sequence numbers.
 *
 * One batch is sent at a time. The broker takes a batch with known sequence numbers for a repetition, and acknowledges it
 * without writing it. So a batch with an unknown result keeps its records and numbers; where it cannot, the partition gets
 * another producer id and numbers from 0. Only then may records be written twice.
 */
export class PartitionQueue {
  /** Undefined if the last write succeeded. */
  failure: WriteFailure | undefined;
  private sequence = 0;
  private waiting: QueuedRecord[] = [];
  /** Batches to send in this order; only the first may be written already. */
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

  /** Since when the oldest record waits whose publish was not given up; undefined if none does. */
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

  /** Numbers batches from 0 under this producer id. */
  assume(identity: ProducerIdentity): void {
    this.identity = identity;
    this.sequence = 0;
    const [batch] = this.batches;
    if (batch) batch.maybeWritten = false;
  }

  /** The broker does not know the producer id, or its last batch must not be repeated. */
  forgetIdentity(): void {
    this.identity = undefined;
  }

  /**
   * The batch to send next, the same until it is acknowledged or refused; without records of a publish that was given up.
   * Undefined if nothing is left.
   */
  next(): ProducerBatch | undefined {
    this.leaveOutGivenUp();
    if (this.batches.length === 0) this.cut();
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
   * The broker refused the first batch. It is halved until the refused record stands alone: a batch may be over a topic's
   * bound although each of its records is below.
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

  /** Drops records of publishes that were given up: a partition may wait for hours. */
  prune(): void {
    this.waiting = this.waiting.filter((entry) => !isGivenUp(entry));
  }

  private leaveOutGivenUp(): void {
    for (let [batch] = this.batches; batch?.entries.some(isGivenUp); [batch] = this.batches) {
      if (batch.maybeWritten) this.forgetIdentity();
      const wanted = batch.entries.filter((entry) => !isGivenUp(entry));
      this.batches.splice(0, 1, ...(wanted.length > 0 ? [this.batchOf(wanted)] : []));
    }
  }

  private cut(): void {
    const room = maxBatchBytes - batchOverheadBytes;
    const entries: QueuedRecord[] = [];
    let bytes = 0;
    let taken = 0;
    for (const entry of this.waiting) {
      const isFull = entries.length === maxBatchRecords || bytes + entry.bytes > room;
      // A record that is larger than a batch goes alone.
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
