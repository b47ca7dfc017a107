/** The topics of the contracts on a Kafka: their definitions, and the ACLs for them. */
export { type Acl, aclsOf } from './acls-of.ts';
export { topicDefinitions } from './topic-definitions.ts';
