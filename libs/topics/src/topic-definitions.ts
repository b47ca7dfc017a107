import { cards, orgAlertsCard, topicDefinitionsOf } from '@pagebridge/contracts';
import type { TopicDefinition } from '@pagebridge/kafka';

/** Returns all topics and the own alert topics of these orgs, with dead letters. Default: 3 replicas, or one for each of fewer brokers. */
export const topicDefinitions = (replicationFactor?: number, sourceOrgs: readonly string[] = []): TopicDefinition[] =>
  [...cards, ...sourceOrgs.map(orgAlertsCard)]
    .flatMap(topicDefinitionsOf)
    .map((definition) => ({ ...definition, ...(replicationFactor === undefined ? {} : { replicationFactor }) }));
