import type { OutgoingRecord } from './record.ts';

/** One publish() call: it settles once, when all its records are acknowledged or one of them cannot be. */
export interface Delivery {
  readonly deadline: number;
  readonly settled: boolean;
}

export interface Entry<D extends Delivery = Delivery> {
  readonly record: OutgoingRecord;
  /** Known once the topic is, before it is added to an accumulator. */
  partition: number;
  readonly bytes: number;
  readonly delivery: D;
  acknowledged: boolean;
}

/** What goes to one partition in one request: one record batch in the log. */
export interface Chunk<D extends Delivery = Delivery> {
  readonly topic: string;
  readonly partition: number;
  readonly entries: readonly Entry<D>[];
}

export interface Bounds {
  readonly maxBatchBytes: number;
  readonly maxRecordsPerPartition: number;
  readonly maxRequestBytes: number;
}

export const batchOverheadBytes = 61;
const recordOverheadBytes = 26;
const headerOverheadBytes = 10;

// Up to here a size is a quick bound: three bytes for each character of keys and headers, which are nearly all ASCII.
const boundUpTo = 64 * 1024;
const boundOf = (text: string | Buffer): number => (typeof text === 'string' ? text.length * 3 : text.length);
const lengthOf = (text: string | Buffer): number => (typeof text === 'string' ? Buffer.byteLength(text) : text.length);

/** The most bytes a record can take in an uncompressed batch; close to what it takes where that matters, in large ones. */
export function sizeOf(record: OutgoingRecord): number {
  const bound = sum(record, boundOf);
  return bound <= boundUpTo ? bound : sum(record, lengthOf);
}

function sum({ key, value, headers }: OutgoingRecord, measure: (text: string | Buffer) => number): number {
  let bytes = recordOverheadBytes + measure(key ?? '') + lengthOf(value ?? '');
  for (const name in headers) {
    const header = headers[name];
    const nameBytes = headerOverheadBytes + measure(name);
    if (!Array.isArray(header)) bytes += nameBytes + measure(header ?? '');
    else for (const each of header) bytes += nameBytes + measure(each);
  }
  return bytes;
}

export const bytesOf = (chunk: Chunk): number =>
  chunk.entries.reduce((sum, { bytes }) => sum + bytes, batchOverheadBytes);

/**
 * Records that wait to be sent, first in first out within each partition, cut into bounded chunks.
 *
 * A record larger than `maxBatchBytes` goes alone. Partitions take turns when a request is full.
 */
export class Accumulator<D extends Delivery> {
  private readonly queues = new Map<string, Entry<D>[]>();
  private readonly names = new Map<string, string[]>();

  constructor(private readonly bounds: Bounds) {}

  get isEmpty(): boolean {
    return this.queues.size === 0;
  }

  add(entry: Entry<D>): void {
    const name = this.nameOf(entry.record.topic, entry.partition);
    const queue = this.queues.get(name);
    if (queue) queue.push(entry);
    else this.queues.set(name, [entry]);
  }

  /** Removes the next request: at most one chunk a partition, nothing of a delivery that has settled. */
  take(): Chunk<D>[] {
    const chunks: Chunk<D>[] = [];
    let room = this.bounds.maxRequestBytes;
    for (const [name, queue] of [...this.queues]) {
      const entries = this.cut(queue, room, chunks.length === 0);
      const [first] = entries;
      if (!first && queue.length > 0) break;
      this.queues.delete(name);
      if (queue.length > 0) this.queues.set(name, queue);
      if (!first) continue;
      const chunk = { topic: first.record.topic, partition: first.partition, entries };
      chunks.push(chunk);
      room -= bytesOf(chunk);
    }
    return chunks;
  }

  /** Returns what was taken last to the heads of its queues, except what has been acknowledged since. */
  putBack(chunks: readonly Chunk<D>[]): void {
    for (const { topic, partition, entries } of chunks) {
      const name = this.nameOf(topic, partition);
      const unsent = entries.filter(({ acknowledged }) => !acknowledged);
      if (unsent.length > 0) this.queues.set(name, [...unsent, ...(this.queues.get(name) ?? [])]);
    }
  }

  // Made once: there is one for each record that passes.
  private nameOf(topic: string, partition: number): string {
    const names = this.names.get(topic) ?? [];
    if (names.length === 0) this.names.set(topic, names);
    names[partition] ??= `${topic}/${partition}`;
    return names[partition];
  }

  /** Takes from the head of the queue what fits in one record batch and in the room that the request has left. */
  private cut(queue: Entry<D>[], requestRoom: number, alone: boolean): Entry<D>[] {
    const room = Math.min(this.bounds.maxBatchBytes, requestRoom) - batchOverheadBytes;
    const entries: Entry<D>[] = [];
    let bytes = 0;
    let taken = 0;
    for (const entry of queue) {
      if (!entry.delivery.settled) {
        const fits = bytes + entry.bytes <= room || (alone && entries.length === 0);
        if (!fits || entries.length === this.bounds.maxRecordsPerPartition) break;
        entries.push(entry);
        bytes += entry.bytes;
      }
      taken += 1;
    }
    queue.splice(0, taken);
    return entries;
  }
}
