import { isOutage, messageOf } from '../driver/client.ts';
import type { RecordBatch } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import type { BatchHandler } from './batch-result.ts';
import { firstOffsetOf, lastOffsetOf, type Verdict, verdictOf } from './commit-plan.ts';
import { Outages } from './partition-backoff.ts';
import { Troubles } from './poison-record-search.ts';

export interface JudgeOptions {
  readonly group: string;
  readonly handlers: ReadonlyMap<string, BatchHandler> | BatchHandler;
  readonly attempts: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** Runs handlers and turns what they answer, or throw, into what is to be done. */
export class Judge {
  private readonly troubles: Troubles;
  private readonly outages: Outages;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: JudgeOptions,
  ) {
    this.troubles = new Troubles(options);
    this.outages = new Outages(options.firstBackoffMs, options.maxBackoffMs);
  }

  /** How many records of the partition a batch may hold now. */
  widthOf(partition: string): number {
    return this.troubles.widthOf(partition);
  }

  /** Never rejects: a throw becomes a retry, or the parking of the one record that throws. */
  async judge(batch: RecordBatch, endOffset: number): Promise<Verdict> {
    const name = `${batch.topic}/${batch.partition}`;
    try {
      const verdict = verdictOf(batch, await this.handlerOf(batch.topic)(batch), endOffset);
      this.outages.over(name);
      if (verdict.nextOffset > firstOffsetOf(batch)) this.troubles.passed(name, verdict.nextOffset - 1);
      return verdict;
    } catch (error) {
      return this.afterThrow(name, batch, error, endOffset);
    }
  }

  forget(partition: string): void {
    this.troubles.forget(partition);
    this.outages.over(partition);
  }

  private handlerOf(topic: string): BatchHandler {
    const { handlers } = this.options;
    const handler = typeof handlers === 'function' ? handlers : handlers.get(topic);
    if (!handler) throw new Error(`No handler for ${topic}`);
    return handler;
  }

  private afterThrow(name: string, batch: RecordBatch, error: unknown, endOffset: number): Verdict {
    const cause = messageOf(error);
    const offset = firstOffsetOf(batch);
    const { topic, partition } = batch;
    const fields = { group: this.options.group, topic, partition, offset, error: cause };
    const again = (afterMs: number): Verdict => ({ parked: [], nextOffset: offset, retry: { afterMs, cause } });
    if (isOutage(error)) {
      this.settings.log.warn('Kafka failed a handler, its batch comes again', fields);
      return again(this.outages.failed(name));
    }
    const remedy = this.troubles.thrown(name, offset, lastOffsetOf(batch), batch.records.length);
    if (remedy.kind === 'again') {
      this.settings.log.warn('A handler threw, its batch comes again', fields);
      return again(remedy.afterMs);
    }
    this.settings.log.error('A handler throws on this record: it goes to the dead letters', fields);
    const { attempts } = remedy;
    const parked = batch.records.map((record) => ({ record, reason: 'handler-failed', detail: cause, attempts }));
    return { parked, nextOffset: endOffset };
  }
}
