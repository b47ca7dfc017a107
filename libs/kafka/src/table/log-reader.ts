import { setTimeout as delay } from 'node:timers/promises';
import type { Driver } from '../driver/driver.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import type { ConsumedRecord } from '../record.ts';
import { sizeOf } from '../record-size.ts';
import type { KafkaSettings } from '../settings.ts';
import { PartitionReader } from './partition-reader.ts';
import { never, type Position } from './position.ts';

/** Where a partition is read on from. */
export interface Place extends TopicPartition {
  readonly offset: number;
}

/** How far a partition is read, as of the last answer of its broker. */
export interface Progress extends Place {
  /** The offset of the next record to be written. */
  readonly end: number;
  /** Milliseconds since 1970 of the last moment at which it was known to be read to its end; undefined: never yet. */
  readonly readToEndAt: number | undefined;
}

/** How many records of a partition are left out. */
export interface Skipped extends TopicPartition {
  readonly records: number;
}

/** Records in order per partition, and where their partitions are read on from after them. */
export interface Taken {
  readonly records: readonly ConsumedRecord[];
  readonly places: readonly Place[];
  /** The partitions of which records before these were no longer kept when they should have been read. */
  readonly missed: readonly TopicPartition[];
  /** The records among these that could not be decoded. */
  readonly skipped: readonly Skipped[];
}

const waitMs = 1000;
// Beyond it, a partition is not fetched until its records are taken.
const maxBufferedBytes = 16 * 1024 * 1024;

/**
 * Reads topics on from places that its caller keeps, without a consumer group.
 *
 * The caller takes what has been read, stores it together with the places, and takes again: what is not stored is read
 * again after a restart. Where records are no longer kept, reading goes on at the oldest one. A batch that cannot be
 * decoded is logged, counted and skipped.
 */
export class LogReader {
  private readonly reader: PartitionReader;
  private records: ConsumedRecord[] = [];
  private bytes = 0;
  /** The partitions that have moved since the last call of `take`. */
  private moved = new Map<string, Place>();
  /** The partitions that are not fetched, because too much is waiting to be taken. */
  private readonly held = new Map<string, Progress>();
  /** The offset at which each partition was last noted. */
  private readonly noted = new Map<string, number>();
  private readonly missed = new Map<string, TopicPartition>();
  private skipped: Skipped[] = [];
  private arrival = Promise.withResolvers<void>();

  constructor(settings: KafkaSettings, driver?: Driver) {
    const onRecord = (record: ConsumedRecord): void => {
      this.records.push(record);
      this.bytes += sizeOf(record);
    };
    const onProgress = (position: Readonly<Position>) => this.note(position);
    const onOutOfRange = (position: Readonly<Position>) => {
      this.miss(position);
      return false;
    };
    const onSkipped = ({ topic, partition }: Readonly<Position>, records: number) =>
      void this.skipped.push({ topic, partition, records });
    this.reader = new PartitionReader(settings, { onRecord, onProgress, onOutOfRange, onSkipped }, driver);
  }

  /**
   * Reads all partitions of a topic that are not read yet: those without a place from their oldest record on. Resolves to how
   * many it has. Rejects with a KafkaError.
   */
  async read(topic: string, places: readonly Place[]): Promise<number> {
    const offsets = new Map(places.map((place) => [partitionName(place), place.offset]));
    const partitions = await this.reader.query(async (cluster) => {
      await cluster.require([topic]);
      return cluster.allPartitionsOf(topic);
    });
    const ranges = await this.reader.ranges(partitions);
    for (const range of ranges) {
      const name = partitionName(range);
      if (this.reader.positions.has(name) || this.held.has(name)) continue;
      const place = offsets.get(name);
      // Of an empty partition nothing is missed that the others have not lost as well.
      if (place === undefined && range.low > 0 && range.low < range.high) this.miss(range);
      if (place !== undefined) this.noted.set(name, place);
      const low = place ?? range.low;
      this.reader.read({ ...range, low, requestedAt: never });
    }
    return ranges.length;
  }

  /** Ends the reading of a topic. */
  leave(topic: string): void {
    for (const of of [...this.reader.positions.values(), ...this.held.values()].filter((at) => at.topic === topic)) {
      this.reader.pause(of);
      this.held.delete(partitionName(of));
      this.noted.delete(partitionName(of));
    }
  }

  /**
   * Resolves with what has been read since the last call, as soon as there is anything, or after `withinMs`. Rejects when the
   * signal is aborted.
   */
  async take(signal: AbortSignal, withinMs = waitMs): Promise<Taken> {
    signal.throwIfAborted();
    if (this.moved.size === 0) await within(this.arrival.promise, withinMs, signal);
    // Of a partition that has not moved yet, the place after the gap is still to come.
    const missed = [...this.missed].filter(([name]) => this.moved.has(name));
    for (const [name] of missed) this.missed.delete(name);
    const { records, skipped } = this;
    const taken = { records, places: [...this.moved.values()], missed: missed.map(([, of]) => of), skipped };
    this.records = [];
    this.skipped = [];
    this.bytes = 0;
    this.moved = new Map();
    this.arrival = Promise.withResolvers();
    for (const { topic, partition, offset, end } of this.held.values()) {
      this.reader.read({ topic, partition, low: offset, high: end, requestedAt: never });
    }
    this.held.clear();
    return taken;
  }

  /** Returns how far each partition is read. */
  progress(): Progress[] {
    return [...this.reader.positions.values().map(progressOf), ...this.held.values()];
  }

  health(): { readonly ready: boolean; readonly detail: string } {
    return this.reader.health();
  }

  /** The number of record batches that could not be decoded, and were skipped. */
  get undecodable(): number {
    return this.reader.undecodable;
  }

  stop = (): Promise<void> => this.reader.stop();

  private miss({ topic, partition }: TopicPartition): void {
    this.missed.set(partitionName({ topic, partition }), { topic, partition });
  }

  private note(position: Readonly<Position>): void {
    const { topic, partition, offset } = position;
    const name = partitionName(position);
    if (this.bytes > maxBufferedBytes) {
      this.held.set(name, progressOf(position));
      this.reader.pause(position);
    }
    if (this.noted.get(name) === offset) return;
    this.noted.set(name, offset);
    this.moved.set(name, { topic, partition, offset });
    this.arrival.resolve();
  }
}

function progressOf({ topic, partition, offset, end, endSeenAt }: Readonly<Position>): Progress {
  const readToEndAt = endSeenAt === never ? undefined : performance.timeOrigin + endSeenAt;
  return { topic, partition, offset, end, readToEndAt };
}

/** Resolves when `wait` does, or after a time. Rejects when the signal is aborted. */
async function within(wait: Promise<void>, ms: number, signal: AbortSignal): Promise<void> {
  const over = new AbortController();
  const either = AbortSignal.any([signal, over.signal]);
  const timeout = delay(ms, undefined, { signal: either }).catch(() => signal.throwIfAborted());
  await Promise.race([wait, timeout]);
  over.abort();
}
