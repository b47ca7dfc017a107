import { messageOf } from '../driver/client.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { KafkaError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { type OffsetRange, offsetRanges } from './offsets.ts';
import { PartitionReader, type Position } from './partition-reader.ts';

export interface TableViewOptions {
  readonly topics: readonly string[];
  /**
   * Called in order per partition; a null value deletes the key. Its errors are logged and counted. The fields of a record
   * are decoded on access: a copy made by spreading has none of them.
   */
  readonly onRecord: (record: ConsumedRecord) => void;
}

/**
 * Follows compacted topics as a table: `start()` resolves when every partition has been read to the end it had then; later
 * records arrive as they are written.
 */
export class TableView {
  private readonly reader: PartitionReader;
  private readonly waiting = new Set<Waiting>();
  private readonly starting = new AbortController();
  private isReady = false;
  private applied = 0;
  /** Records at which `onRecord` threw; their keys keep their old values. */
  private failed = 0;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: TableViewOptions,
  ) {
    this.reader = new PartitionReader(settings, {
      onRecord: (record) => this.apply(record),
      onAnswer: (position) => this.resolveWaiting(position),
      // At the start somebody looks on; later a password is being changed, or a certificate.
      onSecurityFault: (fault) => this.starting.abort(fault),
    });
  }

  /** Throws MissingTopicsError, SecurityError or BrokerUnreachableError. */
  async start(): Promise<void> {
    const { topics } = this.options;
    const startedAt = performance.now();
    const ranges = await this.reader.ask((cluster) => offsetRanges(cluster, topics));
    // Also of an empty one an answer is waited for: it may be one that may not be read.
    const caughtUp = ranges.map((range) => this.reached(range, this.starting.signal));
    for (const range of ranges) this.reader.read(range);
    await Promise.all(caughtUp);
    this.isReady = true;
    const [records, ms] = [this.applied, Math.round(performance.now() - startedAt)];
    this.settings.log.info('The tables are read to their end', { topics, records, ms });
  }

  /**
   * Resolves when everything is applied that these partitions hold at the time of the call. Rejects when the signal is
   * aborted, and as `start` does.
   */
  async catchUp(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    const ranges = await this.reader.ask((cluster) => offsetRanges(cluster, partitions));
    signal.throwIfAborted();
    const behind = ranges.filter(
      (range) => (this.reader.positions.get(partitionName(range))?.offset ?? 0) < range.high,
    );
    await Promise.all(behind.map((range) => this.reached(range, signal)));
  }

  async stop(): Promise<void> {
    this.starting.abort(new KafkaError('KAFKA.CLOSED', true, 'The table view was stopped before it had caught up'));
    await this.reader.stop();
  }

  /** Ready once the start has caught up; stays ready without Kafka, with a table that may be old. */
  health(): { readonly ready: boolean; readonly detail: string } {
    const { ready, detail } = this.reader.health();
    const state = this.isReady ? `lag ${this.lag()}` : `${this.waiting.size} partitions to read`;
    const failed = this.failed + this.reader.undecodable;
    const failures = failed === 0 ? '' : `, ${failed} records failed`;
    return { ready: this.isReady, detail: `${state}${failures}${ready ? '' : `; ${detail}`}` };
  }

  /** The number of known records that are not read yet. */
  lag(): number {
    return this.reader.positions.values().reduce((sum, { offset, end }) => sum + Math.max(0, end - offset), 0);
  }

  /**
   * For how long the table may have been older than its topics, in milliseconds: since the oldest moment at which a partition
   * was known to be read to its end. It grows to seconds while nothing is written, and without bound where Kafka is away or
   * a partition is not caught up with; infinite before the start.
   */
  staleMs(): number {
    if (!this.isReady) return Number.POSITIVE_INFINITY;
    return performance.now() - Math.min(...this.reader.positions.values().map(({ endSeenAt }) => endSeenAt));
  }

  private apply(record: ConsumedRecord): void {
    try {
      this.options.onRecord(record);
      this.applied += 1;
    } catch (error) {
      this.failed += 1;
      const { topic, partition, offset } = record;
      this.settings.log.error('A table record was not applied; its key keeps the value it had', {
        topic,
        partition,
        offset,
        error: messageOf(error),
      });
    }
  }

  /** Resolves when a partition has been read to the end of this range, and its leader has answered since. */
  private async reached(range: OffsetRange, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { name: partitionName(range), offset: range.high, resolve };
    const abort = () => reject(signal.reason);
    this.waiting.add(waiting);
    signal.addEventListener('abort', abort);
    await promise.finally(() => {
      this.waiting.delete(waiting);
      signal.removeEventListener('abort', abort);
    });
  }

  // The end that a new leader tells may be lower for a moment than the one that is waited for.
  private resolveWaiting(position: Readonly<Position>): void {
    const name = partitionName(position);
    for (const waiting of this.waiting) {
      if (waiting.name === name && waiting.offset <= position.offset) waiting.resolve();
    }
  }
}

interface Waiting {
  readonly name: string;
  readonly offset: number;
  readonly resolve: () => void;
}
