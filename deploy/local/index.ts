/** Runs everything that Pagebridge needs on one machine, as child processes; production code never imports it. */

export { consoleClient, resource } from './access/clients.ts';
export { consoleSpec } from './access/console-spec.ts';
export { integrate } from './access/integrations.ts';
export { type LocalAccess, startOpenIdProvider } from './access/openid-provider.ts';
export { Tokens } from './access/tokens.ts';
export * from './base.ts';
export { secureFolder } from './folder.ts';
export { type PrivateKafka, type PrivateKafkaCluster, startKafka, startKafkaCluster } from './infrastructure/kafka.ts';
export { kafkaJars } from './infrastructure/kafka-jars.ts';
export { type PrivateMariaDb, startMariaDb } from './infrastructure/mariadb.ts';
export { javaPath } from './processes/executables.ts';
export { answersOk } from './processes/health.ts';
export { requirePrerequisites } from './processes/prerequisites.ts';
export { caFile, certificateFiles, issueCertificate, keystoreOf } from './secure/certificates.ts';
export { passwordFile, passwordIn } from './secure/passwords.ts';
export { startSecureCluster, startSecureKafka } from './secure/secure-infrastructure.ts';
export { type Answer, call } from './stack/call.ts';
export { type SandboxOrgConfig, type SandboxOrgs, startSandbox, twoOrgs } from './stack/destinations.ts';
export { type ConnectionBody, Driver } from './stack/driver.ts';
export { type KafkaPlace, kafkaSettings } from './stack/kafka-settings.ts';
export { type FaultSwitch, Sandbox, type SandboxPage } from './stack/sandbox.ts';
export { type SealingKeyFiles, sealingKeys } from './stack/sealing-keys.ts';
export {
  migrate,
  type ServiceDependencies,
  type ServiceName,
  type ServicePorts,
  scriptOf,
  serviceNames,
  serviceSpec,
} from './stack/services.ts';
export { Stack, type StackOptions } from './stack/stack.ts';
export type { Destination, StackInfo } from './stack/stack-info.ts';
export { allTopics, type Seen, TopicWatch } from './stack/topic-watch.ts';
export { createAllTopics } from './stack/topics.ts';
