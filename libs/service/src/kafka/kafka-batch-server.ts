import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { BatchHandler, BatchResult, RecordBatch } from '@pagebridge/kafka';
import { BatchConsumer, type BatchConsumerOptions, type ConsumerHealth, type KafkaSettings } from '@pagebridge/kafka';
import { isObservable, lastValueFrom } from 'rxjs';

/** The callbacks and tuning that a service adds to its consumer. */
export type ConsumerTuning = Partial<Omit<BatchConsumerOptions, 'group' | 'topics' | 'handlers' | 'onFatal'>> & {
  /** Called with the consumer before it starts: for a service that pauses partitions. */
  readonly onConsumer?: (consumer: Pick<BatchConsumer, 'pausePartition' | 'resumePartition'>) => void;
};

/**
 * Hands each consumed batch, whole, to the Nest handler of its topic, and its outcome back to the consumer.
 *
 * `@EventPattern('<topic>') handle(@Payload() batch: RecordBatch): Promise<BatchResult>`. Nest's own Kafka transport
 * takes one record at a time and lets one bad record stop a partition, so it is not used.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  private consumer?: BatchConsumer;

  constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
    private readonly tuning: ConsumerTuning,
    private readonly onFatal: (error: Error) => void,
  ) {
    super();
  }

  /** Joins the group of the topics that have handlers; calls back with the error if it cannot. */
  listen(callback: (error?: Error) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Finishes the running batches, commits and leaves the group. */
  async close(): Promise<void> {
    await this.consumer?.stop();
  }

  health(): ConsumerHealth | undefined {
    return this.consumer?.health();
  }

  /** Ready once the state of every partition that it owns is read. */
  preparation(): { readonly ready: boolean; readonly detail: string } {
    const count = this.consumer?.preparing ?? 0;
    return { ready: count === 0, detail: `${count} partitions to restore` };
  }

  on(): void {
    throw new Error('KafkaBatchServer emits no events; read its health');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    const handlers = new Map([...this.messageHandlers].map(([topic, handler]) => [topic, batchHandlerOf(handler)]));
    if (handlers.size === 0) return;
    const { onConsumer, ...tuning } = this.tuning;
    this.consumer = new BatchConsumer(this.settings, {
      ...tuning,
      group: this.group,
      topics: [...handlers.keys()],
      handlers,
      onFatal: this.onFatal,
    });
    onConsumer?.(this.consumer);
    await this.consumer.start();
  }
}

// Nest wraps a handler's answer in an observable when pipes, guards or interceptors are in play.
const batchHandlerOf =
  (handler: MessageHandler): BatchHandler =>
  async (batch: RecordBatch): Promise<BatchResult> => {
    const answer: unknown = await handler(batch);
    const outcome: unknown = isObservable(answer) ? await lastValueFrom(answer) : answer;
    if (typeof outcome !== 'object' || outcome === null) {
      throw new Error(`the handler of ${batch.topic} must answer a BatchResult`);
    }
    return outcome as BatchResult;
  };
