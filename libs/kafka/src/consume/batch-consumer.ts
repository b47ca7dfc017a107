import { deadLetterTopicOf } from '@pagebridge/vocabulary';
import { requireTopics } from '../cluster/requirements.ts';
import { UnreadPartitions } from '../cluster/unread-partitions.ts';
import { messageOf } from '../driver/client.ts';
import type { ConsumerHealth } from '../driver/consumer-monitor.ts';
import type { BatchEnd, FetchedBatch } from '../driver/fetched-batch.ts';
import { GroupMember, type GroupMemberOptions } from '../driver/group-member.ts';
import { nameOf } from '../driver/kafkajs-internals.ts';
import { leaderNotAvailable, type Unreadable } from '../driver/patches/partition-errors.ts';
import { endsWithin } from '../ends-within.ts';
import { KafkaError } from '../errors.ts';
import type { KafkaSettings, Observed, TopicState } from '../settings.ts';
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
  /** Awaited before the first batch of a newly assigned partition; if it rejects, it is called again with backoff. */
  readonly onAssigned?: (assignment: Assignment) => Promise<void>;
  /** Called at once with the partitions that this member has lost: stop all work on them. */
  readonly onDisowned?: (assignments: readonly Assignment[]) => void;
  /** Called after the rebalance for each partition that this member has lost; errors are only logged. */
  readonly onRevoked?: (assignment: Assignment) => void | Promise<void>;
  /** The number of attempts of a handler that throws before its batch is delivered record by record. Default 5. */
  readonly handlerAttempts?: number;
  /** The wait after the first error of a handler; it doubles up to 5 s. Default 200 ms. */
  readonly backoffMs?: number;
}

export type Member = Pick<
  GroupMember,
  'monitor' | 'membership' | 'heartbeatIntervalMs' | 'start' | 'stop' | 'pause' | 'resume' | 'commit'
>;

// The pause of a partition whose log its broker cannot read.
const unreadableRetryMs = 1000;
// Longer than most batches take, but a short wait for the other partitions of the fetch.
const slowBatchMs = 250;

/**
 * Delivers batches to handlers at least once, in order within a partition, and commits only handled records.
 *
 * If a handler requests a retry or throws, or a dead letter cannot be written, only that partition waits. A record
 * batch that cannot be decoded never reaches a handler: its original bytes are parked.
 */
