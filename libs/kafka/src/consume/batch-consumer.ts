import type { EachBatchPayload, KafkaMessage } from 'kafkajs';
import { DeadLetters, deadLetterTopicOf, letterOfBatch } from '../dead-letters/dead-letter-writer.ts';
import { messageOf } from '../driver/client.ts';
import type { ConsumerHealth } from '../driver/consumer-monitor.ts';
import { GroupMember, type GroupMemberOptions } from '../driver/group-member.ts';
import { isUndecodable, type UndecodableBatch } from '../driver/protocol/record-batch.ts';
import { requiredCounts } from '../driver/topics.ts';
import { type ConsumedRecord, type RecordBatch, recordOf } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import type { BatchHandler } from './batch-result.ts';
import type { Verdict } from './commit-plan.ts';
import { Judge } from './handler-runner.ts';
import { Commits } from './offset-committer.ts';
import type { Assignment } from './owned-partitions.ts';
import { Outages } from './partition-backoff.ts';
import { Pauses } from './paused-partitions.ts';
import { Custody, maxBackoffMs } from './rebalance-listener.ts';

export interface BatchConsumerOptions {
  readonly group: string;
  readonly topics: readonly string[];
  readonly handlers: ReadonlyMap<string, BatchHandler> | BatchHandler;
  /** Awaited before the first batch of partitions that are newly owned; a rejection is tried again with backoff. */
  readonly onAssigned?: (assignment: Assignment) => Promise<void>;
  /**
   * The group is about to be joined again or left: others may own the partitions then. Whoever works on them begins
   * nothing more and ends what is under way; the group is asked when that has settled or, after two seconds, the signal
   * is aborted.
   */
  readonly onDeparting?: (signal: AbortSignal) => Promise<void>;
  /** Told at once, before anything else: partitions that are no longer owned. Whoever works on them stops here. */
  readonly onDisowned?: (assignments: readonly Assignment[]) => void;
  /** Best effort: partitions that are no longer owned, told when the group has settled. */
  readonly onRevoked?: (assignment: Assignment) => void | Promise<void>;
  /** The consumer cannot go on and will not heal: the process must end with a code other than 0. */
  readonly onFatal?: (error: Error) => void;
  /** How many partitions are handled at once. Default 1. */
  readonly concurrency?: number;
  /** Default 10 s. */
  readonly sessionTimeoutMs?: number;
  /** Default 1.5 s. */
  readonly heartbeatIntervalMs?: number;
  /** How often a throwing handler is tried before its batch is narrowed. Default 5. */
  readonly handlerAttempts?: number;
  /** The first wait after a throw; doubles up to 5 s. Default 200 ms. */
  readonly backoffMs?: number;
}

export type Member = Pick<
  GroupMember,
  'vitals' | 'membership' | 'heartbeatIntervalMs' | 'start' | 'stop' | 'pause' | 'resume' | 'commit'
>;

/** When the handling of a batch began, in which membership of the group, and at which offset. */
interface Begun {
  readonly at: number;
  readonly membership: number;
  readonly firstOffset: number;
}

interface Sorted {
  readonly records: ConsumedRecord[];
  readonly undecodable: UndecodableBatch[];
}

/** What handlers can be given, and what nobody can read. */
function sorted(topic: string, partition: number, messages: readonly KafkaMessage[]): Sorted {
  const both: Sorted = { records: [], undecodable: [] };
  for (const message of messages) {
    if (isUndecodable(message)) both.undecodable.push(message);
    else both.records.push(recordOf(topic, partition, message));
  }
  return both;
}

const dealtWith = (nextOffset: number): Verdict => ({ parked: [], nextOffset });

/** What else there is to know of a batch that is handed over. */
interface Handed {
  readonly undecodable: readonly UndecodableBatch[];
  readonly endOffset: number;
  readonly begun: Begun;
}

// Longer than what a batch usually takes, and short for whoever waits behind it.
const patienceMs = 250;

/**
 * Hands batches to handlers, at least once and in order per partition, and commits only what is dealt with.
 *
 * A partition whose handler wants a retry, throws, or whose dead letter cannot be written waits; the others go on. A
 * record batch that cannot be decoded never reaches a handler: it is parked as it stands in the log.
 */
