import { cards, orgAlertsCard, topicDefinitionsOf } from '@pagebridge/contracts';
import { createTopics, type TopicDefinition, type TopicReport } from '@pagebridge/kafka';
import { kafkaSettings } from './kafka-settings.ts';

/** Every topic of the contracts with its dead letters, and those that these source orgs own. Replicas, where not given: 3, or as many as there are brokers. */
export const topicDefinitions = (replicationFactor?: number, sourceOrgs: readonly string[] = []): TopicDefinition[] =>
  [...cards, ...sourceOrgs.map(orgAlertsCard)].flatMap(topicDefinitionsOf).map(({ topic, partitions, config }) => ({
    topic,
    partitions,
    ...(replicationFactor === undefined ? {} : { replicationFactor }),
    config,
  }));

/** Creates the topics that are missing and changes none that exists. */
export const createAllTopics = (
  brokers: string,
  replicationFactor?: number,
  sourceOrgs?: readonly string[],
): Promise<TopicReport> =>
  createTopics(kafkaSettings(brokers, 'pagebridge-topics'), topicDefinitions(replicationFactor, sourceOrgs));
