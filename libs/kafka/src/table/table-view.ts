import { EventEmitter, once } from 'node:events';
import { connectTimeoutOf, messageOf } from '../driver/client.ts';
import type { Driver } from '../driver/driver.ts';
import { partitionName, type TopicPartition } from '../driver/protocol/fetched-record.ts';
import { KafkaError } from '../errors.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings, Observed, TopicState } from '../settings.ts';
import { EndOffsets } from './end-offsets.ts';
import { PartitionReader } from './partition-reader.ts';
import { never, type Position, whyUnread } from './position.ts';
import { UnreadableKeys } from './unreadable-keys.ts';

export interface TableViewOptions {
  readonly topics: readonly string[];
  /**
   * Called in order per partition; a null value deletes the key. Returns why it cannot read the record, which is logged and
   * counted like its errors. Key, value and headers are decoded on access, so a copy by spread syntax lacks them.
   */
  readonly onRecord: (record: ConsumedRecord) => string | undefined;
  /** Whether `start` leaves out the partitions that cannot be read while others can; they are gaps until they are read. */
  readonly mayHaveGaps?: boolean;
}

/** A partition of which the table may lack records; the detail says for how long, and why. */
export interface Gap extends TopicPartition {
  readonly detail: string;
}

// Longer than an election of a leader takes.
const gapAfterMs = 30_000;
const isUnread = ({ endSeenAt }: Position): boolean => endSeenAt === never;

/**
 * Follows compacted topics as a table: `start` resolves when every partition has been read to the end that it had at
 * the call; later records are applied as they are written.
 */
