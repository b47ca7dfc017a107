/** The topics of the contracts on a Kafka: their definitions, the ACLs for them, and what they hold. */
export { type Acl, aclsOf } from './acls-of.ts';
export { definitionsFor, knownAmong, shortNameOf, topicNamed } from './names.ts';
export { type Chosen, isChosen, type Said, saidBy } from './said.ts';
export { topicDefinitions } from './topic-definitions.ts';
export { type GroupLag, type TopicState, topicStates } from './topic-states.ts';
