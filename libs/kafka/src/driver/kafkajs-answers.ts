import type { Address, ClusterMetadata, OffsetTime, ProducerIdentity } from './driver.ts';
import { nameOf } from './kafkajs-internals.ts';
import type { TopicPartition } from './protocol/fetched-record.ts';

export interface ProduceAnswer {
  readonly topics: readonly {
    readonly topicName: string;
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number }[];
  }[];
}
export interface MetadataAnswer {
  readonly brokers: readonly (Address & { readonly nodeId: number })[];
  readonly topicMetadata: readonly {
    readonly topic: string;
    readonly topicErrorCode: number;
    readonly partitionMetadata: readonly { readonly partitionId: number; readonly leader: number }[];
  }[];
}
export interface InitProducerIdAnswer extends ProducerIdentity {
  readonly errorCode: number;
}
export interface OffsetsAnswer {
  readonly responses: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly errorCode: number;
      readonly offset: string;
      readonly timestamp: string;
    }[];
  }[];
}

export const clusterMetadata = ({ brokers, topicMetadata }: MetadataAnswer): ClusterMetadata => ({
  brokers: new Map(brokers.map(({ nodeId, host, port }) => [nodeId, { host, port }])),
  topics: new Map(
    topicMetadata.map(({ topic, topicErrorCode, partitionMetadata }) => {
      const leaders: number[] = partitionMetadata.map(() => -1);
      for (const { partitionId, leader } of partitionMetadata) leaders[partitionId] = leader;
      return [topic, { error: nameOf(topicErrorCode), leaders }];
    }),
  ),
});

/** Groups partitions by topic, as the requests of kafkajs have them. */
export const byTopic = <P extends TopicPartition>(parts: readonly P[]): { topic: string; partitions: readonly P[] }[] =>
  [...Map.groupBy(parts, ({ topic }) => topic)].map(([topic, partitions]) => ({ topic, partitions }));

/** Returns the time, or Kafka's number for a named time. */
export const timestampOf = (time: OffsetTime): number =>
  typeof time === 'number' ? time : { earliest: -2, latest: -1 }[time];
