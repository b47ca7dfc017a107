/** The definitions of the topics of the contracts, and the ACLs that each service and program needs for them. */
export { type Acl, aclsOf } from './acls-of.ts';
export { topicDefinitions } from './topic-definitions.ts';
