import { letterOfBatch } from '../dead-letters/dead-letter.ts';
import { DeadLetterWriter } from '../dead-letters/dead-letter-writer.ts';
import { messageOf } from '../driver/client.ts';
import type { BatchEnd, FetchedBatch } from '../driver/fetched-batch.ts';
import type { GroupMember } from '../driver/group-member.ts';
import {
  FetchedRecord,
  partitionName,
  type TopicPartition,
  UndecodableBatch,
} from '../driver/protocol/fetched-record.ts';
import type { RecordBatch } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { Backoff } from './backoff.ts';
import type { CommitPlan } from './commit-plan.ts';
import { HandlerRunner, type HandlerRunnerOptions } from './handler-runner.ts';
import { OffsetCommitter } from './offset-committer.ts';
import type { PausedPartitions } from './paused-partitions.ts';

/** The state of a partition while this member owns it. */
interface PartitionState {
  readonly runner: HandlerRunner;
  readonly deadLetterBackoff: Backoff;
  committed: number;
}

/** A batch that is being processed. */
interface Running {
  readonly fetched: FetchedBatch;
  readonly batch: RecordBatch;
  readonly undecodable: readonly UndecodableBatch[];
  readonly firstOffset: number;
  /** The offset after the last record. */
  readonly endOffset: number;
  readonly state: PartitionState;
  readonly membership: number;
  readonly begunAt: number;
}

