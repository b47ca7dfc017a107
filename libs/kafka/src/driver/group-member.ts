import { once } from 'node:events';
import { setTimeout as delay } from 'node:timers/promises';
import type { Consumer, ConsumerGroupJoinEvent } from 'kafkajs';
import { KafkaError } from '../errors.ts';
import type { KafkaSettings } from '../settings.ts';
import { clientOf, connectWithin, messageOf, rootCause } from './client.ts';
import { ConsumerMonitor } from './consumer-monitor.ts';
import { type FetchedBatch, fetchedBatch } from './fetched-batch.ts';
import { asMember, type MemberHooks } from './kafkajs-patches.ts';
import { mayPass } from './passing-errors.ts';
import type { Unreadable } from './protocol/partition-errors.ts';
import { securityFaultOf } from './security/security-faults.ts';

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
   * Called before the member joins the group again or leaves it: others may own its partitions then. Start no more work
   * on them, and end what is running. The member goes on once this has settled, or when the signal is aborted after two
   * seconds.
   */
  readonly beforeRebalance?: ((signal: AbortSignal) => Promise<void>) | undefined;
  /** The member is out of the group, and others own its partitions; it will join again. */
  readonly onLost: () => void;
  /** The broker cannot read its log of a partition; called each time that it is asked for it. */
  readonly onUnreadable: (unreadable: Unreadable) => void;
  /** Called also for batches of only control records, which never reach `eachBatch`. */
  readonly onBatchEnd?: (end: { topic: string; partition: number; lastOffset: number; records: number }) => void;
  /** The consumer cannot go on and will not heal: the process must end with a code other than 0. */
  readonly onFatal?: ((error: Error) => void) | undefined;
  /** How many partitions are handled at once. Default 1. */
  readonly concurrency?: number | undefined;
  /** Default 10 s. */
  readonly sessionTimeoutMs?: number | undefined;
}

// What is fetched has to be handled before two collections of young garbage have passed, or only a full one frees it; smaller
// ones cost more fetches and commits (ADR 60). A larger record batch comes when its partition stands first in a fetch;
// kafkajs shuffles them each time.
const maxBatchBytes = 256 * 1024;
// An answer holds the share of several partitions, so that a full one does not keep the others waiting.
const maxFetchBytes = 32 * 1024 * 1024;
// How long a stop waits for a running join, which kafkajs forgets when stopped, and for its leave-group request.
const graceMs = 3000;
// How long a join-group or leave-group request waits for running work. The whole group waits with it, without a heartbeat:
// far below a session.
const beforeRebalanceMs = 2000;
// How much longer than a session the group waits for a member that is busy.
const holdUpMs = 5000;
// A consumer that gives up on the brokers would have to wait until the group has forgotten it before it could join again.
const connectRetries = 45;

