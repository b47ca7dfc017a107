import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Broker } from '../cluster/broker.ts';
import { Cluster } from '../cluster/cluster.ts';
import { Waits } from '../cluster/waits.ts';
import { backoffMs, connectWithin, messageOf, rootCause } from '../driver/client.ts';
import type { Driver, FetchedPart } from '../driver/driver.ts';
import { KafkajsDriver } from '../driver/kafkajs-driver.ts';
import { partitionName, type TopicPartition, UndecodableBatch } from '../driver/protocol/fetched-record.ts';
import { deniedText } from '../driver/security/denied-operations.ts';
import { securityFaultOf } from '../driver/security/security-faults.ts';
import { SecurityError } from '../errors.ts';
import { LogLimiter } from '../log-limiter.ts';
import type { ConsumedRecord } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { type OffsetRange, offsetRange } from './offsets.ts';

export interface PartitionReaderOptions {
  readonly onRecord: (record: ConsumedRecord) => void;
  /** What the leader had of a partition is handed over, or the position was moved to the oldest record. */
  readonly onAnswer: (position: Readonly<Position>) => void;
  /** Somebody has to mend this, and meanwhile it is tried again. */
  readonly onSecurityFault?: (fault: SecurityError) => void;
}

/** Where the reading of a partition stands. Times are those of `performance.now()`. */
export interface Position extends TopicPartition {
  /** Everything before it is read. */
  offset: number;
  /** As last seen: the offset that the next record gets. */
  end: number;
  /** When it was last known to be read to its end. */
  endSeenAt: number;
  /** The first look does not wait for records that come later. */
  isAsked: boolean;
  /** Since when it is not read, and why; it is tried again at `retryAt`. */
  failure?: { readonly since: number; readonly retryAt: number; readonly cause: string } | undefined;
}

// How long an idle fetch waits for the next record, which ends it at once.
const maxWaitMs = 1500;
// When a partition that could not be read is asked for again, with those that can.
const againAfterMs = 500;
// The share of a partition in one fetch: a restore takes fewer of them. The more, the more waits in memory.
const maxPartitionBytes = 4 * 1024 * 1024;
// An answer is copied together from what the socket brings: of larger ones each takes new pages of the system.
const maxBytes = 8 * 1024 * 1024;

/**
 * Reads partitions from where it is told to, in order, and goes on for ever: a fetch loop for each broker that leads some of
 * them. Belongs to no consumer group, and commits nothing.
 */
