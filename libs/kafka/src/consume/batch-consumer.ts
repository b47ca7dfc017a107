import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { messageOf } from '../driver/client.ts';
import type { ConsumerHealth } from '../driver/consumer-monitor.ts';
import { type FetchedBatch } from '../driver/fetched-batch.ts';
import { GroupMember, type GroupMemberOptions } from '../driver/group-member.ts';
import { nameOf } from '../driver/kafkajs-internals.ts';
import type { Unreadable } from '../driver/protocol/partition-errors.ts';
import { requiredCounts } from '../driver/topics.ts';
import { endsWithin } from '../ends-within.ts';
import { KafkaError } from '../errors.ts';
import { LogLimiter } from '../log-limiter.ts';
import type { KafkaSettings } from '../settings.ts';
import { BatchProcessor } from './batch-processor.ts';
import type { BatchHandler } from './batch-result.ts';
import type { Assignment } from './owned-partitions.ts';
import { PausedPartitions } from './paused-partitions.ts';
import { RebalanceListener } from './rebalance-listener.ts';

type MemberOptions = Pick<
  GroupMemberOptions,
  'group' | 'topics' | 'beforeRebalance' | 'onFatal' | 'concurrency' | 'sessionTimeoutMs'
>;

export interface BatchConsumerOptions extends MemberOptions {
  readonly handlers: ReadonlyMap<string, BatchHandler> | BatchHandler;
  /** Awaited before the first batch of partitions that are newly owned; a rejection is tried again with backoff. */
  readonly onAssigned?: (assignment: Assignment) => Promise<void>;
  /** Called at once with partitions that are no longer owned: stop all work on them. */
  readonly onDisowned?: (assignments: readonly Assignment[]) => void;
  /** Best effort, after the rebalance: partitions that are no longer owned. */
  readonly onRevoked?: (assignment: Assignment) => void | Promise<void>;
  /** How often a throwing handler is tried before its batch is narrowed. Default 5. */
  readonly handlerAttempts?: number;
  /** The first wait after a throw; doubles up to 5 s. Default 200 ms. */
  readonly backoffMs?: number;
}

export type Member = Pick<
  GroupMember,
  'monitor' | 'membership' | 'heartbeatIntervalMs' | 'start' | 'stop' | 'pause' | 'resume' | 'commit'
>;

// How long a partition is left alone that its broker cannot read.
const unreadableAgainMs = 1000;
// Longer than most batches take, and short for the partitions that wait for this one.
const slowBatchMs = 250;

/**
 * Hands batches to handlers, at least once and in order per partition, and commits only what is handled.
 *
 * A partition whose handler wants a retry, throws, or whose dead letter cannot be written waits; the others go on. A
 * record batch that cannot be decoded never reaches a handler: it is parked as it stands in the log.
 */
