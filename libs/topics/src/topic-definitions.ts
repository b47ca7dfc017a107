import { cards, orgAlertsCard, topicDefinitionsOf } from '@pagebridge/contracts';
import type { TopicDefinition } from '@pagebridge/kafka';

/** Every topic of the contracts with its dead letters, and those that these source orgs own. Replicas, where not given: 3, or as many as there are brokers. */
export const topicDefinitions = (replicationFactor?: number, sourceOrgs: readonly string[] = []): TopicDefinition[] =>
  [...cards, ...sourceOrgs.map(orgAlertsCard)]
    .flatMap(topicDefinitionsOf)
    .map((definition) => ({ ...definition, ...(replicationFactor === undefined ? {} : { replicationFactor }) }));
