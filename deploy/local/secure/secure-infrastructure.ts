import { type StackFolder, secureFolder } from '../folder.ts';
import type { Infrastructure } from '../infrastructure/infrastructure.ts';
import { startKafka } from '../infrastructure/kafka.ts';
import { requirePrerequisites } from '../processes/prerequisites.ts';
import type { Processes } from '../processes/processes.ts';
import type { Progress } from '../progress.ts';
import { makeCertificates } from './certificates.ts';
import { startSecureMariaDb } from './secure-database.ts';
import { grantRights, loginsOf, principals, secureBroker } from './secure-kafka.ts';

/** Starts a private Kafka and a private MariaDB over TLS, with a user and few rights for each program; on the data that the folder holds. */
export async function startSecureInfrastructure(
  stack: StackFolder,
  processes: Processes,
  progress: Progress,
  port?: number,
): Promise<Infrastructure> {
  requirePrerequisites({ kafka: true, mariadb: true });
  const folder = secureFolder(stack);
  await progress.step('making certificates', () => makeCertificates(folder, principals));
  const logins = loginsOf(folder);
  const startBroker = async () => {
    const kafka = await startKafka(folder, processes, { port, isMeasured: true, ...secureBroker(folder) });
    await grantRights({ brokers: kafka.brokers, logins });
    return kafka;
  };
  const [kafka, { databaseUrl, process, ...database }] = await Promise.all([
    progress.step('starting Kafka with TLS and ACLs', startBroker),
    progress.step('starting MariaDB with TLS', () => startSecureMariaDb(folder, processes)),
  ]);
  return { brokers: kafka.brokers, databaseUrl, kafka, mariadb: { process }, security: { logins, ...database } };
}
