import { createTopics, type TopicReport } from '@pagebridge/kafka';
import { topicDefinitions } from '@pagebridge/topics';
import { type KafkaPlace, kafkaSettings } from './kafka-settings.ts';

/** Creates missing topics, also those that these orgs own; does not change existing ones. */
export const createAllTopics = (
  place: KafkaPlace,
  replicationFactor?: number,
  sourceOrgs?: readonly string[],
): Promise<TopicReport> =>
  createTopics(kafkaSettings(place, 'pagebridge-topics', 'topics'), topicDefinitions(replicationFactor, sourceOrgs));
