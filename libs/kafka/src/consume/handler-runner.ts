import { isOutage, messageOf } from '../driver/client.ts';
import type { RecordBatch } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import type { BatchHandler } from './batch-result.ts';
import { type CommitPlan, commitPlanOf, firstOffsetOf, lastOffsetOf } from './commit-plan.ts';
import { PartitionBackoff } from './partition-backoff.ts';
import { PoisonRecordSearch } from './poison-record-search.ts';

export interface HandlerRunnerOptions {
  readonly group: string;
  readonly handlers: ReadonlyMap<string, BatchHandler> | BatchHandler;
  readonly attempts: number;
  readonly firstBackoffMs: number;
  readonly maxBackoffMs: number;
}

/** Runs handlers, and turns their results and errors into commit plans. */
export class HandlerRunner {
  private readonly search: PoisonRecordSearch;
  private readonly outageBackoff: PartitionBackoff;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: HandlerRunnerOptions,
  ) {
    this.search = new PoisonRecordSearch(options);
    this.outageBackoff = new PartitionBackoff(options.firstBackoffMs, options.maxBackoffMs);
  }

  widthOf(partition: string): number {
    return this.search.widthOf(partition);
  }

  /** Never rejects: a throw becomes a retry, or the parking of the one record that throws. */
  async run(batch: RecordBatch, endOffset: number): Promise<CommitPlan> {
    const name = `${batch.topic}/${batch.partition}`;
    try {
      const plan = commitPlanOf(batch, await this.handlerOf(batch.topic)(batch), endOffset);
      this.outageBackoff.reset(name);
      if (plan.nextOffset > firstOffsetOf(batch)) this.search.passed(name, plan.nextOffset - 1);
      return plan;
    } catch (error) {
      return this.afterThrow(name, batch, error, endOffset);
    }
  }

  forget(partition: string): void {
    this.search.forget(partition);
    this.outageBackoff.reset(partition);
  }

  private handlerOf(topic: string): BatchHandler {
    const { handlers } = this.options;
    const handler = typeof handlers === 'function' ? handlers : handlers.get(topic);
    if (!handler) throw new Error(`No handler for ${topic}`);
    return handler;
  }

  private afterThrow(name: string, batch: RecordBatch, error: unknown, endOffset: number): CommitPlan {
    const cause = messageOf(error);
    const offset = firstOffsetOf(batch);
    const { topic, partition } = batch;
    const fields = { group: this.options.group, topic, partition, offset, error: cause };
    const again = (afterMs: number): CommitPlan => ({ parked: [], nextOffset: offset, retry: { afterMs, cause } });
    if (isOutage(error)) {
      this.settings.log.warn('Kafka failed a handler, its batch comes again', fields);
      return again(this.outageBackoff.next(name));
    }
    const next = this.search.thrown(name, offset, lastOffsetOf(batch), batch.records.length);
    if (next.kind === 'retry') {
      this.settings.log.warn('A handler threw, its batch comes again', fields);
      return again(next.afterMs);
    }
    this.settings.log.error('A handler throws on this record: it goes to the dead letters', fields);
    const { attempts } = next;
    const parked = batch.records.map((record) => ({ record, reason: 'handler-failed', detail: cause, attempts }));
    return { parked, nextOffset: endOffset };
  }
}
