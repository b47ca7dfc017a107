import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerGroupJoinEvent } from 'kafkajs';
import { KafkaError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { clientOf, connectWithin, messageOf, rootCause } from './client.ts';
import { ConsumerMonitor } from './consumer-monitor.ts';
import { type BatchEnd, eachOf, type FetchedBatch, fetchedBatch, type Offsets } from './fetched-batch.ts';
import { asMember, type MemberHooks } from './kafkajs-patches.ts';
import type { Unreadable } from './patches/partition-errors.ts';
import { securityFaultOf } from './security/security-faults.ts';
import { isTransient } from './transient-errors.ts';

export interface Membership {
  readonly generation: number;
  readonly memberId: string;
  readonly partitions: Readonly<Record<string, readonly number[]>>;
}

export interface GroupMemberOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly eachBatch: (batch: FetchedBatch) => Promise<void>;
  /** Called, without being awaited, before the first fetch of the new membership. */
  readonly onJoined: (membership: Membership) => void;
  /**
   * Called before the member joins the group again or leaves it, because others may own its partitions afterwards. Must
   * start no more work on them, and finish running work. The member continues once the promise has settled, or after
   * two seconds, when the signal is aborted.
   */
  readonly beforeRebalance?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** The member has dropped out of the group and lost its partitions; it will join again. */
  readonly onLost: () => void;
  /** Kafka cannot serve a partition, perhaps of another member; called again every second or two while it cannot. */
  readonly onUnreadable: (unreadable: Unreadable) => void;
  /** Also called for batches with only control records, which never reach `eachBatch`. */
  readonly onBatchEnd?: (end: BatchEnd) => void;
  /** The consumer has failed for good: the process must end with an exit code other than 0. */
  readonly onFatal?: ((error: Error) => void) | undefined;
  /** The number of partitions that are handled at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** Default 10 s. */
  readonly sessionTimeoutMs?: number | undefined;
}

// A batch must be handled before two young-generation garbage collections, or only a full collection frees it; smaller
// batches cost more fetches and commits (ADR 60). A broker returns a larger record batch when its partition is first in
// a fetch; kafkajs shuffles the partitions of each fetch.
const maxBatchBytes = 256 * 1024;
// An answer has room for many partitions, so that one with a backlog does not delay the others.
const maxFetchBytes = 32 * 1024 * 1024;
// How long a stop waits for a running join, which kafkajs would forget, and for the leave-group request.
const graceMs = 3000;
// How long a join-group or leave-group request waits for running work. Meanwhile the whole group waits and this member
// sends no heartbeat, so this is far below a session timeout.
const beforeRebalanceMs = 2000;
// How much longer than a session timeout the group waits for a busy member in a rebalance.
const rebalanceGraceMs = 5000;
// Many retries, because a consumer that gives up on the brokers can join again only after its old session has expired.
const connectRetries = 45;

