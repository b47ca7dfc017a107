import { letterOfBatch } from '../dead-letters/dead-letter.ts';
import { DeadLetterWriter } from '../dead-letters/dead-letter-writer.ts';
import { messageOf } from '../driver/client.ts';
import type { FetchedBatch } from '../driver/fetched-batch.ts';
import type { GroupMember } from '../driver/group-member.ts';
import {
  FetchedRecord,
  partitionName,
  type TopicPartition,
  UndecodableBatch,
} from '../driver/protocol/fetched-record.ts';
import type { RecordBatch } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import type { CommitPlan } from './commit-plan.ts';
import { HandlerRunner, type HandlerRunnerOptions } from './handler-runner.ts';
import { OffsetCommitter } from './offset-committer.ts';
import { PartitionBackoff } from './partition-backoff.ts';
import type { PausedPartitions } from './paused-partitions.ts';

interface Begun {
  readonly at: number;
  readonly membership: number;
  readonly firstOffset: number;
}

/** Processes a batch: handler, then dead letters, then commit. */
export class BatchProcessor {
  private readonly runner: HandlerRunner;
  private readonly committer: OffsetCommitter;
  private readonly deadLetters: DeadLetterWriter;
  private readonly deadLetterBackoff: PartitionBackoff;
  private readonly committed = new Map<string, number>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: HandlerRunnerOptions,
    private readonly member: Pick<GroupMember, 'membership' | 'heartbeatIntervalMs'>,
    private readonly paused: PausedPartitions,
  ) {
    this.runner = new HandlerRunner(settings, options);
    this.committer = new OffsetCommitter(() => member.membership);
    this.deadLetters = new DeadLetterWriter(settings, options.group);
    this.deadLetterBackoff = new PartitionBackoff(options.firstBackoffMs, options.maxBackoffMs);
  }

  know(counts: ReadonlyMap<string, number>): void {
    this.deadLetters.know(counts);
  }

  /**
   * Resolves when the batch is committed, or when it or its rest is to be delivered again. Rejects if the group refuses the
   * commit: then it is delivered again too.
   */
  async process(fetched: FetchedBatch, generation: number): Promise<void> {
    const { topic, partition } = fetched;
    const messages = fetched.messages.slice(0, this.runner.widthOf(`${topic}/${partition}`));
    const firstOffset = Number(messages[0]?.offset);
    const lastOffset = messages.length === fetched.messages.length ? fetched.lastOffset : messages.at(-1)?.offset;
    const begun = { at: Date.now(), membership: this.member.membership, firstOffset };
    this.noteStepBack(topic, partition, firstOffset);
    this.tellLag(fetched, firstOffset);
    const records = messages.filter((message) => message instanceof FetchedRecord);
    const undecodable = messages.filter((message) => message instanceof UndecodableBatch);
    const batch = { topic, partition, generation, records };
    const pulse = this.keepMembership(fetched);
    try {
      const plan = await this.planFor(batch, undecodable, Number(lastOffset) + 1);
      if (await this.park(batch, plan)) await this.commit(fetched, batch, plan, begun);
    } finally {
      clearInterval(pulse);
    }
  }

  forget({ topic, partition }: TopicPartition): void {
    const name = partitionName({ topic, partition });
    this.runner.forget(name);
    this.deadLetterBackoff.reset(name);
    this.committed.delete(name);
    this.settings.observer?.lag?.({ topic, partition, records: undefined });
  }

  close(): Promise<void> {
    return this.deadLetters.close();
  }

  private async planFor(
    batch: RecordBatch,
    undecodable: readonly UndecodableBatch[],
    endOffset: number,
  ): Promise<CommitPlan> {
    const { topic, partition, records } = batch;
    const handled =
      records.length > 0 ? await this.runner.run(batch, endOffset) : { parked: [], nextOffset: endOffset };
    const letters = undecodable
      .filter(({ offset }) => offset < handled.nextOffset)
      .map((each) => letterOfBatch(topic, partition, each));
    return { ...handled, parked: [...handled.parked, ...letters] };
  }

  // A handler may take longer than a session. A failed heartbeat shows again when the batch is done.
  private keepMembership(fetched: FetchedBatch): NodeJS.Timeout {
    return setInterval(() => {
      fetched.heartbeat().catch((error) => {
        this.settings.log.debug('Heartbeat while handling', { error: messageOf(error) });
      });
    }, this.member.heartbeatIntervalMs);
  }

  // kafkajs takes an offset that it cannot read for 0 (tulios/kafkajs#1414). Nothing is lost, but much comes twice.
  private noteStepBack(topic: string, partition: number, offset: number): void {
    const committed = this.committed.get(`${topic}/${partition}`) ?? 0;
    if (!(offset < committed)) return;
    const fields = { group: this.options.group, topic, partition, offset, committed };
    this.settings.log.error('The offset went back: committed records come again', fields);
    this.settings.observer?.offsetReset?.({ topic, partition, kind: 'again' });
  }

  // Also before it is handled: a partition that waits commits nothing, and its lag would stand still.
  private tellLag({ topic, partition, highWatermark }: FetchedBatch, nextOffset: number): void {
    this.settings.observer?.lag?.({ topic, partition, records: highWatermark - nextOffset });
  }

  /** False if a dead letter could not be written: then nothing is committed and the batch comes again. */
  private async park({ topic, partition }: RecordBatch, { parked }: CommitPlan): Promise<boolean> {
    if (parked.length === 0) return true;
    try {
      await this.deadLetters.write(parked);
      this.deadLetterBackoff.reset(`${topic}/${partition}`);
      return true;
    } catch (error) {
      const { group } = this.options;
      const offsets = parked.map(({ record }) => record.offset).slice(0, 10);
      const fields = { group, topic, partition, offsets, error: messageOf(error) };
      this.settings.log.error('The dead letters cannot be written; the partition waits', fields);
      this.settings.observer?.retried?.({ group, topic, origin: 'kafka' });
      this.paused.addFor(topic, partition, this.deadLetterBackoff.next(`${topic}/${partition}`));
      return false;
    }
  }

  private async commit(fetched: FetchedBatch, { records }: RecordBatch, plan: CommitPlan, begun: Begun): Promise<void> {
    const { topic, partition } = fetched;
    const { group } = this.options;
    const { nextOffset, retry } = plan;
    const { membership } = begun;
    const hasProgress = nextOffset > begun.firstOffset;
    // A failure reaches kafkajs, which joins the group again or repeats the fetch: the batch comes again.
    const isOurs = hasProgress
      ? await this.committer.commit({ topic, partition, nextOffset, membership }, fetched.commit)
      : membership === this.member.membership;
    if (!isOurs) {
      // Another member may own the partition: it gets the batch again.
      this.settings.log.debug('Joined anew while a batch was handled; it comes again', { group, topic, partition });
      return;
    }
    if (hasProgress) {
      if (membership === this.member.membership) fetched.resolve(nextOffset - 1);
      this.committed.set(`${topic}/${partition}`, nextOffset);
      const dealtWith = records.filter((record) => record.offset < nextOffset).length;
      const durationMs = Date.now() - begun.at;
      this.settings.observer?.consumed?.({ group, topic, partition, records: dealtWith, durationMs });
      this.tellLag(fetched, nextOffset);
    }
    if (retry) {
      this.settings.observer?.retried?.({ group, topic, origin: 'handler' });
      this.settings.log.debug('A batch comes again', { group, topic, partition, nextOffset, ...retry });
      // Even the shortest pause may miss the next fetch, which waits for records of other partitions.
      if (retry.afterMs > 0) this.paused.addFor(topic, partition, retry.afterMs);
    }
  }
}
