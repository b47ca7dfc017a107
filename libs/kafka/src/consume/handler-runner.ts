import type { DeadLetterReason } from '@pagebridge/vocabulary';
import { backoffMs, isOutage, messageOf } from '../driver/client.ts';
import type { RecordBatch } from '../record.ts';
import type { KafkaSettings } from '../settings.ts';
import { Backoff, maxBackoffMs } from './backoff.ts';
import type { BatchHandler } from './batch-result.ts';
import { type CommitPlan, commitPlanOf, firstOffsetOf, lastOffsetOf } from './commit-plan.ts';
import { PoisonRecordSearch } from './poison-record-search.ts';

export interface HandlerRunnerOptions {
  readonly group: string;
  readonly handlers: ReadonlyMap<string, BatchHandler> | BatchHandler;
  readonly attempts: number;
  readonly firstBackoffMs: number;
}

/** Runs the handler for one partition and converts its results and errors into commit plans. */
export class HandlerRunner {
  private readonly search: PoisonRecordSearch;
  private readonly outageBackoff: Backoff;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly options: HandlerRunnerOptions,
  ) {
    this.search = new PoisonRecordSearch(options.attempts);
    this.outageBackoff = new Backoff(options.firstBackoffMs);
  }

  /** The maximum number of messages of the next batch to process. */
  get width(): number {
    return this.search.width;
  }

  /** Returns the commit plan. Never rejects: an error of the handler becomes a retry, or parks the poison record. */
  async run(batch: RecordBatch, endOffset: number): Promise<CommitPlan> {
    try {
      const plan = commitPlanOf(batch, await this.handlerOf(batch.topic)(batch), endOffset);
      this.outageBackoff.reset();
      if (plan.nextOffset > firstOffsetOf(batch)) this.search.passed(plan.nextOffset - 1);
      return plan;
    } catch (error) {
      return this.planAfterError(batch, error, endOffset);
    }
  }

  private handlerOf(topic: string): BatchHandler {
    const { handlers } = this.options;
    const handler = typeof handlers === 'function' ? handlers : handlers.get(topic);
    if (!handler) throw new Error(`No handler for ${topic}`);
    return handler;
  }

  private planAfterError(batch: RecordBatch, error: unknown, endOffset: number): CommitPlan {
    const cause = messageOf(error);
    const { topic, partition, records } = batch;
    const { group, attempts, firstBackoffMs } = this.options;
    const fromOffset = firstOffsetOf(batch);
    const fields = { group, topic, partition, offset: fromOffset, error: cause };
    const held = { parked: [], nextOffset: fromOffset };
    const retryAfter = (afterMs: number): CommitPlan => ({ ...held, retry: { fromOffset, afterMs, cause } });
    if (isOutage(error)) {
      this.settings.log.warn('handler failed: Kafka unavailable; redelivering batch', fields);
      return retryAfter(this.outageBackoff.next());
    }
    if (!this.search.failed(lastOffsetOf(batch), records.length)) {
      this.settings.log.warn('handler failed; redelivering batch', fields);
      return retryAfter(backoffMs(Math.max(1, this.search.failures), firstBackoffMs, maxBackoffMs));
    }
    this.settings.log.error('handler failed; record moved to dead letters', fields);
    const reason: DeadLetterReason = 'handler-failed';
    const parked = records.map((record) => ({ record, reason, detail: cause, attempts }));
    return { parked, nextOffset: endOffset };
  }
}
