import { cards, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, type TopicDefinition, type TopicReport } from '@pagebridge/kafka';
import { kafkaSettings } from './kafka-settings.ts';

/** Every topic of the contracts with its dead letters. Replicas, where not given: 3, or as many as there are brokers. */
export const topicDefinitions = (replicationFactor?: number): TopicDefinition[] =>
  cards.flatMap(topicDefinitionsOf).map(({ topic, partitions, config }) => ({
    topic,
    partitions,
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    config,
  }));

/** Creates the topics that are missing and changes none that exists. */
export const createAllTopics = (brokers: string, replicationFactor?: number): Promise<TopicReport> =>
  createTopics(kafkaSettings(brokers, 'pagebridge-topics'), topicDefinitions(replicationFactor));
