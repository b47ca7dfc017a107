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
import { Backoff } from './backoff.ts';
import type { CommitPlan } from './commit-plan.ts';
import { HandlerRunner, type HandlerRunnerOptions } from './handler-runner.ts';
import { OffsetCommitter } from './offset-committer.ts';
import type { PausedPartitions } from './paused-partitions.ts';

/** What is remembered of a partition while it is owned. */
interface Memory {
  readonly runner: HandlerRunner;
  readonly deadLetterBackoff: Backoff;
  committed: number;
}

/** A batch at work. */
interface Work {
  readonly fetched: FetchedBatch;
  readonly batch: RecordBatch;
  readonly undecodable: readonly UndecodableBatch[];
  readonly firstOffset: number;
  /** Behind the last one. */
  readonly endOffset: number;
  readonly memory: Memory;
  readonly membership: number;
  readonly begunAt: number;
}

/** Processes a batch: handler, then dead letters, then commit. */
export class BatchProcessor {
  private readonly committer: OffsetCommitter;
  private readonly deadLetters: DeadLetterWriter;
  private readonly memories = new Map<string, Memory>();

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: HandlerRunnerOptions,
    private readonly member: Pick<GroupMember, 'membership' | 'heartbeatIntervalMs'>,
    private readonly paused: PausedPartitions,
  ) {
    this.committer = new OffsetCommitter(() => member.membership);
    this.deadLetters = new DeadLetterWriter(settings, options.group);
  }

  know(counts: ReadonlyMap<string, number>): void {
    this.deadLetters.know(counts);
  }

  /**
   * Resolves when the batch is committed, or when it or its rest is to be delivered again. Rejects if the group refuses the
   * commit: then it is delivered again too.
   */
  async process(fetched: FetchedBatch, generation: number): Promise<void> {
    const work = this.begin(fetched, generation);
    this.noteStepBack(work);
    this.tellLag(fetched, work.firstOffset);
    const pulse = this.keepMembership(fetched);
    try {
      const plan = await planOf(work);
      if (await this.park(work, plan)) await this.commit(work, plan);
    } finally {
      clearInterval(pulse);
    }
  }

  forget({ topic, partition }: TopicPartition): void {
    this.memories.delete(partitionName({ topic, partition }));
    this.settings.observer?.lag?.({ topic, partition, records: undefined });
  }

  close(): Promise<void> {
    return this.deadLetters.close();
  }

  private begin(fetched: FetchedBatch, generation: number): Work {
    const { topic, partition } = fetched;
    const memory = this.memoryOf(fetched);
    const messages = fetched.messages.slice(0, memory.runner.width);
    const lastOffset = messages.length === fetched.messages.length ? fetched.lastOffset : messages.at(-1)?.offset;
    const records = messages.filter((message) => message instanceof FetchedRecord);
    return {
      fetched,
      batch: { topic, partition, generation, records },
      undecodable: messages.filter((message) => message instanceof UndecodableBatch),
      firstOffset: Number(messages[0]?.offset),
      endOffset: Number(lastOffset) + 1,
      memory,
      membership: this.member.membership,
      begunAt: Date.now(),
    };
  }

  private memoryOf(of: TopicPartition): Memory {
    const name = partitionName(of);
    const known = this.memories.get(name);
    if (known) return known;
    const runner = new HandlerRunner(this.settings, this.options);
    const memory = { runner, deadLetterBackoff: new Backoff(this.options.firstBackoffMs), committed: 0 };
    this.memories.set(name, memory);
    return memory;
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
  private noteStepBack({ batch: { topic, partition }, firstOffset: offset, memory: { committed } }: Work): void {
    if (offset >= committed) return;
    const fields = { group: this.options.group, topic, partition, offset, committed };
    this.settings.log.error('The offset went back: committed records come again', fields);
    this.settings.observer?.offsetReset?.({ topic, partition, kind: 'again' });
  }

  // Also before it is handled: a partition that waits commits nothing, and its lag would stand still.
  private tellLag({ topic, partition, highWatermark }: FetchedBatch, nextOffset: number): void {
    this.settings.observer?.lag?.({ topic, partition, records: highWatermark - nextOffset });
  }

  /** False if a dead letter could not be written: then nothing is committed and the batch comes again. */
  private async park({ batch, memory }: Work, { parked }: CommitPlan): Promise<boolean> {
    if (parked.length === 0) return true;
    try {
      await this.deadLetters.write(parked);
      memory.deadLetterBackoff.reset();
      return true;
    } catch (error) {
      const { topic, partition } = batch;
      const { group } = this.options;
      const offsets = parked.map(({ record }) => record.offset).slice(0, 10);
      const fields = { group, topic, partition, offsets, error: messageOf(error) };
      this.settings.log.error('The dead letters cannot be written; the partition waits', fields);
      this.settings.observer?.retried?.({ group, topic, origin: 'kafka' });
      this.paused.addFor(topic, partition, memory.deadLetterBackoff.next());
      return false;
    }
  }

  private async commit(work: Work, { nextOffset, retry }: CommitPlan): Promise<void> {
    const { fetched, batch, membership, memory } = work;
    const { topic, partition } = batch;
    const { group } = this.options;
    const hasProgress = nextOffset > work.firstOffset;
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
      memory.committed = nextOffset;
      const records = batch.records.filter((record) => record.offset < nextOffset).length;
      const durationMs = Date.now() - work.begunAt;
      this.settings.observer?.consumed?.({ group, topic, partition, records, durationMs });
      // It may have been lost meanwhile: its lag is another's to tell.
      if (this.memories.get(partitionName(batch)) === memory) this.tellLag(fetched, nextOffset);
    }
    if (retry) {
      this.settings.observer?.retried?.({ group, topic, origin: 'handler' });
      this.settings.log.debug('A batch comes again', { group, topic, partition, ...retry });
      // Even the shortest pause may miss the next fetch, which waits for records of other partitions.
      if (retry.afterMs > 0) this.paused.addFor(topic, partition, retry.afterMs);
    }
  }
}

/** What the handler makes of the records, and the parking of what cannot be decoded. */
async function planOf({ batch, undecodable, endOffset, memory }: Work): Promise<CommitPlan> {
  const { topic, partition, records } = batch;
  const handled =
    records.length > 0 ? await memory.runner.run(batch, endOffset) : { parked: [], nextOffset: endOffset };
  const letters = undecodable
    .filter(({ offset }) => offset < handled.nextOffset)
    .map((each) => letterOfBatch(topic, partition, each));
  return { ...handled, parked: [...handled.parked, ...letters] };
}
