import { createTopics, type TopicReport } from '@pagebridge/kafka';
import { topicDefinitions } from '@pagebridge/topics';
import { kafkaSettings } from './kafka-settings.ts';

/** Creates the topics that are missing and changes none that exists. */
export const createAllTopics = (brokers: string, replicationFactor?: number): Promise<TopicReport> =>
  createTopics(kafkaSettings(brokers, 'pagebridge-topics'), topicDefinitions(replicationFactor));
