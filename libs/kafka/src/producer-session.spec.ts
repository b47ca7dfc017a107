import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import type { Chunk } from './accumulator.ts';
import { requireAnswers } from './producer-session.ts';

interface Answer {
  readonly topicName: string;
  readonly partition: number;
}

const require = createRequire(import.meta.url);
const createSendMessages = require('kafkajs/src/producer/sendMessages') as (
  parts: object,
) => (send: object) => Promise<Answer[]>;
const createRetry = require('kafkajs/src/retry') as (options: object) => unknown;
const { KafkaJSProtocolError } = require('kafkajs/src/errors') as {
  KafkaJSProtocolError: new (error: object) => Error;
};

/** Two brokers: `a` leads partition 0, `b` leads partition 1 and hands it to `a` when it is asked to write. */
class Brokers {
  readonly written: string[] = [];
  readonly a = { nodeId: 1, produce: (request: Request) => this.write(request) };
  readonly b = { nodeId: 2, produce: () => this.moved() };
  private leaderOfOne = 2;

  readonly cluster = {
    isConnected: () => true,
    addMultipleTargetTopics: () => Promise.resolve(),
    refreshMetadataIfNecessary: () => Promise.resolve(),
    refreshMetadata: () => Promise.resolve(),
    findTopicPartitionMetadata: () => [{ partitionId: 0 }, { partitionId: 1 }],
    findLeaderForPartitions: () => (this.leaderOfOne === 2 ? { 1: ['0'], 2: ['1'] } : { 1: ['0', '1'] }),
    findBroker: ({ nodeId }: { nodeId: string }) => Promise.resolve(nodeId === '1' ? this.a : this.b),
  };

  private write({ topicData }: Request): Promise<object> {
    const topics = topicData.map(({ topic, partitions }) => ({
      topicName: topic,
      partitions: partitions.map(({ partition }) => ({ partition: Number(partition) })),
    }));
    for (const { partitions } of topics) this.written.push(...partitions.map(({ partition }) => `${partition}`));
    return Promise.resolve({ topics });
  }

  private async moved(): Promise<never> {
    // The other broker answers meanwhile.
    await new Promise((resolve) => setImmediate(resolve));
    this.leaderOfOne = 1;
    throw new KafkaJSProtocolError({ type: 'NOT_LEADER_FOR_PARTITION', code: 6, retriable: true, message: 'moved' });
  }
}

interface Request {
  readonly topicData: { topic: string; partitions: { partition: string }[] }[];
}

const nothing = () => undefined;
const logger = { debug: nothing, error: nothing };
const eosManager = {
  acquireBrokerLock: nothing,
  releaseBrokerLock: nothing,
  isTransactional: () => false,
  getSequence: () => 0,
  updateSequence: nothing,
  getProducerId: () => '1',
  getProducerEpoch: () => 0,
};

const chunkOf = (partition: number): Chunk => ({ topic: 't', partition, entries: [] });

describe('a send during which a leader moves', () => {
  it('does not count as done for a partition that kafkajs never sent', async () => {
    const brokers = new Brokers();
    const partitioner = ({ message }: { message: { partition: number } }) => message.partition;
    const retrier = createRetry({ retries: 3, initialRetryTime: 1, maxRetryTime: 1 });
    const send = createSendMessages({ logger, cluster: brokers.cluster, partitioner, eosManager, retrier });

    const answers = await send({ topicMessages: [{ topic: 't', messages: [{ partition: 0 }, { partition: 1 }] }] });

    expect(brokers.written).toEqual(['0']);
    expect(() => requireAnswers([chunkOf(0)], answers)).not.toThrow();
    expect(() => requireAnswers([chunkOf(0), chunkOf(1)], answers)).toThrow('No broker answered for t/1');
  });
});
