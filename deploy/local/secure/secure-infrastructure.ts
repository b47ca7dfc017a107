import { type StackFolder, secureFolder } from '../folder.ts';
import type { Infrastructure } from '../infrastructure/infrastructure.ts';
import {
  type BrokerOptions,
  type PrivateKafka,
  type PrivateKafkaCluster,
  startKafka,
  startKafkaCluster,
} from '../infrastructure/kafka.ts';
import { requirePrerequisites } from '../processes/prerequisites.ts';
import type { Processes } from '../processes/processes.ts';
import type { Progress } from '../progress.ts';
import type { Logins } from '../stack/kafka-settings.ts';
import { makeCertificates } from './certificates.ts';
import { startSecureMariaDb } from './secure-database.ts';
import { grantRights, loginsOf, principals, secureBroker } from './secure-kafka.ts';

/** Starts a private Kafka and MariaDB with TLS, and a user with minimal rights for each program, on the data of the folder. */
export async function startSecureInfrastructure(
  stack: StackFolder,
  processes: Processes,
  progress: Progress,
  port?: number,
): Promise<Infrastructure> {
  await certify(stack, progress);
  const [{ logins, ...kafka }, { process, ...database }] = await Promise.all([
    progress.step('starting Kafka with TLS and ACLs', () => startBroker(stack, processes, { port })),
    progress.step('starting MariaDB with TLS', () => startSecureMariaDb(secureFolder(stack), processes)),
  ]);
  return { brokers: kafka.brokers, logins, kafka, mariadb: { process }, ...database };
}

/** Like `startSecureInfrastructure`, with a number of brokers. */
export async function startSecureCluster(
  stack: StackFolder,
  processes: Processes,
  progress: Progress,
  size: number,
): Promise<Infrastructure & Pick<PrivateKafkaCluster, 'nodes'>> {
  await certify(stack, progress);
  const folder = secureFolder(stack);
  const start = () => withRights(folder, startKafkaCluster(folder, processes, size, secureBroker(folder)));
  const [cluster, { process, ...database }] = await Promise.all([
    progress.step(`starting ${size} Kafka brokers with TLS and ACLs`, start),
    progress.step('starting MariaDB with TLS', () => startSecureMariaDb(folder, processes)),
  ]);
  return { ...cluster, mariadb: { process }, ...database };
}

/** Starts the broker only. */
export async function startSecureKafka(
  stack: StackFolder,
  processes: Processes,
  options: Pick<BrokerOptions, 'isMeasured'>,
): Promise<PrivateKafka & { readonly logins: Logins }> {
  await makeCertificates(secureFolder(stack), principals);
  return startBroker(stack, processes, options);
}

function startBroker(stack: StackFolder, processes: Processes, options: BrokerOptions) {
  const folder = secureFolder(stack);
  return withRights(folder, startKafka(folder, processes, { ...options, ...secureBroker(folder) }));
}

async function certify(stack: StackFolder, progress: Progress): Promise<void> {
  requirePrerequisites({ kafka: true, mariadb: true });
  await progress.step('creating certificates', () => makeCertificates(secureFolder(stack), principals));
}

async function withRights<Kafka extends { readonly brokers: string }>(folder: StackFolder, starting: Promise<Kafka>) {
  const kafka = await starting;
  const logins = loginsOf(folder);
  await grantRights({ brokers: kafka.brokers, logins });
  return { ...kafka, logins };
}
