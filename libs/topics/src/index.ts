/** The topics of the contracts on a Kafka: how they are created, and who needs which right on them. */
export { type Acl, aclsOf } from './acls-of.ts';
export { topicDefinitions } from './topic-definitions.ts';