export class TableView implements Observed {
  private readonly reader: PartitionReader;
  /** Emits `change` whenever a partition has made progress, or could not be read. */
  private readonly positions = new EventEmitter();
  private readonly ends = new EndOffsets(() => this.reader.positions.values().toArray());
  private readonly starting = new AbortController();
  private isReady = false;
  private applied = 0;
  /** The number of records at which `onRecord` threw; their keys keep their former values. */
  private failed = 0;
  private readonly unreadable = new UnreadableKeys();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: TableViewOptions,
    driver?: Driver,
  ) {
    const onProgress = () => void this.positions.emit('change');
    this.reader = new PartitionReader(settings, { onRecord: (record) => this.apply(record), onProgress }, driver);
    // One for each call of `catchUp`.
    this.positions.setMaxListeners(0);
  }

  /**
   * Rejects with MissingTopicsError, SecurityError or BrokerUnreachableError, or names a partition that could not be read for
   * `connectTimeoutMs`. If the table may have gaps, it then starts without this partition, unless no partition can be read.
   */
  async start(): Promise<void> {
    const { topics } = this.options;
    const startedAt = performance.now();
    this.settings.observer?.opened?.(this);
    const partitions = await this.reader.query(async (cluster) => {
      await cluster.require(topics);
      return topics.flatMap((topic) => cluster.allPartitionsOf(topic));
    });
    // An empty partition must be fetched, too: only a fetch shows whether this client may read it.
    for (const of of partitions) this.reader.read({ ...of, low: 0, high: 0, requestedAt: never });
    await this.until(() => this.isRead(), this.starting.signal);
    this.isReady = true;
    const [records, ms] = [this.applied, Math.round(performance.now() - startedAt)];
    this.settings.log.info('tables loaded', { topics, records, ms });
    const gaps = this.gaps().map(({ detail }) => detail);
    if (gaps.length > 0) this.settings.log.error('tables incomplete: partitions cannot be read', { gaps });
  }

  /**
   * Resolves when all records that these partitions hold now are applied. Rejects when the signal is aborted, and with
   * MissingTopicsError, SecurityError or BrokerUnreachableError.
   */
  async catchUp(partitions: readonly TopicPartition[], signal: AbortSignal): Promise<void> {
    const ends = new Map(
      await untilAborted(
        this.reader.query((cluster) => this.ends.of(cluster, partitions)),
        signal,
      ),
    );
    const unknown = partitions.filter((each) => !ends.has(partitionName(each)));
    // Their leaders may have moved.
    const asked = unknown.length === 0 ? [] : this.reader.ranges(unknown);
    const ranges = await untilAborted(Promise.resolve(asked), signal);
    for (const range of ranges) ends.set(partitionName(range), range.high);
    const names = partitions.map(partitionName);
    const { positions } = this.reader;
    // The end that a new leader reports with its records may be lower for a moment.
    const isRead = () => names.every((name) => (positions.get(name)?.offset ?? 0) >= (ends.get(name) ?? 0));
    await this.until(isRead, signal);
  }

  async stop(): Promise<void> {
    this.starting.abort(new KafkaError('KAFKA.CLOSED', true, 'The table view was stopped before it had caught up'));
    await this.reader.stop();
    this.settings.observer?.closed?.(this);
  }

  /**
   * Ready after `start` has resolved, unless a partition was not read to its end for half a minute: then the detail names
   * the one that has waited longest, with the cause. A partition to which nothing is written is read to its end every few seconds.
   */
  health(): { readonly ready: boolean; readonly detail: string } {
    const [gap] = this.isReady ? this.gaps() : [];
    const { ready, detail } = this.reader.health();
    const unread = this.reader.positions.values().filter(isUnread).toArray();
    const state = this.isReady ? `lag ${this.lag()}` : `${unread.length} partitions to read`;
    const failed = this.failed + this.reader.undecodable;
    const failures = failed === 0 ? '' : `, ${failed} records failed`;
    const cause = gap?.detail ?? (ready ? '' : detail);
    return { ready: this.isReady && !gap, detail: `${state}${failures}${cause && `; ${cause}`}` };
  }

  /** Returns the partitions that were not read to their end for half a minute, or never; those that have waited longest first. */
  gaps(): Gap[] {
    const all = this.reader.positions.values().toArray();
    const stale = all.filter(({ endSeenAt }) => performance.now() - endSeenAt > gapAfterMs);
    return stale.sort((a, b) => a.endSeenAt - b.endSeenAt).map((at) => ({ ...at, detail: whyUnread(at) }));
  }

  /** Returns the number of known records that are not read yet. */
  lag(): number {
    return this.reader.positions.values().reduce((sum, { offset, end }) => sum + Math.max(0, end - offset), 0);
  }

  /**
   * Returns how stale the table may be, in milliseconds: the time since its most outdated partition was last known to
   * be read to its end; a few seconds while nothing is written. Infinite before the start, or if it never was.
   */
  staleMs(): number {
    return Math.max(...this.ages());
  }

  /** Returns how stale the part of the table is that this partition has, in a view of one topic. */
  staleMsOf(partition: number): number {
    const position = this.isReady && this.reader.positions.values().find((each) => each.partition === partition);
    return position ? performance.now() - position.endSeenAt : Number.POSITIVE_INFINITY;
  }

  /** Returns how stale the table is at least: the age of the partition that was read last. */
  leastStaleMs(): number {
    return Math.min(...this.ages());
  }

  /** Returns the time since each partition was last known to be read to its end. */
  private ages(): readonly number[] {
    if (!this.isReady) return [Number.POSITIVE_INFINITY];
    const now = performance.now();
    return [...this.reader.positions.values().map(({ endSeenAt }) => now - endSeenAt)];
  }

  /** Returns one state for each partition, and one for each topic. */
  topicStates(): TopicState[] {
    const { topics } = this.options;
    const known = this.reader.positions.values().toArray();
    const parts = known.length > 0 ? known : topics.map((topic) => ({ topic, endSeenAt: never }));
    // The clock of the positions stops while the machine sleeps, so only an age is taken from it.
    const startedAt = Date.now() - performance.now();
    return [
      ...parts.map(({ topic, endSeenAt }) => ({ topic, readAt: startedAt + Math.max(0, endSeenAt) })),
      ...topics.map((topic) => ({ topic, unreadableKeys: this.unreadable.count(topic) })),
    ];
  }

  private apply(record: ConsumedRecord): void {
    const { log } = this.settings;
    const { topic, partition, offset } = record;
    try {
      const detail = this.options.onRecord(record);
      this.applied += 1;
      if (detail === undefined) {
        this.unreadable.remove(record);
        return;
      }
      log.error('unreadable table record skipped', { topic, partition, offset, detail });
    } catch (error) {
      this.failed += 1;
      log.error('table record not applied; previous value kept', { topic, partition, offset, error: messageOf(error) });
    }
    this.unreadable.add(record);
  }

  private async until(condition: () => boolean, signal: AbortSignal): Promise<void> {
    while (!condition()) await once(this.positions, 'change', { signal }).catch(() => signal.throwIfAborted());
  }

  /** Returns whether each partition was read, or may be left out. Throws if one that cannot be read may not. */
  private isRead(): boolean {
    const all = [...this.reader.positions.values()];
    const fault = all.find(({ failure }) => failure?.fault)?.failure?.fault;
    // A fault at the start needs an operator. Later faults may pass, such as while a password is rotated.
    if (fault) throw fault;
    const unread = all.filter(isUnread);
    const since = performance.now() - connectTimeoutOf(this.settings);
    const failing = unread.filter(({ failure }) => failure && failure.since <= since);
    const [first] = failing;
    const mayLeaveOut = this.options.mayHaveGaps && all.some(({ failure }) => !failure);
    if (!first || mayLeaveOut) return unread.length === failing.length;
    const detail = `${partitionName(first)} cannot be read: ${first.failure?.cause}`;
    throw new KafkaError('KAFKA.BROKER_UNREACHABLE', true, detail);
  }
}

/** Returns what a promise resolves to, or rejects once the signal is aborted: the answer to a question may take much longer. */
async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  signal.throwIfAborted();
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  signal.addEventListener('abort', abort, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}
