import { freshFolder, type StackFolder } from './folder.ts';
import { startKafka } from './kafka.ts';
import { areKafkaJarsHere } from './kafka-jars.ts';
import { endLeftovers, ownerOf } from './leftovers.ts';
import { startMariaDb } from './mariadb.ts';
import { requirePrerequisites } from './prerequisites.ts';
import type { Processes } from './processes.ts';
import type { Progress } from './progress.ts';

/** The broker and the database that a stack uses. */
export interface Infrastructure {
  readonly brokers: string;
  readonly databaseUrl: string;
  /** Kafka's jars, where the broker is a private one. */
  readonly kafkaJars?: string;
}

/**
 * Makes a stack's folder ready for a new run.
 *
 * Ends what killed runs left behind. Throws when another process runs a stack of this name.
 */
export function claimFolder(name: string): StackFolder {
  const owner = ownerOf({ name, path: '', logs: '', run: '' });
  if (owner !== undefined && owner !== process.pid) {
    throw new Error(
      `.local/${name} is in use by process ${owner}; stop that one first (Ctrl-C there, or kill ${owner})`,
    );
  }
  endLeftovers();
  return freshFolder(name);
}

/** Starts a private Kafka and a private MariaDB; KAFKA_BROKERS and DATABASE_URL, where set, name others to use instead. */
export async function startInfrastructure(
  folder: StackFolder,
  processes: Processes,
  progress: Progress,
): Promise<Infrastructure> {
  const { KAFKA_BROKERS: brokers, DATABASE_URL: databaseUrl } = process.env;
  requirePrerequisites({ kafka: !brokers, mariadb: !databaseUrl });
  const kafkaTitle = areKafkaJarsHere() ? 'starting Kafka' : 'fetching and starting Kafka';
  const [kafka, mariadb] = await Promise.all([
    brokers ? { brokers } : progress.step(kafkaTitle, () => startKafka(folder, processes)),
    databaseUrl ? { databaseUrl } : progress.step('starting MariaDB', () => startMariaDb(folder, processes)),
  ]);
  return {
    brokers: kafka.brokers,
    databaseUrl: mariadb.databaseUrl,
    ...('jars' in kafka ? { kafkaJars: kafka.jars } : {}),
  };
}
