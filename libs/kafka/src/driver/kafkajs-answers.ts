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
    readonly partitions: readonly { readonly partition: number; readonly errorCode: number; readonly offset: string }[];
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

/** As kafkajs wants partitions in a request: by topic. */
export const byTopic = <P extends TopicPartition>(parts: readonly P[]): { topic: string; partitions: readonly P[] }[] =>
  [...Map.groupBy(parts, ({ topic }) => topic)].map(([topic, partitions]) => ({ topic, partitions }));

/** Kafka's numbers for its names of times. */
export const timestampOf = (time: OffsetTime): number =>
  typeof time === 'number' ? time : { earliest: -2, latest: -1 }[time];
