import { type CustomTransportStrategy, type MessageHandler, Server } from '@nestjs/microservices';
import type { BatchHandler, BatchResult, RecordBatch } from '@pagebridge/kafka';
import { BatchConsumer, type BatchConsumerOptions, type KafkaSettings } from '@pagebridge/kafka';
import { isObservable, lastValueFrom } from 'rxjs';

/** The callbacks and tuning that a service adds to its consumer. */
export type ConsumerTuning = Partial<Omit<BatchConsumerOptions, 'group' | 'topics' | 'handlers' | 'onFatal'>>;

const notStarted = { live: true, ready: false, detail: 'not started' };
const noConsumer = { live: true, ready: true, detail: 'no consumer' };
const restoring = (count: number) => ({ ready: count === 0, detail: `${count} partitions to restore` });

/**
 * Passes each consumed batch to the Nest handler of its topic, and the handler's result back to the consumer.
 *
 * `@EventPattern('<topic>') handle(@Payload() batch: RecordBatch): Promise<BatchResult>`. The Kafka transport of Nest is not
 * used, because it processes one record at a time and one bad record stops its partition.
 */
export class KafkaBatchServer extends Server implements CustomTransportStrategy {
  private consumer?: BatchConsumer;
  private withoutConsumer = notStarted;
  /** Its parts for the health: its membership, the partitions whose state is still being restored, and its dead letters. */
  readonly parts = {
    kafka: { health: () => this.consumer?.health() ?? this.withoutConsumer },
    partitions: { health: () => restoring(this.consumer?.preparing ?? 0) },
    parking: { health: () => this.consumer?.deadLetterHealth() ?? this.withoutConsumer },
  };

  constructor(
    private readonly settings: KafkaSettings,
    private readonly group: string,
    private readonly tuning: ConsumerTuning,
    private readonly onFatal: (error: Error) => void,
  ) {
    super();
  }

  /** Subscribes to the topics that have handlers and joins the group; calls back with the error if that fails. */
  listen(callback: (error?: Error) => void): void {
    this.start().then(() => callback(), callback);
  }

  /** Finishes the running batches, commits their offsets and leaves the group. */
  async close(): Promise<void> {
    await this.consumer?.stop();
  }

  on(): void {
    throw new Error('KafkaBatchServer emits no events; read its health');
  }

  unwrap<T>(): T {
    return this.consumer as T;
  }

  private async start(): Promise<void> {
    const handlers = new Map([...this.messageHandlers].map(([topic, handler]) => [topic, batchHandlerOf(handler)]));
    if (handlers.size === 0) {
      this.withoutConsumer = noConsumer;
      return;
    }
    this.consumer = new BatchConsumer(this.settings, {
      ...this.tuning,
      group: this.group,
      topics: [...handlers.keys()],
      handlers,
      onFatal: this.onFatal,
    });
    await this.consumer.start();
  }
}

// Nest wraps the result of a handler in an observable if the handler has pipes, guards or interceptors.
const batchHandlerOf =
  (handler: MessageHandler): BatchHandler =>
  async (batch: RecordBatch): Promise<BatchResult> => {
    const returned: unknown = await handler(batch);
    const result: unknown = isObservable(returned) ? await lastValueFrom(returned) : returned;
    if (typeof result !== 'object' || result === null) {
      throw new Error(`the handler of ${batch.topic} must return a BatchResult`);
    }
    return result as BatchResult;
  };