/** A member of a consumer group that survives broker outages; calls `onFatal` when it has failed for good. */
export class GroupMember {
  readonly monitor: ConsumerMonitor;
  readonly heartbeatIntervalMs: number;
  /** Increases when the member leaves or loses its membership, and when it has joined: partitions may change owners. */
  membership = 0;
  private readonly consumer: Consumer;
  private readonly joined = Promise.withResolvers<void>();
  private readonly hooks: MemberHooks;
  private stopping = false;
  private hasFetched = false;
  private sentAt = 0;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: GroupMemberOptions,
  ) {
    const sessionTimeout = options.sessionTimeoutMs ?? 10_000;
    this.heartbeatIntervalMs = Math.min(1500, sessionTimeout / 4);
    this.monitor = new ConsumerMonitor(options.group, sessionTimeout);
    this.consumer = clientOf(settings, connectRetries).consumer({
      groupId: options.group,
      sessionTimeout,
      heartbeatInterval: this.heartbeatIntervalMs,
      // The group drops a member that delays a rebalance for longer than this. Such a member acts as a member until its
      // session ends, so the session must end first, but not much earlier, because all other members wait.
      rebalanceTimeout: sessionTimeout + rebalanceGraceMs,
      // How long an idle fetch waits for the next record. A stop takes effect after this at the latest, and a heartbeat
      // is due after twice this time. A resumed partition is fetched sooner, see kafkajs-patches.ts.
      maxWaitTimeInMs: Math.ceil(this.heartbeatIntervalMs / 2),
      maxBytesPerPartition: maxBatchBytes,
      maxBytes: maxFetchBytes,
      allowAutoTopicCreation: false,
      // With read_committed, an open transaction would hide all records after it, for up to 15 minutes.
      readUncommitted: true,
      metadataMaxAge: 60_000,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1000,
        retries: 8,
        restartOnFailure: async (error) => !this.stopping && this.mayRecover(error),
      },
    });
    this.hooks = {
      maxDecompressedBytes: settings.maxDecompressedBytes,
      onUnreadable: options.onUnreadable,
      beforeDeparture: () => this.beforeDeparture(),
      onExpelled: () => this.endMembership(),
    };
    // Prevents an unhandled rejection if the consumer dies while no caller waits for the join.
    this.joined.promise.catch(() => undefined);
    this.listen();
  }

  /** Resolves once the member has joined the group. The topics must exist. */
  async start(): Promise<void> {
    this.monitor.starting();
    await connectWithin(this.settings, () => this.consumer.connect());
    if (!this.stopping) await this.run();
    // A stop during the start had nothing to disconnect yet.
    if (this.stopping) await this.disconnect();
    await this.joined.promise;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.monitor.joinSettled(graceMs);
    const left = this.disconnect().then(() => true);
    const gaveUp = this.monitor.idle().then(() => delay(graceMs, false, { ref: false }));
    if (!(await Promise.race([left, gaveUp]))) {
      // Without a broker the member cannot leave the group; the next owner starts at the committed offsets.
      this.settings.log.warn('stopped without leaving the consumer group', { group: this.options.group });
      left.catch((error) => this.settings.log.debug('kafkajs consumer disconnect failed', { error: messageOf(error) }));
    }
    this.joined.reject(new KafkaError('KAFKA.CLOSED', true, 'The consumer was stopped before it had joined its group'));
    this.monitor.stopped();
  }

  pause(topic: string, partition: number): void {
    this.whileRunning(() => this.consumer.pause([{ topic, partitions: [partition] }]));
  }

  resume(topic: string, partition: number): void {
    this.whileRunning(() => this.consumer.resume([{ topic, partitions: [partition] }]));
  }

  async commit(offsets: Offsets): Promise<void> {
    await this.consumer.commitOffsets(eachOf(offsets));
  }

  // Between a crash and the next join kafkajs has no running consumer; callers pause again after the join.
  private whileRunning(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.settings.log.debug('not in group; pausing again after joining', { error: messageOf(error) });
    }
  }

  private listen(): void {
    const { consumer, monitor } = this;
    const { GROUP_JOIN, HEARTBEAT, FETCH_START, FETCH, REBALANCING, CRASH, END_BATCH_PROCESS, REQUEST } =
      consumer.events;
    consumer.on(REQUEST, ({ payload: { apiName, sentAt } }) => {
      if (apiName === 'Heartbeat' || apiName === 'SyncGroup') this.sentAt = sentAt;
    });
    consumer.on(GROUP_JOIN, ({ payload }) => this.hasJoined(payload));
    consumer.on(HEARTBEAT, () => monitor.heartbeat(this.sentAt));
    consumer.on(FETCH_START, () => monitor.active());
    consumer.on(FETCH, () => {
      this.hasFetched = true;
    });
    consumer.on(REBALANCING, () => monitor.rebalancing());
    consumer.on(CRASH, ({ payload }) => this.hasCrashed(payload.error, payload.restart));
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset, offsetLag, batchSize: records } }) =>
      this.options.onBatchEnd?.({ topic, partition, lastOffset: Number(lastOffset), lag: Number(offsetLag), records }),
    );
  }

  private async run(): Promise<void> {
    // A new group, and one whose offset no longer exists, starts at the oldest record, so that it skips none.
    await this.consumer.subscribe({ topics: [...this.options.topics], fromBeginning: true });
    await asMember(this.hooks, () =>
      this.consumer.run({
        autoCommit: false,
        eachBatchAutoResolve: false,
        partitionsConsumedConcurrently: this.options.concurrency ?? 1,
        eachBatch: (payload) => this.monitor.watch(() => this.options.eachBatch(fetchedBatch(payload))),
      }),
    );
  }

  // kafkajs leaves the group before it disconnects.
  private disconnect(): Promise<void> {
    return asMember(this.hooks, () => this.consumer.disconnect());
  }

  private hasJoined({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    const { generation = -1 } = this.hooks;
    this.membership += 1;
    this.monitor.joined(generation, this.sentAt);
    this.options.onJoined({ generation, memberId, partitions: memberAssignment });
    this.joined.resolve();
  }

  // kafkajs restarts a consumer after any error that it has retried often enough. A record never causes such an error,
  // because our decoder does not throw on its contents.
  private mayRecover(error: Error): boolean {
    const cause = rootCause(error);
    // At the start an operator sees the error. Later, a password or a certificate may be in the middle of a change.
    if (securityFaultOf(cause)) return this.hasFetched;
    return isTransient(cause);
  }

  private async beforeDeparture(): Promise<void> {
    // The member joins for the first time, or as a new member after an expulsion.
    if (!this.monitor.isMember) return;
    const signal = AbortSignal.timeout(beforeRebalanceMs);
    const settled = this.options.beforeRebalance?.(signal).catch((error) => {
      // The next owner continues from the records that were written.
      this.settings.log.warn('work before rebalance failed', { group: this.options.group, error: messageOf(error) });
    });
    if (settled) await Promise.race([settled, once(signal, 'abort')]);
    this.endMembership();
  }

  // From now on other members may own the partitions of this member.
  private endMembership(): void {
    this.membership += 1;
    this.monitor.membershipEnded();
  }

  private hasCrashed(error: Error, restart: boolean): void {
    const { group } = this.options;
    this.membership += 1;
    this.options.onLost();
    if (restart || this.stopping) {
      this.monitor.crashed(securityFaultOf(rootCause(error)) ?? error);
      this.settings.log.warn('consumer failed; rejoining its group', { group, error: error.message });
      return;
    }
    const cause = rootCause(error);
    const dead = new KafkaError('KAFKA.CONSUMER_DEAD', false, `Consumer ${group} died: ${error.message}`, { cause });
    this.monitor.died(dead);
    this.settings.log.error('consumer stopped by a fatal error', { group, error: dead.message });
    this.joined.reject(dead);
    this.options.onFatal?.(dead);
  }
}
