import { messageOf } from '../driver/client.ts';
import type { Driver } from '../driver/driver.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { KafkaError, type SecurityError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { type OffsetRange, offsetRanges } from './offsets.ts';
import { PartitionReader, type Position } from './partition-reader.ts';

export interface TableViewOptions {
  readonly topics: readonly string[];
  /**
   * Called in order per partition; a null value deletes the key. Its errors are logged and counted. Key, value and
   * headers are decoded on access, so a copy by spread syntax lacks them.
   */
  readonly onRecord: (record: ConsumedRecord) => void;
}

/** A partition of which the table may lack records; the detail says for how long, and why. */
export interface Gap extends TopicPartition {
  readonly detail: string;
}

// Longer than an election of a leader takes.
const gapAfterMs = 30_000;

/**
 * Follows compacted topics as a table: `start` resolves when every partition has been read to the end that it had at
 * the call; later records are applied as they are written.
 */
export class TableView {
  private readonly reader: PartitionReader;
  private readonly waiters = new Set<Waiter>();
  private readonly starting = new AbortController();
  private isReady = false;
  private applied = 0;
  /** The number of records at which `onRecord` threw; their keys keep their former values. */
  private failed = 0;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: TableViewOptions,
    driver?: Driver,
  ) {
    const callbacks = {
      onRecord: (record: ConsumedRecord) => this.apply(record),
      onProgress: (position: Position) => this.resolveWaiters(position),
      // A fault at the start needs an operator. Later faults may pass, such as while a password is rotated.
      onSecurityFault: (fault: SecurityError) => this.starting.abort(fault),
    };
    this.reader = new PartitionReader(settings, callbacks, driver);
  }

  /** Rejects with MissingTopicsError, SecurityError or BrokerUnreachableError. */
  async start(): Promise<void> {
    const { topics } = this.options;
    const startedAt = performance.now();
    const ranges = await this.reader.query((cluster) => offsetRanges(cluster, topics));
    // An empty partition must be fetched, too: only a fetch shows whether this client may read it.
    const caughtUp = ranges.map((range) => this.waitUntilRead(range, this.starting.signal));
    for (const range of ranges) this.reader.read(range);
    await Promise.all(caughtUp);
    this.isReady = true;
    const [records, ms] = [this.applied, Math.round(performance.now() - startedAt)];
    this.settings.log.info('The tables are read to their end', { topics, records, ms });
  }

  /**
   * Resolves when all records that these partitions hold now are applied. Rejects when the signal is aborted, and with
   * the errors of `start`.
   */
  async catchUp(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    const ranges = await this.reader.query((cluster) => offsetRanges(cluster, partitions));
    signal.throwIfAborted();
    const behind = ranges.filter(
      (range) => (this.reader.positions.get(partitionName(range))?.offset ?? 0) < range.high,
    );
    await Promise.all(behind.map((range) => this.waitUntilRead(range, signal)));
  }

  async stop(): Promise<void> {
    this.starting.abort(new KafkaError('KAFKA.CLOSED', true, 'The table view was stopped before it had caught up'));
    await this.reader.stop();
  }

  /**
   * Ready after `start` has resolved, unless a partition was not read to its end for half a minute: then the detail names
   * the one that has waited longest, with the cause. A partition to which nothing is written is read to its end every few seconds.
   */
  health(): { readonly ready: boolean; readonly detail: string } {
    const [gap] = this.isReady ? this.gaps() : [];
    const reading = this.reader.health();
    const state = this.isReady ? `lag ${this.lag()}` : `${this.waiters.size} partitions to read`;
    const failed = this.failed + this.reader.undecodable;
    const failures = failed === 0 ? '' : `, ${failed} records failed`;
    const cause = gap?.detail ?? (reading.ready ? undefined : reading.detail);
    return { ready: this.isReady && !gap, detail: `${state}${failures}${cause ? `; ${cause}` : ''}` };
  }

  /** Returns the partitions of which the table may lack records: not read to their end for half a minute, longest first. */
  gaps(): Gap[] {
    const oldest = this.reader.positions.values().toArray();
    return oldest
      .sort((a, b) => a.endSeenAt - b.endSeenAt)
      .flatMap(({ topic, partition, ...at }) => {
        const ms = performance.now() - at.endSeenAt;
        if (ms <= gapAfterMs) return [];
        const cause =
          at.failure?.cause ?? (at.end > at.offset ? `${at.end - at.offset} records are left` : 'no answer yet');
        const detail = `${partitionName({ topic, partition })} has not been read to its end for ${Math.round(ms / 1000)} s: ${cause}`;
        return [{ topic, partition, detail }];
      });
  }

  /** Returns the number of known records that are not read yet. */
  lag(): number {
    return this.reader.positions.values().reduce((sum, { offset, end }) => sum + Math.max(0, end - offset), 0);
  }

  /**
   * Returns how stale the table may be, in milliseconds: the time since its most outdated partition was last known to
   * be read to its end. It reaches seconds while nothing is written, and grows without bound during an outage of Kafka
   * or while a partition lags. Infinite before the start.
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
      this.settings.log.error('A table record was not applied; its key keeps its former value', {
        topic,
        partition,
        offset,
        error: messageOf(error),
      });
    }
  }

  /** Resolves at the first progress that shows the partition as read to the end of this range. */
  private async waitUntilRead(range: OffsetRange, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const waiter = { name: partitionName(range), offset: range.high, resolve };
    const abort = () => reject(signal.reason);
    this.waiters.add(waiter);
    signal.addEventListener('abort', abort);
    await promise.finally(() => {
      this.waiters.delete(waiter);
      signal.removeEventListener('abort', abort);
    });
  }

  // Compares with the end of the range: the end that a new leader reports may be lower for a moment.
  private resolveWaiters(position: Readonly<Position>): void {
    const name = partitionName(position);
    for (const waiter of this.waiters) {
      if (waiter.name === name && waiter.offset <= position.offset) waiter.resolve();
    }
  }
}

interface Waiter {
  readonly name: string;
  readonly offset: number;
  readonly resolve: () => void;
}
