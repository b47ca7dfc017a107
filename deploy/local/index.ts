/** Runs everything that Pagebridge needs on one machine, as child processes; production never imports it. */
export * from './base.ts';
export { type Answer, call } from './call.ts';
export { type OrgWish, type SandboxOrgs, startSandbox, twoOrgs } from './destinations.ts';
export { type ConnectionWish, Driver } from './driver.ts';
export { answersOk } from './health.ts';
export { type PrivateKafka, type PrivateKafkaCluster, startKafka, startKafkaCluster } from './kafka.ts';
export { type PrivateMariaDb, startMariaDb } from './mariadb.ts';
export { requirePrerequisites } from './prerequisites.ts';
export { type FaultSwitch, Sandbox, type SandboxPage } from './sandbox.ts';
export { type SealingKeyFiles, sealingKeys } from './sealing-keys.ts';
export { migrate, type ServiceName, type ServiceSurroundings, serviceNames, serviceSpec } from './services.ts';
export { Stack, type StackOptions } from './stack.ts';
export type { Destination, StackInfo } from './stack-info.ts';
export { allTopics, type Seen, TopicWatch } from './topic-watch.ts';
export { createAllTopics, topicDefinitions } from './topics.ts';
