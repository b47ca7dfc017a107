import { requireBrokers } from '../brokers.ts';
import { freshFolder, type StackFolder } from '../folder.ts';
import { endLeftovers, ownerOf } from '../processes/leftovers.ts';
import { requirePrerequisites } from '../processes/prerequisites.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';
import type { Progress } from '../progress.ts';
import type { KafkaPlace } from '../stack/kafka-settings.ts';
import type { DatabaseAccess, DatabaseOwner } from './databases.ts';
import { type PrivateKafka, startKafka } from './kafka.ts';
import { areKafkaJarsHere } from './kafka-jars.ts';
import { startMariaDb } from './mariadb.ts';

/** The broker and the database that a stack uses. */
export interface Infrastructure extends KafkaPlace {
  /** That of connection-management; the others are beside it. */
  readonly databaseUrl: string;
  /** The private processes, and Kafka's jars; absent if existing ones are used. */
  readonly kafka?: PrivateKafka;
  readonly mariadb?: { readonly process: LocalProcess };
  /** Whether only this run uses the given broker. */
  readonly isPrivate?: boolean;
  /** The variables of the database connections; if absent, those of the environment apply, or no TLS. */
  readonly databaseAccess?: Readonly<Record<DatabaseOwner, DatabaseAccess>>;
}

/** An existing broker and database to use instead of private ones. */
export interface Given {
  readonly brokers?: string | undefined;
  /** Whether only this run uses the broker, so that its services may accept API tokens. */
  readonly isPrivate?: boolean;
  readonly databaseUrl?: string | undefined;
}

/** Returns the Kafka and database of KAFKA_BROKERS and DATABASE_URL. Throws an Error that names an invalid variable. */
export function givenInEnvironment(): Given {
  const { KAFKA_BROKERS, DATABASE_URL } = process.env;
  if (KAFKA_BROKERS) requireBrokers(KAFKA_BROKERS, 'KAFKA_BROKERS');
  if (DATABASE_URL && !/^mysql:\/\/[^\s/]+\/[^\s/?]+(\?\S*)?$/.test(DATABASE_URL)) {
    throw new Error('DATABASE_URL must be mysql://user:password@host:port/database');
  }
  return { brokers: KAFKA_BROKERS, databaseUrl: DATABASE_URL };
}

/**
 * Prepares a stack's folder for a new run.
 *
 * Ends processes that killed runs left behind. Throws if another process runs a stack of this name.
 */
export function claimFolder(
  name: string,
  its: { readonly keepsData?: boolean; readonly isSecure?: boolean } = {},
): StackFolder {
  const owner = ownerOf({ name, path: '', logs: '', run: '' });
  if (owner !== undefined && owner !== process.pid) {
    throw new Error(`.local/${name} is in use by process ${owner}\nhint: stop it first (Ctrl-C, or kill ${owner})`);
  }
  endLeftovers();
  return freshFolder(name, its);
}

/** Starts a private Kafka and a private MariaDB on the data of the folder, unless existing ones are given. */
export async function startInfrastructure(
  folder: StackFolder,
  processes: Processes,
  progress: Progress,
  { brokers, databaseUrl, isPrivate }: Given = givenInEnvironment(),
  kafkaPort?: number,
): Promise<Infrastructure> {
  requirePrerequisites({ kafka: !brokers, mariadb: !databaseUrl });
  const kafkaTitle = areKafkaJarsHere() ? 'starting Kafka' : 'fetching and starting Kafka';
  const [kafka, mariadb] = await Promise.all([
    brokers ? undefined : progress.step(kafkaTitle, () => startKafka(folder, processes, { port: kafkaPort })),
    databaseUrl ? undefined : progress.step('starting MariaDB', () => startMariaDb(folder, processes)),
  ]);
  return {
    brokers: kafka?.brokers ?? brokers ?? '',
    databaseUrl: mariadb?.databaseUrl ?? databaseUrl ?? '',
    ...(isPrivate ? { isPrivate } : {}),
    ...(kafka ? { kafka } : {}),
    ...(mariadb ? { mariadb } : {}),
  };
}