export class BatchConsumer implements Observed {
  readonly group: string;
  private readonly member: Member;
  private readonly paused: PausedPartitions;
  private readonly rebalances: RebalanceListener;
  private readonly processor: BatchProcessor;
  private readonly unread = new UnreadPartitions();
  /** The numbers of partitions, by topic. */
  private counts: ReadonlyMap<string, number> = new Map();
  private starting: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: BatchConsumerOptions,
    memberOf = (memberOptions: GroupMemberOptions): Member => new GroupMember(settings, memberOptions),
  ) {
    const firstBackoffMs = options.backoffMs ?? 200;
    this.group = options.group;
    this.member = memberOf({
      ...options,
      eachBatch: (fetched) => this.eachBatch(fetched),
      onJoined: (membership) => {
        settings.observer?.joined?.(this);
        this.rebalances.joined(membership);
      },
      onLost: () => this.rebalances.lost(),
      onBatchEnd: (end) => this.commitControlRecords(end),
      onUnreadable: (unreadable) => this.noteUnreadable(unreadable),
    });
    this.paused = new PausedPartitions(this.member);
    const { handlerAttempts: attempts = 5, group, handlers } = options;
    const handling = { group, handlers, attempts, firstBackoffMs };
    this.processor = new BatchProcessor(settings, handling, this.member, this.paused);
    this.rebalances = new RebalanceListener(settings, this.paused, {
      ...options,
      firstBackoffMs,
      onDropped: (assignment) => {
        this.processor.forget(assignment);
        this.unread.forget(assignment);
      },
    });
  }

  /** Resolves when the group is joined. Rejects with a KafkaError, also if only a dead-letter topic is missing. */
  start(): Promise<void> {
    this.starting ??= this.begin();
    return this.starting;
  }

  /** Stops fetching, finishes and commits the running batches, leaves the group and disconnects. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.rebalances.stop();
    this.paused.freeze();
    await this.member.monitor.idle();
    await this.member.stop();
    // The caller of `start` handles its error.
    await this.starting?.catch(() => undefined);
    this.rebalances.lost();
    await this.processor.close();
    this.settings.observer?.closed?.(this);
  }

  health(): ConsumerHealth {
    const { detail, ...health } = this.member.monitor.health();
    return { ...health, detail: `${detail}${this.unread.detail()}` };
  }

  /** Not ready while dead letters cannot be written: their partitions wait. Names the topics and the cause. */
  deadLetterHealth(): { readonly ready: boolean; readonly detail: string } {
    return this.processor.deadLetters.health();
  }

  /** The number of partitions that wait for `onAssigned`. */
  get preparing(): number {
    return this.paused.count('assigning');
  }

  topicStates(): TopicState[] {
    const { ready } = this.member.monitor.health();
    const unread = Map.groupBy(this.unread.all(), ({ topic }) => topic);
    return this.options.topics.map((topic) => ({
      topic,
      unread: unread.get(topic)?.map(({ partition }) => partition) ?? [],
      owned: ready ? this.rebalances.countOf(topic) : 0,
      partitions: this.counts.get(topic),
    }));
  }

  private async begin(): Promise<void> {
    const { topics } = this.options;
    this.settings.observer?.opened?.(this);
    this.counts = await requireTopics(this.settings, [...topics, ...topics.map(deadLetterTopicOf)]);
    this.processor.setCounts(this.counts);
    if (this.stopping) throw new KafkaError('KAFKA.CLOSED', true, 'The consumer was stopped before it had started');
    await this.member.start();
  }

  private async eachBatch(fetched: FetchedBatch): Promise<void> {
    const { topic, partition } = fetched;
    // Not resolved, so the batch is fetched again: by the next owner of the partition, or after it is resumed.
    if (this.stopping) this.paused.add(topic, partition, 'stopping');
    if (fetched.isStale() || this.paused.has(topic, partition)) return;
    // Throws during a rebalance, so that no new batch begins.
    await fetched.heartbeat();
    const processing = this.processor.process(fetched, this.rebalances.generation);
    if (!(await endsWithin(processing, slowBatchMs))) this.finishInBackground(topic, partition, processing);
  }

  /**
   * Lets a slow handler finish while other partitions are read: kafkajs fetches from a broker only when all batches of
   * the last fetch are done. The partition is paused meanwhile. Its batch is not resolved, so it is delivered again if
   * it ends without a commit. If the partition was lost and assigned again meanwhile, this does not end the new pause.
   */
  private finishInBackground(topic: string, partition: number, processing: Promise<void>): void {
    const endPause = this.paused.add(topic, partition, 'handling');
    void this.member.monitor
      .watch(() => processing)
      .catch((error) => {
        const fields = { group: this.options.group, topic, partition, error: messageOf(error) };
        this.settings.log.warn('batch not committed; redelivering', fields);
      })
      .finally(endPause);
  }

  // An operator must repair the broker. All other partitions are read meanwhile.
  private noteUnreadable({ topic, partition, errorCode }: Unreadable): void {
    const { group } = this.options;
    const isLeaderless = errorCode === leaderNotAvailable;
    if (isLeaderless && !this.rebalances.owns({ topic, partition })) return;
    const error = nameOf(errorCode) ?? '';
    const isNew = this.unread.note({ topic, partition }, error);
    // Without a leader the partition is not fetched anyway.
    if (!isLeaderless) {
      this.paused.addFor(topic, partition, unreadableRetryMs);
      this.settings.observer?.retried?.({ group, topic, origin: 'kafka' });
    }
    if (!isNew) return;
    const { log } = this.settings;
    const fields = { group, topic, partition, error };
    if (isLeaderless) log.warn('partition has no leader; retrying', fields);
    else log.error('broker cannot read its partition log; retrying', { ...fields, cure: 'Repair the broker.' });
  }

  // kafkajs skips control records without a commit; the commit keeps the lag correct.
  private commitControlRecords(end: BatchEnd): void {
    if (end.records > 0 || !this.rebalances.owns(end)) return;
    this.processor.skipped(end, (offsets) => this.member.commit(offsets));
  }
}