export class BatchConsumer {
  private readonly member: Member;
  private readonly pauses: Pauses;
  private readonly custody: Custody;
  private readonly commits: Commits;
  private readonly judge: Judge;
  private readonly deadLetters: DeadLetters;
  /** Partitions whose dead letters cannot be written. */
  private readonly unburied: Outages;
  private readonly committed = new Map<string, number>();
  /** What goes on in batches that take long. */
  private readonly long = new Set<Promise<void>>();
  private starting: Promise<void> | undefined;
  private stopping = false;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: BatchConsumerOptions,
    memberOf = (its: GroupMemberOptions): Member => new GroupMember(settings, its),
  ) {
    const firstBackoffMs = options.backoffMs ?? 200;
    const attempts = options.handlerAttempts ?? 5;
    this.deadLetters = new DeadLetters(settings, options.group);
    this.unburied = new Outages(firstBackoffMs, maxBackoffMs);
    this.judge = new Judge(settings, { ...options, attempts, firstBackoffMs, maxBackoffMs });
    this.member = memberOf({
      ...options,
      eachBatch: (payload) => this.eachBatch(payload),
      onJoined: (membership) => this.custody.joined(membership),
      onLost: () => this.custody.lost(),
      onBatchEnd: (end) => this.commitControlRecords(end),
    });
    this.pauses = new Pauses(this.member);
    this.commits = new Commits(() => this.member.membership);
    this.custody = new Custody(settings, this.pauses, {
      ...options,
      firstBackoffMs,
      onDropped: (name) => {
        this.judge.forget(name);
        this.unburied.over(name);
        this.committed.delete(name);
      },
    });
  }

  /** Resolves once the group is joined; throws MissingTopicsError (dead-letter topics too) or BrokerUnreachableError. */
  start(): Promise<void> {
    this.starting ??= this.begin();
    return this.starting;
  }

  /** Fetches nothing more, finishes the running batch, commits it, leaves the group and disconnects. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.custody.stop();
    this.pauses.freeze();
    // A failed start was told to whoever called it.
    await this.starting?.catch(() => undefined);
    await Promise.all(this.long);
    await this.member.stop();
    this.custody.lost();
    await this.deadLetters.close();
  }

  health(): ConsumerHealth {
    return this.member.vitals.health();
  }

  /** Reads nothing of the partition until it is resumed or revoked; what is being handled goes on. */
  pausePartition(topic: string, partition: number): void {
    this.pauses.add(topic, partition, 'service');
  }

  resumePartition(topic: string, partition: number): void {
    this.pauses.remove(topic, partition, 'service');
  }

  private async begin(): Promise<void> {
    const { topics } = this.options;
    this.deadLetters.know(await requiredCounts(this.settings, [...topics, ...topics.map(deadLetterTopicOf)]));
    await this.member.start();
  }

  private async eachBatch(payload: EachBatchPayload): Promise<void> {
    const { batch, heartbeat } = payload;
    const { topic, partition } = batch;
    // Not resolved, so it is fetched again: by whoever owns the partition then, or when it is resumed.
    if (this.stopping || payload.isStale() || this.pauses.has(topic, partition)) return;
    // Throws when the group rebalances: then nobody should begin anything new.
    await heartbeat();
    const messages = batch.messages.slice(0, this.judge.widthOf(`${topic}/${partition}`));
    const { records, undecodable } = sorted(topic, partition, messages);
    const whole = messages.length === batch.messages.length;
    const endOffset = Number(whole ? batch.lastOffset() : messages.at(-1)?.offset) + 1;
    const firstOffset = Number(messages[0]?.offset);
    const begun = { at: Date.now(), membership: this.member.membership, firstOffset };
    this.noteStepBack(topic, partition, firstOffset);
    const handed = { topic, partition, generation: this.custody.generation, records };
    const handling = this.handle(payload, handed, { undecodable, endOffset, begun });
    if (!(await endsWithin(handling, patienceMs))) this.goOnWithout(handed, handling);
  }

  private async handle(payload: EachBatchPayload, handed: RecordBatch, { undecodable, endOffset, begun }: Handed) {
    const { topic, partition, records } = handed;
    const pulse = this.keepMembership(payload.heartbeat);
    try {
      const handled = records.length > 0 ? await this.judge.judge(handed, endOffset) : dealtWith(endOffset);
      const lost = undecodable.filter(({ offset }) => offset < handled.nextOffset);
      const letters = lost.map((each) => letterOfBatch(topic, partition, each));
      const verdict = { ...handled, parked: [...handled.parked, ...letters] };
      if (!(await this.park(handed, verdict))) return;
      await this.commit(payload, handed, verdict, begun);
    } finally {
      clearInterval(pulse);
    }
  }

  /**
   * A handler that waits, as for a partition of Kafka that cannot be written, must not keep other partitions waiting:
   * kafkajs fetches no more of a broker until all it fetched is dealt with. The partition is not read meanwhile; its batch
   * is not resolved, so that it comes again if this ends without a commit.
   */
  private goOnWithout({ topic, partition }: RecordBatch, handling: Promise<void>): void {
    this.pauses.add(topic, partition, 'handling');
    const ended = this.member.vitals
      .watch(() => handling)
      .catch((error) => {
        // The group did not take the commit: nothing was committed, and the batch comes again.
        const fields = { group: this.options.group, topic, partition, error: messageOf(error) };
        this.settings.log.warn('A batch is not committed, it comes again', fields);
      })
      .finally(() => {
        this.long.delete(ended);
        this.pauses.remove(topic, partition, 'handling');
      });
    this.long.add(ended);
  }

  // A handler may take longer than a session. A failed heartbeat shows again when the batch is done.
  private keepMembership(heartbeat: () => Promise<void>): NodeJS.Timeout {
    return setInterval(() => {
      heartbeat().catch((error) => this.settings.log.debug('Heartbeat while handling', { error: messageOf(error) }));
    }, this.member.heartbeatIntervalMs);
  }

  // kafkajs takes an offset that it cannot read for 0 (tulios/kafkajs#1414). Nothing is lost, but much comes twice.
  private noteStepBack(topic: string, partition: number, offset: number): void {
    const committed = this.committed.get(`${topic}/${partition}`) ?? 0;
    if (!(offset < committed)) return;
    const fields = { group: this.options.group, topic, partition, offset, committed };
    this.settings.log.error('The offset went back: committed records come again', fields);
    this.settings.observer?.offsetReset?.({ topic, partition });
  }

  /** False if a dead letter could not be written: then nothing is committed and the batch comes again. */
  private async park({ topic, partition }: RecordBatch, { parked }: Verdict): Promise<boolean> {
    if (parked.length === 0) return true;
    try {
      await this.deadLetters.write(parked);
      this.unburied.over(`${topic}/${partition}`);
      return true;
    } catch (error) {
      const { group } = this.options;
      const offsets = parked.map(({ record }) => record.offset).slice(0, 10);
      const fields = { group, topic, partition, offsets, error: messageOf(error) };
      this.settings.log.error('The dead letters cannot be written; the partition waits', fields);
      this.settings.observer?.retried?.({ group, topic, origin: 'kafka' });
      this.pauses.addFor(topic, partition, this.unburied.failed(`${topic}/${partition}`));
      return false;
    }
  }

  private async commit(payload: EachBatchPayload, batch: RecordBatch, verdict: Verdict, begun: Begun) {
    const { topic, partition } = batch;
    const { group } = this.options;
    const { nextOffset, retry } = verdict;
    const { membership } = begun;
    const hasProgress = nextOffset > begun.firstOffset;
    // A failure reaches kafkajs, which joins the group again or repeats the fetch: the batch comes again.
    const isOurs = hasProgress
      ? await this.commits.commit({ topic, partition, nextOffset, membership }, payload.commitOffsetsIfNecessary)
      : membership === this.member.membership;
    if (!isOurs) {
      // Perhaps it is another's now, who has not seen what was done here: it comes again to whoever owns it.
      this.settings.log.debug('Joined anew while a batch was handled; it comes again', { group, topic, partition });
      return;
    }
    if (hasProgress) {
      if (membership === this.member.membership) payload.resolveOffset(String(nextOffset - 1));
      this.committed.set(`${topic}/${partition}`, nextOffset);
      const records = batch.records.filter((record) => record.offset < nextOffset).length;
      const lag = Number(payload.batch.highWatermark) - nextOffset;
      const durationMs = Date.now() - begun.at;
      this.settings.observer?.consumed?.({ group, topic, partition, records, lag, durationMs });
    }
    if (retry) {
      this.settings.observer?.retried?.({ group, topic, origin: 'handler' });
      this.settings.log.debug('A batch comes again', { group, topic, partition, nextOffset, ...retry });
      // Even the shortest pause may miss the next fetch, which waits for records of other partitions.
      if (retry.afterMs > 0) this.pauses.addFor(topic, partition, retry.afterMs);
    }
  }

  // kafkajs moves past them by itself; the commit is for whoever looks at the lag.
  private commitControlRecords(end: { topic: string; partition: number; lastOffset: number; records: number }): void {
    if (end.records > 0) return;
    this.member.commit(end.topic, end.partition, end.lastOffset + 1).catch((error) => {
      this.settings.log.debug('Control records are not committed, a later batch does it', { error: messageOf(error) });
    });
  }
}

/** Whether a promise settles in time; rejects as it does. */
async function endsWithin(promise: Promise<void>, ms: number): Promise<boolean> {
  const late = Promise.withResolvers<boolean>();
  const timer = setTimeout(() => late.resolve(false), ms);
  try {
    return await Promise.race([promise.then(() => true), late.promise]);
  } finally {
    clearTimeout(timer);
  }
}
