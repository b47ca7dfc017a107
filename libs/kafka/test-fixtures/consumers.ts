import { uniqueName } from '@pagebridge/testing';
import { BatchConsumer, type BatchConsumerOptions, type KafkaObserver } from '../src/index.ts';
import { settingsWith } from './real-kafka.ts';

/** Starts the batch consumers of a test and stops them. Each has a separate group unless the options name one. */
export class Consumers {
  private readonly started: BatchConsumer[] = [];

  async start(
    topic: string,
    handlers: BatchConsumerOptions['handlers'],
    { observer, ...options }: Partial<BatchConsumerOptions> & { readonly observer?: KafkaObserver } = {},
  ): Promise<{ consumer: BatchConsumer; group: string }> {
    const { group = uniqueName('kafka-spec') } = options;
    const consumer = new BatchConsumer(settingsWith(observer), { topics: [topic], handlers, ...options, group });
    this.started.push(consumer);
    await consumer.start();
    return { consumer, group };
  }

  async stop(): Promise<void> {
    await Promise.all(this.started.splice(0).map((consumer) => consumer.stop()));
  }
}