export class PartitionReader {
  /** How many record batches could not be decoded. Reading went on behind them. */
  undecodable = 0;
  /** Of what is read, by the name of the partition. */
  readonly positions = new Map<string, Position>();
  private readonly waits = new Waits();
  private readonly cluster: Cluster;
  private readonly loops = new Map<Broker | undefined, Promise<void>>();
  private readonly logged: LogLimiter;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: PartitionReaderOptions,
    driver: Driver = new KafkajsDriver(settings),
  ) {
    this.cluster = new Cluster(settings, driver, this.waits);
    this.logged = new LogLimiter((_kind, leftOut) => {
      settings.log.warn('Kafka is not read: more lines of this were left out', { leftOut });
    });
  }

  /** Tries for the settings' connect timeout; throws MissingTopicsError, SecurityError or BrokerUnreachableError. */
  ask<T>(question: (cluster: Cluster) => Promise<T>): Promise<T> {
    return connectWithin(this.settings, () => question(this.cluster));
  }

  /** Reads a partition from the beginning of this range on, and behind its end. */
  read({ topic, partition, low: offset, high: end, askedAt: endSeenAt }: OffsetRange): void {
    const position = { topic, partition, offset, end, endSeenAt, isAsked: false };
    this.positions.set(partitionName(position), position);
    this.follow();
  }

  /** Of an answer that is handed over now the rest still comes to `onRecord`. */
  pause(of: TopicPartition): void {
    this.positions.delete(partitionName(of));
  }

  /** Not ready: a partition is not read, for the cause in the detail. */
  health(): { readonly ready: boolean; readonly detail: string } {
    const failing = [...this.positions.values()].flatMap(({ failure, ...of }) => (failure ? [{ ...failure, of }] : []));
    const [worst] = failing.toSorted((a, b) => a.since - b.since);
    if (!worst) return { ready: true, detail: 'Kafka is read' };
    const seconds = Math.round((performance.now() - worst.since) / 1000);
    return { ready: false, detail: `${partitionName(worst.of)} is not read for ${seconds} s: ${worst.cause}` };
  }

  async stop(): Promise<void> {
    this.waits.end();
    this.cluster.close();
    await Promise.all(this.loops.values());
  }

  /** Starts what is not running yet: a loop for each leader, and one for what has no leader that is known. */
  private follow(): void {
    for (const { topic, partition } of this.positions.values()) {
      const leader = this.cluster.leaderOf(topic, partition);
      if (!this.loops.has(leader)) this.loops.set(leader, this.loop(leader));
    }
  }

  private async loop(leader: Broker | undefined): Promise<void> {
    // In a later turn, so that the loop is known before it may end.
    await nextTurn();
    for (let attempt = 1; !this.waits.ended; attempt += 1) {
      const led = [...this.positions.values()].filter((at) => this.cluster.leaderOf(at.topic, at.partition) === leader);
      if (led.length === 0) break;
      if (leader) await this.fetchFrom(leader, led);
      else await this.searchLeaders(led, attempt);
    }
    this.loops.delete(leader);
  }

  private async searchLeaders(leaderless: readonly Position[], attempt: number): Promise<void> {
    const absences = Map.groupBy(leaderless, ({ topic, partition }) => this.cluster.absenceOf(topic, partition));
    if (attempt > 1) for (const [absence, positions] of absences) this.failed(absence, positions);
    await this.waits.for(backoffMs(attempt, 100, 1000));
    await this.lookAgain(leaderless);
  }

  /** Asks who leads these. */
  private async lookAgain(positions: readonly Position[]): Promise<void> {
    try {
      await this.cluster.learn(positions.map(({ topic }) => topic));
    } catch (error) {
      this.failed(error, positions);
    }
    if (!this.waits.ended) this.follow();
  }

  private async fetchFrom(broker: Broker, led: readonly Position[]): Promise<void> {
    try {
      await this.fetchOnce(broker, led);
    } catch (error) {
      this.failed(error, led);
      await this.lookAgain(led);
    }
  }

  private async fetchOnce(broker: Broker, led: readonly Position[]): Promise<void> {
    const now = performance.now();
    const retryAts = led.flatMap(({ failure }) => (failure && failure.retryAt > now ? [failure.retryAt] : []));
    const untilRetryMs = Math.min(maxWaitMs, ...retryAts.map((retryAt) => retryAt - now));
    const due = led.filter(({ failure }) => !failure || failure.retryAt <= now);
    if (due.length === 0) return this.waits.for(untilRetryMs);
    const connection = await broker.shared.open();
    const askedAt = performance.now();
    const isFirst = due.some(({ isAsked }) => !isAsked);
    for (const position of due) position.isAsked = true;
    const waitMs = isFirst ? 0 : Math.ceil(untilRetryMs);
    const { maxDecompressedBytes } = this.settings;
    const parts = await connection.fetch(due, { maxWaitMs: waitMs, maxBytes, maxPartitionBytes, maxDecompressedBytes });
    const unled: Position[] = [];
    for (const part of parts) {
      const position = this.positions.get(partitionName(part));
      // `read` or `pause` moved it meanwhile.
      if (!position || !due.includes(position)) continue;
      if (part.error === undefined) this.take(part, position, askedAt);
      else if (part.error === 'OFFSET_OUT_OF_RANGE') await this.moveIntoRange(position);
      else {
        this.failed(refusalOf(part.error, position), [position]);
        unled.push(position);
      }
      // An answer may hold thousands of records of each partition.
      await nextTurn();
    }
    if (unled.length > 0) await this.lookAgain(unled);
  }

  private take({ messages, highWatermark }: FetchedPart, position: Position, askedAt: number): void {
    const name = partitionName(position);
    const first = position.offset;
    position.failure = undefined;
    for (const message of messages) {
      if (message.offset < first) continue;
      position.offset = message.offset + 1;
      if (message instanceof UndecodableBatch) this.pass(position, message);
      else if (!message.isControlRecord) this.options.onRecord(message);
    }
    if (this.positions.get(name) !== position) return;
    if (messages.length > 0) {
      // Behind those that had nothing: what stands first in a fetch gets its share first.
      this.positions.delete(name);
      this.positions.set(name, position);
    }
    position.end = highWatermark;
    if (position.offset >= highWatermark) position.endSeenAt = askedAt;
    this.options.onAnswer(position);
  }

  private pass({ topic, partition }: Position, batch: UndecodableBatch): void {
    const { firstOffset, offset: lastOffset, codec, detail } = batch;
    const fields = { topic, partition, firstOffset, lastOffset, codec, detail };
    this.settings.log.error('A record batch cannot be read: its keys keep what they had before', fields);
    this.undecodable += 1;
  }

  // Retention deleted what comes next, or the log was cut off: everything that is there now is read.
  private async moveIntoRange(position: Position): Promise<void> {
    try {
      const range = await offsetRange(this.cluster, position);
      if (this.positions.get(partitionName(position)) !== position) return;
      const { topic, partition, offset } = position;
      const fields = { topic, partition, offset, oldest: range.low };
      this.settings.log.warn('What comes next is not in the log, reading goes on with the oldest record', fields);
      position.offset = range.low;
      position.end = range.high;
      this.options.onAnswer(position);
    } catch (error) {
      // It is fetched again, and refused again, after a while; the others of this answer go on.
      this.failed(error, [position]);
    }
  }

  private failed(error: unknown, positions: readonly Position[]): void {
    if (this.waits.ended) return;
    const fault = securityFaultOf(rootCause(error));
    const cause = fault?.message ?? messageOf(error);
    const now = performance.now();
    for (const position of positions) {
      position.failure = { since: position.failure?.since ?? now, retryAt: now + againAfterMs, cause };
    }
    if (this.logged.admits('not read')) {
      const fields = { partitions: positions.map(partitionName).join(' '), error: cause };
      this.settings.log.warn('Kafka is not read, trying again', fields);
    }
    if (fault) this.options.onSecurityFault?.(fault);
  }
}

const refusalOf = (error: string, { topic }: TopicPartition): SecurityError | string =>
  error === 'TOPIC_AUTHORIZATION_FAILED' ? new SecurityError(deniedText('Read', 'topic', topic)) : error;
