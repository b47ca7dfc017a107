import type { ProducePart, ProducerIdentity } from '../driver/driver.ts';
import type { OutgoingRecord } from '../record.ts';
import type { Delivery } from './pending-publish.ts';
import { batchOverheadBytes } from './record-size.ts';

/** What entered the queues together. */
export interface Parcel {
  readonly delivery: Delivery;
  /** By the steady clock, in ms. */
  readonly since: number;
}

export interface Entry {
  readonly record: OutgoingRecord;
  readonly bytes: number;
  readonly parcel: Parcel;
}

/** Consecutive records of a partition that are written together: one record batch in the log. */
export interface Chunk {
  readonly queue: PartitionQueue;
  readonly entries: readonly Entry[];
  readonly bytes: number;
  /** It was sent under the queue's identity, and nobody knows what became of it. */
  maybeWritten: boolean;
}

export interface ChunkBounds {
  readonly maxBatchBytes: number;
  readonly maxRecordsPerPartition: number;
}

// Sequence numbers are int32 and go on from 0.
const sequences = 2 ** 31;
const isGivenUp = ({ parcel }: Entry): boolean => parcel.delivery.settled;

/**
 * The records of one partition that wait to be written, first in first out, and under which numbers they are.
 *
 * One chunk is under way at a time. The broker takes a chunk with the numbers of the one before for its repetition and
 * acknowledges it without writing it: a chunk of which nobody knows whether it is written keeps its records and numbers,
 * and where it cannot, the partition gets another producer identity and numbers from 0. Only then may records come twice.
 */
export class PartitionQueue {
  private identity: ProducerIdentity | undefined;
  private sequence = 0;
  private waiting: Entry[] = [];
  private head = 0;
  /** Cut already, to be sent in this order; only of the first may anything be written. */
  private readonly chunks: Chunk[] = [];

  constructor(
    readonly topic: string,
    readonly partition: number,
    private readonly bounds: ChunkBounds,
    identity?: ProducerIdentity,
  ) {
    this.identity = identity;
  }

  get name(): string {
    return `${this.topic}/${this.partition}`;
  }

  get isEmpty(): boolean {
    return this.chunks.length === 0 && this.head === this.waiting.length;
  }

  get hasIdentity(): boolean {
    return this.identity !== undefined;
  }

  /** Since when the oldest record waits that is still wanted; undefined if none does. */
  get waitingSince(): number | undefined {
    for (const { entries } of this.chunks) {
      for (const entry of entries) if (!isGivenUp(entry)) return entry.parcel.since;
    }
    for (let at = this.head; at < this.waiting.length; at++) {
      const entry = this.waiting[at] as Entry;
      if (!isGivenUp(entry)) return entry.parcel.since;
    }
    return undefined;
  }

  add(entry: Entry): void {
    this.waiting.push(entry);
  }

  /** From now on the numbers are of this identity, from 0. */
  assume(identity: ProducerIdentity): void {
    this.identity = identity;
    this.sequence = 0;
    const [chunk] = this.chunks;
    if (chunk) chunk.maybeWritten = false;
  }

  /** The broker does not know the identity, or what it was used for must not be repeated. */
  forgetIdentity(): void {
    this.identity = undefined;
  }

  /**
   * What is to be sent next, undefined if nothing is wanted any more: the same chunk until it is acknowledged or refused,
   * but nothing of a publish that was given up.
   */
  next(): Chunk | undefined {
    this.leaveOutGivenUp();
    if (this.chunks.length === 0) this.cut();
    return this.chunks[0];
  }

  /** The chunk as a broker gets it. */
  partOf({ entries }: Chunk): ProducePart {
    const { topic, partition, identity, sequence } = this;
    if (!identity) throw new Error(`${topic}/${partition} has no producer identity`);
    return { topic, partition, identity, firstSequence: sequence, records: entries.map(({ record }) => record) };
  }

  /** The first chunk is in the log. */
  acknowledge(): void {
    const chunk = this.chunks.shift();
    if (!chunk) return;
    this.sequence = (this.sequence + chunk.entries.length) % sequences;
    for (const { parcel } of chunk.entries) parcel.delivery.acknowledged();
  }

  /**
   * Something in the first chunk will never be taken. It is halved, and the halves are sent one after the other, until
   * the culprit stands alone: a batch may be over a topic's bound although each of its records is below.
   */
  refuse(error: string): void {
    const chunk = this.chunks.shift();
    if (!chunk) return;
    if (chunk.maybeWritten) this.forgetIdentity();
    const { entries } = chunk;
    const [first] = entries;
    if (first && entries.length === 1) {
      const { record, bytes, parcel } = first;
      parcel.delivery.refuse(record, `A record of ${bytes} bytes for ${record.topic} is refused: ${error}`);
      return;
    }
    const middle = Math.ceil(entries.length / 2);
    this.chunks.unshift(this.chunkOf(entries.slice(0, middle)), this.chunkOf(entries.slice(middle)));
  }

  /** Lets go of what was given up: a partition that waits for hours holds what its callers wait for and nothing else. */
  prune(): void {
    this.waiting = this.waiting.slice(this.head).filter((entry) => !isGivenUp(entry));
    this.head = 0;
  }

  private leaveOutGivenUp(): void {
    for (let [chunk] = this.chunks; chunk?.entries.some(isGivenUp); [chunk] = this.chunks) {
      if (chunk.maybeWritten) this.forgetIdentity();
      const wanted = chunk.entries.filter((entry) => !isGivenUp(entry));
      this.chunks.splice(0, 1, ...(wanted.length > 0 ? [this.chunkOf(wanted)] : []));
    }
  }

  private cut(): void {
    const room = this.bounds.maxBatchBytes - batchOverheadBytes;
    const entries: Entry[] = [];
    let bytes = 0;
    for (; this.head < this.waiting.length; this.head++) {
      const entry = this.waiting[this.head] as Entry;
      if (isGivenUp(entry)) continue;
      const isFull = entries.length === this.bounds.maxRecordsPerPartition || bytes + entry.bytes > room;
      // A record that is larger than a batch goes alone.
      if (isFull && entries.length > 0) break;
      entries.push(entry);
      bytes += entry.bytes;
    }
    if (this.head === this.waiting.length || this.head > this.waiting.length / 2) this.prune();
    if (entries.length > 0) this.chunks.push(this.chunkOf(entries));
  }

  private chunkOf(entries: readonly Entry[]): Chunk {
    const bytes = entries.reduce((sum, entry) => sum + entry.bytes, batchOverheadBytes);
    return { queue: this, entries, bytes, maybeWritten: false };
  }
}
