import { createTopics, type TopicReport } from '@pagebridge/kafka';
import { topicDefinitions } from '@pagebridge/topics';
import { type KafkaPlace, kafkaSettings } from './kafka-settings.ts';

/** Creates the topics that are missing, also those that these orgs own, and changes none that exists. */
export const createAllTopics = (
  place: KafkaPlace,
  replicationFactor?: number,
  sourceOrgs?: readonly string[],
): Promise<TopicReport> =>
  createTopics(kafkaSettings(place, 'pagebridge-topics', 'topics'), topicDefinitions(replicationFactor, sourceOrgs));
