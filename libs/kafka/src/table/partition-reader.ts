import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Broker } from '../cluster/broker.ts';
import { Cluster } from '../cluster/cluster.ts';
import { UnreadPartitions } from '../cluster/unread-partitions.ts';
import { Waits } from '../cluster/waits.ts';
import { backoffMs, connectWithin, messageOf, rootCause } from '../driver/client.ts';
import type { Driver, FetchedPart, OffsetTime } from '../driver/driver.ts';
import { KafkajsDriver } from '../driver/kafkajs-driver.ts';
import { partitionName, type TopicPartition, UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import { topicFaultOf } from '../driver/security/denied-operations.ts';
import { securityFaultOf } from '../driver/security/security-faults.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings, Observed, TopicState } from '../settings.ts';
import { type OffsetRange, offsetRanges } from './offsets.ts';
import { never, type Position, whyUnread } from './position.ts';

export interface PartitionReaderOptions {
  readonly onRecord: (record: ConsumedRecord) => void;
  /** Called when the records of a fetch are delivered, when the position has moved, and when it cannot be read. */
  readonly onProgress: (position: Readonly<Position>) => void;
  /** Returns whether to leave a position that the log does not have; by default, reading continues at the oldest record. */
  readonly onOutOfRange?: (position: Readonly<Position>) => boolean;
  /** Called with the number of records of a batch that cannot be decoded, and is skipped. */
  readonly onSkipped?: (position: Readonly<Position>, records: number) => void;
  /** The limit of one partition in a fetch. Default 4 MiB. */
  readonly maxPartitionBytes?: number | undefined;
}

// How long a broker delays its answer while it has no new record.
const maxWaitMs = 1500;
/** How long records are applied before other work may run. */
const turnMs = 5;
// The wait before a partition that failed is fetched again, together with the others of its broker.
const retryAfterMs = 500;
// More means fewer fetches for a restore, but more memory.
const defaultMaxPartitionBytes = 4 * 1024 * 1024;
// The limit of a fetch. The chunks of an answer are copied into one buffer, and a larger buffer needs new memory pages.
const maxBytes = 8 * 1024 * 1024;

/**
 * Reads partitions in order from given offsets until it is stopped, with a fetch loop for each broker that leads some
 * of them. Belongs to no consumer group and commits nothing.
 */
export class PartitionReader implements Observed {
  /** The number of record batches that could not be decoded and were skipped. */
  undecodable = 0;
  /** The positions of the partitions to read, by partition name. */
  readonly positions = new Map<string, Position>();
  /** The partitions that are to be read, but whose offsets Kafka does not tell. */
  private readonly unknown = new UnreadPartitions();
  private readonly waits = new Waits();
  private readonly cluster: Cluster;
  private readonly loops = new Map<Broker | undefined, Promise<void>>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: PartitionReaderOptions,
    driver: Driver = new KafkajsDriver(settings),
  ) {
    this.cluster = new Cluster(settings, driver, this.waits);
    settings.observer?.opened?.(this);
  }

  /** Retries until `connectTimeoutMs`; rejects with MissingTopicsError, SecurityError or BrokerUnreachableError. */
  query<T>(query: (cluster: Cluster) => Promise<T>): Promise<T> {
    return connectWithin(this.settings, () => query(this.cluster));
  }

  /** Returns the offsets that these partitions hold now, from the given time on, in any order. Rejects like `query`. */
  ranges(of: readonly TopicPartition[], from?: OffsetTime): Promise<OffsetRange[]> {
    return this.query(async (cluster) => {
      try {
        const ranges = await offsetRanges(cluster, of, from);
        for (const each of of) this.unknown.forget(each);
        return ranges;
      } catch (error) {
        for (const each of of) this.unknown.note(each, messageOf(error));
        throw error;
      }
    });
  }

  /** Starts to read a partition at the beginning of this range. Reading continues past the end of the range. */
  read({ topic, partition, low: offset, high: end, requestedAt: endSeenAt }: OffsetRange): void {
    const position = { topic, partition, offset, end, endSeenAt };
    this.positions.set(partitionName(position), position);
    this.startLoops();
  }

  /** Stops reading a partition. If `onRecord` calls this, it still receives the other records of that fetch. */
  pause(of: TopicPartition): void {
    this.positions.delete(partitionName(of));
  }

  /** Not ready while a partition cannot be read; the detail has the cause. */
  health(): { readonly ready: boolean; readonly detail: string } {
    const failing = this.positions.values().filter(({ failure }) => failure);
    const [worst] = failing.toArray().sort((a, b) => a.endSeenAt - b.endSeenAt);
    return worst ? { ready: false, detail: whyUnread(worst) } : { ready: true, detail: 'Kafka is readable' };
  }

  /** Returns one state for each partition. */
  topicStates(): TopicState[] {
    const read = this.positions.values().map(({ topic, partition, failure }) => ({
      topic,
      unread: failure ? [partition] : [],
    }));
    return [...read, ...this.unknown.all().map(({ topic, partition }) => ({ topic, unread: [partition] }))];
  }

  async stop(): Promise<void> {
    this.waits.end();
    this.cluster.close();
    await Promise.all(this.loops.values());
    this.settings.observer?.closed?.(this);
  }

  /** Starts the missing loops: one for each leader, and one for the partitions without a known leader. */
  private startLoops(): void {
    for (const { topic, partition } of this.positions.values()) {
      const leader = this.cluster.leaderOf(topic, partition);
      if (!this.loops.has(leader)) this.loops.set(leader, this.loop(leader));
    }
  }

  private async loop(leader: Broker | undefined): Promise<void> {
    // The loop must be in `loops` before it can end and remove itself.
    await nextTurn();
    for (let attempt = 1; !this.waits.ended; attempt += 1) {
      // Any request for metadata may have shown that a partition moved to a broker that has no loop yet.
      this.startLoops();
      const led = [...this.positions.values()].filter((at) => this.cluster.leaderOf(at.topic, at.partition) === leader);
      if (led.length === 0) break;
      if (leader) await this.fetchFrom(leader, led);
      else await this.findLeaders(led, attempt);
    }
    this.loops.delete(leader);
  }

  private async findLeaders(leaderless: readonly Position[], attempt: number): Promise<void> {
    const absences = Map.groupBy(leaderless, ({ topic, partition }) => this.cluster.absenceOf(topic, partition));
    if (attempt > 1) for (const [absence, positions] of absences) this.failed(absence, positions);
    await this.waits.for(backoffMs(attempt, 100, 1000));
    await this.refreshLeaders(leaderless);
  }

  private async refreshLeaders(positions: readonly Position[]): Promise<void> {
    try {
      await this.cluster.learn(positions.map(({ topic }) => topic));
    } catch (error) {
      this.failed(error, positions);
    }
  }

  private async fetchFrom(broker: Broker, led: readonly Position[]): Promise<void> {
    try {
      await this.fetchOnce(broker, led);
    } catch (error) {
      this.failed(error, led);
      await this.refreshLeaders(led);
    }
  }

  private async fetchOnce(broker: Broker, led: readonly Position[]): Promise<void> {
    const now = performance.now();
    const retryAts = led.flatMap(({ failure }) => (failure && failure.retryAt > now ? [failure.retryAt] : []));
    const untilRetryMs = Math.min(maxWaitMs, ...retryAts.map((retryAt) => retryAt - now));
    const due = led.filter(({ failure }) => !failure || failure.retryAt <= now);
    if (due.length === 0) return this.waits.for(untilRetryMs);
    const connection = await broker.shared.open();
    const requestedAt = performance.now();
    // A start does not wait for new records.
    const waitMs = due.some(({ endSeenAt }) => endSeenAt === never) ? 0 : Math.ceil(untilRetryMs);
    const { maxDecompressedBytes } = this.settings;
    const { maxPartitionBytes = defaultMaxPartitionBytes } = this.options;
    const parts = await connection.fetch(due, { maxWaitMs: waitMs, maxBytes, maxPartitionBytes, maxDecompressedBytes });
    let turnEndsAt = performance.now() + turnMs;
    const rejected: Position[] = [];
    const outOfRange: Position[] = [];
    for (const part of parts) {
      const position = this.positions.get(partitionName(part));
      // `read` or `pause` was called for the partition meanwhile.
      if (!position || !due.includes(position)) continue;
      if (part.error === undefined) this.deliver(part, position, requestedAt);
      else if (part.error === 'OFFSET_OUT_OF_RANGE') {
        if (!this.options.onOutOfRange?.(position)) outOfRange.push(position);
      } else {
        this.failed(topicFaultOf(part.error, 'Read', part.topic), [position]);
        rejected.push(position);
      }
      // Lets other work run: an answer may hold thousands of records of each partition. On a busy process each turn takes milliseconds.
      if (performance.now() < turnEndsAt) continue;
      await nextTurn();
      turnEndsAt = performance.now() + turnMs;
    }
    if (outOfRange.length > 0) await this.moveIntoRange(outOfRange);
    if (rejected.length > 0) await this.refreshLeaders(rejected);
  }

  private deliver({ messages, highWatermark }: FetchedPart, position: Position, requestedAt: number): void {
    const name = partitionName(position);
    const first = position.offset;
    position.failure = undefined;
    for (const message of messages) {
      if (message.offset < first) continue;
      position.offset = message.offset + 1;
      if (message instanceof UndecodableBatch) this.skip(position, message);
      else if (!message.isControlRecord) this.options.onRecord(message);
    }
    if (this.positions.get(name) !== position) return;
    if (messages.length > 0) {
      // Moves behind the partitions without records, because a broker serves the first partitions of a fetch first.
      this.positions.delete(name);
      this.positions.set(name, position);
    }
    position.end = highWatermark;
    if (position.offset >= highWatermark) position.endSeenAt = requestedAt;
    this.options.onProgress(position);
  }

  private skip(position: Position, batch: UndecodableBatch): void {
    const { topic, partition } = position;
    const { firstOffset, offset: lastOffset, codec, detail } = batch;
    const fields = { topic, partition, firstOffset, lastOffset, codec, detail };
    this.settings.log.error('undecodable record batch skipped; previous values kept', fields);
    this.undecodable += 1;
    this.options.onSkipped?.(position, lastOffset - firstOffset + 1);
  }

  // Retention deleted the next records, or the log was truncated: reading continues at the oldest record.
  private async moveIntoRange(positions: readonly Position[]): Promise<void> {
    try {
      for (const { low, high, ...of } of await offsetRanges(this.cluster, positions)) {
        const position = this.positions.get(partitionName(of));
        if (!position || !positions.includes(position)) continue;
        const { topic, partition, offset } = position;
        const fields = { topic, partition, offset, oldest: low };
        // Reading from offset 0 means from the oldest record.
        if (offset > 0) this.settings.log.warn('offset out of range; resuming at oldest', fields);
        position.offset = low;
        position.end = high;
        this.options.onProgress(position);
      }
    } catch (error) {
      // The fetch of these partitions is retried later.
      this.failed(error, positions);
    }
  }

  private failed(error: unknown, positions: readonly Position[]): void {
    if (this.waits.ended) return;
    const fault = securityFaultOf(rootCause(error));
    const cause = fault?.message ?? messageOf(error);
    const now = performance.now();
    for (const position of positions) {
      position.failure = { since: position.failure?.since ?? now, retryAt: now + retryAfterMs, cause, fault };
      this.options.onProgress(position);
    }
    const partitions = positions.map(partitionName).join(' ');
    this.settings.log.warn('reading partitions failed; retrying', { partitions, error: cause });
  }
}