/** Processes batches: runs the handler, then writes dead letters, then commits. */
export class BatchProcessor {
  private readonly committer: OffsetCommitter;
  readonly deadLetters: DeadLetterWriter;
  private readonly states = new Map<string, PartitionState>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: HandlerRunnerOptions,
    private readonly member: Pick<GroupMember, 'membership' | 'heartbeatIntervalMs'>,
    private readonly paused: PausedPartitions,
  ) {
    this.committer = new OffsetCommitter(() => member.membership);
    this.deadLetters = new DeadLetterWriter(settings, options.group);
  }

  setCounts(counts: ReadonlyMap<string, number>): void {
    this.deadLetters.know(counts);
  }

  /**
   * Resolves when the batch is committed, or when the batch or the rest of it is to be delivered again. Rejects if the
   * group rejects the commit; the batch is then delivered again, too.
   */
  async process(fetched: FetchedBatch, generation: number): Promise<void> {
    const running = this.begin(fetched, generation);
    this.reportOffsetReset(running);
    this.reportLag(fetched, running.firstOffset);
    const heartbeats = this.startHeartbeats(fetched);
    try {
      const plan = await planOf(running);
      if (await this.park(running, plan)) await this.commit(running, plan);
    } finally {
      clearInterval(heartbeats);
    }
  }

  forget({ topic, partition }: TopicPartition): void {
    this.states.delete(partitionName({ topic, partition }));
    this.settings.observer?.lag?.({ topic, partition, records: undefined, oldestAt: undefined });
  }

  /** Commits control records, which are no batch to handle, and reports the lag after them. */
  skipped({ topic, partition, lastOffset, lag }: BatchEnd, send: FetchedBatch['commit']): void {
    const isIdle = lag <= 0 && this.states.has(partitionName({ topic, partition }));
    if (isIdle) this.settings.observer?.lag?.({ topic, partition, records: 0, oldestAt: undefined });
    const { membership } = this.member;
    this.committer.commit({ topic, partition, nextOffset: lastOffset + 1, membership }, send).catch((error) => {
      this.settings.log.debug('control records not committed', { error: messageOf(error) });
    });
  }

  close(): Promise<void> {
    return this.deadLetters.close();
  }

  private begin(fetched: FetchedBatch, generation: number): Running {
    const { topic, partition } = fetched;
    const state = this.stateOf(fetched);
    const messages = fetched.messages.slice(0, state.runner.width);
    const lastOffset = messages.length === fetched.messages.length ? fetched.lastOffset : messages.at(-1)?.offset;
    const records = messages.filter((message) => message instanceof FetchedRecord);
    return {
      fetched,
      batch: { topic, partition, generation, records },
      undecodable: messages.filter((message) => message instanceof UndecodableBatch),
      firstOffset: Number(messages[0]?.offset),
      endOffset: Number(lastOffset) + 1,
      state,
      membership: this.member.membership,
      begunAt: Date.now(),
    };
  }

  private stateOf(of: TopicPartition): PartitionState {
    const name = partitionName(of);
    const known = this.states.get(name);
    if (known) return known;
    const runner = new HandlerRunner(this.settings, this.options);
    const state = { runner, deadLetterBackoff: new Backoff(this.options.firstBackoffMs), committed: 0 };
    this.states.set(name, state);
    return state;
  }

  // A handler may run longer than a session. If a heartbeat fails, kafkajs meets the same error after the batch.
  private startHeartbeats(fetched: FetchedBatch): NodeJS.Timeout {
    return setInterval(() => {
      fetched.heartbeat().catch((error) => {
        this.settings.log.debug('heartbeat failed during batch processing', { error: messageOf(error) });
      });
    }, this.member.heartbeatIntervalMs);
  }

  // kafkajs replaces an offset that it cannot read by 0 (tulios/kafkajs#1414). No record is lost, many are repeated.
  private reportOffsetReset({ batch: { topic, partition }, firstOffset: offset, state: { committed } }: Running): void {
    if (offset >= committed) return;
    const fields = { group: this.options.group, topic, partition, offset, committed };
    this.settings.log.error('offset reset backwards; redelivering committed records', fields);
    this.settings.observer?.offsetReset?.({ topic, partition, kind: 'again' });
  }

  // Called before the batch is handled, too: a partition that waits commits nothing, and its lag would not be updated.
  private reportLag({ topic, partition, highWatermark, messages }: FetchedBatch, nextOffset: number): void {
    const records = highWatermark - nextOffset;
    // If the next record is not fetched yet, the last one that is has about its age.
    const oldest = messages.find(({ offset }) => offset >= nextOffset) ?? messages.at(-1);
    const oldestAt = records > 0 ? oldest?.timestamp : undefined;
    this.settings.observer?.lag?.({ topic, partition, records, oldestAt });
  }

  /** Writes the dead letters. Returns false if that fails: nothing is committed, and the batch is delivered again. */
  private async park({ batch, state }: Running, { parked }: CommitPlan): Promise<boolean> {
    if (parked.length === 0) return true;
    try {
      await this.deadLetters.write(parked);
      state.deadLetterBackoff.reset();
      return true;
    } catch (error) {
      const { topic, partition } = batch;
      const { group } = this.options;
      const offsets = parked.map(({ record }) => record.offset).slice(0, 10);
      const fields = { group, topic, partition, offsets, error: messageOf(error) };
      this.settings.log.error('dead letters not written; partition paused', fields);
      this.settings.observer?.retried?.({ group, topic, origin: 'kafka' });
      this.paused.addFor(topic, partition, state.deadLetterBackoff.next());
      return false;
    }
  }

  private async commit(running: Running, { nextOffset, retry }: CommitPlan): Promise<void> {
    const { fetched, batch, membership, state } = running;
    const { topic, partition } = batch;
    const { group } = this.options;
    const hasProgress = nextOffset > running.firstOffset;
    // If the commit fails, kafkajs rejoins the group or repeats the fetch, and the batch is delivered again.
    const isSameMembership = hasProgress
      ? await this.committer.commit({ topic, partition, nextOffset, membership }, fetched.commit)
      : membership === this.member.membership;
    if (!isSameMembership) {
      // Another member may own the partition now; the batch is delivered to the owner.
      this.settings.log.debug('group rejoined during batch processing; redelivering', { group, topic, partition });
      return;
    }
    if (hasProgress) {
      if (membership === this.member.membership) fetched.resolve(nextOffset - 1);
      state.committed = nextOffset;
      const records = batch.records.filter((record) => record.offset < nextOffset).length;
      const durationMs = Date.now() - running.begunAt;
      this.settings.observer?.consumed?.({ group, topic, partition, records, durationMs });
      // If the partition was lost meanwhile, its new owner reports the lag.
      if (this.states.get(partitionName(batch)) === state) this.reportLag(fetched, nextOffset);
    }
    if (retry) {
      this.settings.observer?.retried?.({ group, topic, origin: 'handler' });
      this.settings.log.debug('redelivering batch', { group, topic, partition, ...retry });
      // Even the shortest pause could miss the next fetch, which may wait long for records of other partitions.
      if (retry.afterMs > 0) this.paused.addFor(topic, partition, retry.afterMs);
    }
  }
}

/** Returns the plan of the handler, plus a dead letter for each batch that cannot be decoded. */
async function planOf({ batch, undecodable, endOffset, state }: Running): Promise<CommitPlan> {
  const { topic, partition, records } = batch;
  const handled = records.length > 0 ? await state.runner.run(batch, endOffset) : { parked: [], nextOffset: endOffset };
  const letters = undecodable
    .filter(({ offset }) => offset < handled.nextOffset)
    .map((each) => letterOfBatch(topic, partition, each));
  return { ...handled, parked: [...handled.parked, ...letters] };
}