export class BatchConsumer {
  private readonly member: Member;
  private readonly paused: PausedPartitions;
  private readonly rebalances: RebalanceListener;
  private readonly processor: BatchProcessor;
  // It is asked for each second: one line a minute says so.
  private readonly unreadable = new LogLimiter(() => undefined, { lines: 1, windowMs: 60_000 });
  private starting: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: BatchConsumerOptions,
    memberOf = (its: GroupMemberOptions): Member => new GroupMember(settings, its),
  ) {
    const firstBackoffMs = options.backoffMs ?? 200;
    this.member = memberOf({
      ...options,
      eachBatch: (fetched) => this.eachBatch(fetched),
      onJoined: (membership) => this.rebalances.joined(membership),
      onLost: () => this.rebalances.lost(),
      onBatchEnd: (end) => this.commitControlRecords(end),
      onUnreadable: (its) => this.putOff(its),
    });
    this.paused = new PausedPartitions(this.member);
    const { handlerAttempts: attempts = 5, group, handlers } = options;
    const handling = { group, handlers, attempts, firstBackoffMs };
    this.processor = new BatchProcessor(settings, handling, this.member, this.paused);
    this.rebalances = new RebalanceListener(settings, this.paused, {
      ...options,
      firstBackoffMs,
      onDropped: (assignment) => this.processor.forget(assignment),
    });
  }

  /** Resolves once the group is joined; throws MissingTopicsError (dead-letter topics too) or BrokerUnreachableError, or where it is stopped before. */
  start(): Promise<void> {
    this.starting ??= this.begin();
    return this.starting;
  }

  /** Fetches nothing more, finishes the running batches, commits them, leaves the group and disconnects. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rebalances.stop();
    this.paused.freeze();
    await this.member.monitor.idle();
    await this.member.stop();
    // The caller of `start` has the error.
    await this.starting?.catch(() => undefined);
    this.rebalances.lost();
    await this.processor.close();
  }

  health(): ConsumerHealth {
    return this.member.monitor.health();
  }

  /** How many partitions of this member wait for `onAssigned`. */
  get preparing(): number {
    return this.paused.count('assigning');
  }

  /** Stops reading the partition until it is resumed or revoked; a batch that is being handled goes on. */
  pausePartition(topic: string, partition: number): void {
    this.paused.add(topic, partition, 'service');
  }

  resumePartition(topic: string, partition: number): void {
    this.paused.remove(topic, partition, 'service');
  }

  private async begin(): Promise<void> {
    const { topics } = this.options;
    this.processor.know(await requiredCounts(this.settings, [...topics, ...topics.map(deadLetterTopicOf)]));
    if (this.stopping) throw new KafkaError('KAFKA.CLOSED', true, 'The consumer was stopped while it started');
    await this.member.start();
  }

  private async eachBatch(fetched: FetchedBatch): Promise<void> {
    const { topic, partition } = fetched;
    // Not resolved, so it is fetched again: by the next owner of the partition, or when it is resumed.
    if (this.stopping) this.paused.add(topic, partition, 'stopping');
    if (fetched.isStale() || this.paused.has(topic, partition)) return;
    // Throws when the group rebalances: then nothing new should begin.
    await fetched.heartbeat();
    const processing = this.processor.process(fetched, this.rebalances.generation);
    if (!(await endsWithin(processing, slowBatchMs))) this.goOnWithout(topic, partition, processing);
  }

  /**
   * A slow handler must not hold up other partitions: kafkajs fetches no more from a broker until all that it fetched is
   * handled. The partition is paused meanwhile. Its batch is not resolved, and comes again if this ends without a commit.
   * One that was begun before the partition was lost and owned again ends no pause of its successor.
   */
  private goOnWithout(topic: string, partition: number, processing: Promise<void>): void {
    const endPause = this.paused.add(topic, partition, 'handling');
    void this.member.monitor
      .watch(() => processing)
      .catch((error) => {
        const fields = { group: this.options.group, topic, partition, error: messageOf(error) };
        this.settings.log.warn('A batch is not committed, it comes again', fields);
      })
      .finally(endPause);
  }

  // Somebody has to mend the broker. All other partitions go on.
  private putOff({ topic, partition, errorCode }: Unreadable): void {
    const { group } = this.options;
    this.paused.addFor(topic, partition, unreadableAgainMs);
    this.settings.observer?.retried?.({ group, topic, origin: 'kafka' });
    if (!this.unreadable.admits(`${topic}/${partition}`)) return;
    const fields = { group, topic, partition, error: nameOf(errorCode) };
    this.settings.log.error('The broker cannot read its log of a partition; it waits, the others go on', fields);
  }

  // kafkajs moves past them by itself; the commit keeps the lag right.
  private commitControlRecords(end: { topic: string; partition: number; lastOffset: number; records: number }): void {
    if (end.records > 0) return;
    this.member.commit(end.topic, end.partition, end.lastOffset + 1).catch((error) => {
      this.settings.log.debug('Control records are not committed, a later batch does it', { error: messageOf(error) });
    });
  }
}
