import { messageOf } from '../driver/client.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { KafkaError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { offsetRanges } from './offsets.ts';
import { PartitionReader } from './partition-reader.ts';

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
  private readonly positions = new Map<string, Position>();
  private readonly waiting = new Set<Waiting>();
  private readonly starting = new AbortController();
  private isReady = false;
  private applied = 0;
  /** Records at which `onRecord` threw, and undecodable batches; their keys keep their old values. */
  private failed = 0;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: TableViewOptions,
  ) {
    this.reader = new PartitionReader(settings, {
      onRecord: (record) => this.apply(record),
      onUndecodable: () => {
        this.failed += 1;
      },
      onProgress: (of, nextOffset, highWatermark) => this.progress(partitionName(of), nextOffset, highWatermark),
      onEnd: (of, askedAt) => this.atEnd(partitionName(of), askedAt),
      // At the start somebody looks on; later a password is being changed, or a certificate.
      onSecurityFault: (fault) => this.starting.abort(fault),
    });
  }

  /** Throws MissingTopicsError, SecurityError or BrokerUnreachableError. */
  async start(): Promise<void> {
    const { topics } = this.options;
    const startedAt = performance.now();
    const ranges = await this.reader.ask((cluster) => offsetRanges(cluster, topics));
    for (const { low: next, high: end, ...of } of ranges) {
      this.positions.set(partitionName(of), { next, end, endSeenAt: startedAt });
    }
    // Also of an empty one an answer is waited for: it may be one that may not be read.
    const caughtUp = ranges.map(({ high, ...of }) => this.reached(partitionName(of), high, this.starting.signal));
    for (const range of ranges) this.reader.read(range, range.low);
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
    const behind = ranges.filter((range) => (this.positions.get(partitionName(range))?.next ?? 0) < range.high);
    await Promise.all(behind.map((range) => this.reached(partitionName(range), range.high, signal)));
  }

  async stop(): Promise<void> {
    this.starting.abort(new KafkaError('KAFKA.CLOSED', true, 'The table view was stopped before it had caught up'));
    await this.reader.stop();
  }

  /** Ready once the start has caught up; stays ready without Kafka, with a table that may be old. */
  health(): { readonly ready: boolean; readonly detail: string } {
    const { ready, detail } = this.reader.health();
    const state = this.isReady ? `lag ${this.lag()}` : `${this.waiting.size} partitions to read`;
    const failed = this.failed === 0 ? '' : `, ${this.failed} records failed`;
    return { ready: this.isReady, detail: `${state}${failed}${ready ? '' : `; ${detail}`}` };
  }

  /** The number of known records that are not read yet. */
  lag(): number {
    return [...this.positions.values()].reduce((sum, { next, end }) => sum + Math.max(0, end - next), 0);
  }

  /**
   * For how long the table may have been older than its topics, in milliseconds: since the oldest moment at which a partition
   * was known to be read to its end. It grows to seconds while nothing is written, and without bound where Kafka is away or
   * a partition is not caught up with; infinite before the start.
   */
  staleMs(): number {
    if (!this.isReady) return Number.POSITIVE_INFINITY;
    return performance.now() - Math.min(...[...this.positions.values()].map(({ endSeenAt }) => endSeenAt));
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

  /** Resolves when a partition has been read to this offset, and its leader has answered since. */
  private async reached(name: string, offset: number, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiting = { name, offset, resolve };
    const abort = () => reject(signal.reason);
    this.waiting.add(waiting);
    signal.addEventListener('abort', abort);
    await promise.finally(() => {
      this.waiting.delete(waiting);
      signal.removeEventListener('abort', abort);
    });
  }

  private progress(name: string, next: number, end: number): void {
    const position = this.positions.get(name);
    if (!position) return;
    position.next = next;
    position.end = end;
    this.resolveUpTo(name, next);
  }

  private atEnd(name: string, askedAt: number): void {
    const position = this.positions.get(name);
    if (!position) return;
    position.endSeenAt = askedAt;
    // The end that a new leader tells may be lower for a moment than the one that is waited for.
    this.resolveUpTo(name, position.next);
  }

  private resolveUpTo(name: string, next: number): void {
    for (const waiting of this.waiting) if (waiting.name === name && waiting.offset <= next) waiting.resolve();
  }
}

/** Where the reading of a partition stands. */
interface Position {
  next: number;
  /** As last seen. */
  end: number;
  /** When it was last known to be read to its end, by `performance.now()`. */
  endSeenAt: number;
}

interface Waiting {
  readonly name: string;
  readonly offset: number;
  readonly resolve: () => void;
}