/** A member of a consumer group that survives broker outages; `onFatal` when it cannot go on. */
export class GroupMember {
  readonly monitor: ConsumerMonitor;
  readonly heartbeatIntervalMs: number;
  /** Changes when this member asks to join again, and when it has joined: its partitions may have other owners then. */
  membership = 0;
  private readonly consumer: Consumer;
  private readonly joined = Promise.withResolvers<void>();
  private readonly hooks: MemberHooks;
  private stopping = false;
  private hasFetched = false;
  private askedAt = 0;

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
      // After this the group drops a member that holds up a rebalance. The member believes that it is in until its session
      // ends, so the session must end first; not much earlier, since all others wait.
      rebalanceTimeout: sessionTimeout + holdUpMs,
      // How long an idle fetch waits for the next record. A stop is seen after this at the latest, and a heartbeat is
      // due after two of them; a partition that is resumed is looked at sooner, see kafkajs-patches.ts.
      maxWaitTimeInMs: Math.ceil(this.heartbeatIntervalMs / 2),
      maxBytesPerPartition: maxBatchBytes,
      maxBytes: maxFetchBytes,
      allowAutoTopicCreation: false,
      // An open transaction would hide all records behind it, for up to 15 minutes.
      readUncommitted: true,
      metadataMaxAge: 60_000,
      retry: {
        initialRetryTime: 100,
        maxRetryTime: 1000,
        retries: 8,
        restartOnFailure: async (error) => !this.stopping && this.mayHeal(error),
      },
    });
    this.hooks = {
      maxDecompressedBytes: settings.maxDecompressedBytes,
      onUnreadable: options.onUnreadable,
      departs: () => this.departs(),
      isExpelled: () => this.endMembership(),
    };
    // No unhandled rejection when the consumer dies while nobody waits for the join.
    this.joined.promise.catch(() => undefined);
    this.listen();
  }

  /** Resolves once the group is joined. Topics must exist. */
  async start(): Promise<void> {
    this.monitor.starting();
    await connectWithin(this.settings, () => this.consumer.connect());
    if (!this.stopping) await this.run();
    // A stop meanwhile found nothing to end.
    if (this.stopping) await this.disconnect();
    await this.joined.promise;
  }

  async stop(): Promise<void> {
    this.stopping = true;
    await this.monitor.joinSettled(graceMs);
    const left = this.disconnect().then(() => true);
    const gaveUp = this.monitor.idle().then(() => delay(graceMs, false, { ref: false }));
    if (!(await Promise.race([left, gaveUp]))) {
      // Without a broker the group is not left; the next owner gets again what was not committed.
      this.settings.log.warn('Stopped without leaving the consumer group', { group: this.options.group });
      left.catch((error) => this.settings.log.debug('kafkajs consumer: disconnect', { error: messageOf(error) }));
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

  async commit(topic: string, partition: number, offset: number): Promise<void> {
    await this.consumer.commitOffsets([{ topic, partition, offset: String(offset) }]);
  }

  // Between a crash and the next join kafkajs has no consumer to tell; whoever pauses does so again on joining.
  private whileRunning(act: () => void): void {
    try {
      act();
    } catch (error) {
      this.settings.log.debug('Not in the group now, told again after joining', { error: messageOf(error) });
    }
  }

  private listen(): void {
    const { consumer, monitor } = this;
    const { GROUP_JOIN, HEARTBEAT, FETCH_START, FETCH, REBALANCING, CRASH, END_BATCH_PROCESS, REQUEST } =
      consumer.events;
    consumer.on(REQUEST, ({ payload: { apiName, sentAt } }) => {
      if (apiName === 'Heartbeat' || apiName === 'SyncGroup') this.askedAt = sentAt;
    });
    consumer.on(GROUP_JOIN, ({ payload }) => this.hasJoined(payload));
    consumer.on(HEARTBEAT, () => monitor.heartbeat(this.askedAt));
    consumer.on(FETCH_START, () => monitor.active());
    consumer.on(FETCH, () => {
      this.hasFetched = true;
    });
    consumer.on(REBALANCING, () => monitor.rebalancing());
    consumer.on(CRASH, ({ payload }) => this.hasCrashed(payload.error, payload.restart));
    consumer.on(END_BATCH_PROCESS, ({ payload: { topic, partition, lastOffset, batchSize } }) =>
      this.options.onBatchEnd?.({ topic, partition, lastOffset: Number(lastOffset), records: batchSize }),
    );
  }

  private async run(): Promise<void> {
    // From the oldest record: with a new group, or after an offset that no longer exists, none must be skipped.
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

  // It leaves its group first.
  private disconnect(): Promise<void> {
    return asMember(this.hooks, () => this.consumer.disconnect());
  }

  private hasJoined({ memberId, memberAssignment }: ConsumerGroupJoinEvent['payload']): void {
    const { generation = -1 } = this.hooks;
    this.membership += 1;
    this.monitor.joined(generation, this.askedAt);
    this.options.onJoined({ generation, memberId, partitions: memberAssignment });
    this.joined.resolve();
  }

  // kafkajs restarts a consumer after any error it has retried often enough. No record comes to this: what it holds throws
  // nowhere in a fetch.
  private mayHeal(error: Error): boolean {
    const cause = rootCause(error);
    // At the start somebody looks on; later a password is being changed, or a certificate.
    if (securityFaultOf(cause)) return this.hasFetched;
    return mayPass(cause);
  }

  private async departs(): Promise<void> {
    // It joins for the first time, or as a stranger.
    if (!this.monitor.isMember) return;
    const signal = AbortSignal.timeout(beforeRebalanceMs);
    const settled = this.options.beforeRebalance?.(signal).catch((error) => {
      // The next owner goes on from what is written.
      this.settings.log.warn('beforeRebalance failed', { group: this.options.group, error: messageOf(error) });
    });
    if (settled) await Promise.race([settled, once(signal, 'abort')]);
    this.endMembership();
  }

  // From here on others may own the partitions of this member.
  private endMembership(): void {
    this.membership += 1;
    this.monitor.doubted();
  }

  private hasCrashed(error: Error, restart: boolean): void {
    const { group } = this.options;
    this.membership += 1;
    this.options.onLost();
    if (restart || this.stopping) {
      this.monitor.crashed(securityFaultOf(rootCause(error)) ?? error);
      this.settings.log.warn('Left the consumer group after an error, joining again', { group, error: error.message });
      return;
    }
    const cause = rootCause(error);
    const dead = new KafkaError('KAFKA.CONSUMER_DEAD', false, `Consumer ${group} died: ${error.message}`, { cause });
    this.monitor.died(dead);
    this.settings.log.error('A consumer died and does not heal by itself', { group, error: dead.message });
    this.joined.reject(dead);
    this.options.onFatal?.(dead);
  }
}
