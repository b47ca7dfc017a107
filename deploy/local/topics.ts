import { cards, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, type TopicDefinition, type TopicReport } from '@pagebridge/kafka';
import { silentLog } from './kafka-log.ts';

// A table is read from its beginning at every start of a reader, so it is compacted early and often.
const compaction = { 'min.cleanable.dirty.ratio': '0.1', 'segment.ms': String(60 * 60 * 1000) };

/** Every topic of the contracts with its dead letters. Replicas, where not given: 3, or as many as there are brokers. */
export const topicDefinitions = (replicationFactor?: number): TopicDefinition[] =>
  cards.flatMap(topicDefinitionsOf).map(({ topic, partitions, config }) => ({
    topic,
    partitions,
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    config: config['cleanup.policy'] === 'compact' ? { ...config, ...compaction } : { ...config },
  }));

/** Creates the topics that are missing and changes none that exists. */
export const createAllTopics = (brokers: string, replicationFactor?: number): Promise<TopicReport> =>
  createTopics(
    { brokers: brokers.split(','), clientId: 'pagebridge-topics', log: silentLog },
    topicDefinitions(replicationFactor),
  );
