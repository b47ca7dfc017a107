import { requireBrokers } from '../brokers.ts';
import { freshFolder, type StackFolder } from '../folder.ts';
import { endLeftovers, ownerOf } from '../processes/leftovers.ts';
import { requirePrerequisites } from '../processes/prerequisites.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';
import type { Progress } from '../progress.ts';
import type { KafkaPlace } from '../stack/kafka-settings.ts';
import { type PrivateKafka, startKafka } from './kafka.ts';
import { areKafkaJarsHere } from './kafka-jars.ts';
import { startMariaDb } from './mariadb.ts';

/** The broker and the database that a stack uses. */
export interface Infrastructure extends KafkaPlace {
  readonly databaseUrl: string;
  /** The private ones, and Kafka's jars; absent where others are used. */
  readonly kafka?: PrivateKafka;
  readonly mariadb?: { readonly process: LocalProcess };
  /** How to connect to the database; where it is absent, as the environment says, or in the clear. */
  readonly databaseAccess?: DatabaseAccess;
}

export interface DatabaseAccess {
  /** DATABASE_ variables: of the service, and of who changes tables. */
  readonly service: Readonly<Record<string, string>>;
  readonly migration: Readonly<Record<string, string>>;
  /** Gives the service its rights on the tables that there are. */
  readonly grantTables: () => Promise<void>;
}

/** What there is already, to be used instead of private ones. */
export interface Given {
  readonly brokers?: string | undefined;
  readonly databaseUrl?: string | undefined;
}

/** What KAFKA_BROKERS and DATABASE_URL name. Throws an Error that names the one that is wrong. */
export function givenByEnvironment(): Given {
  const { KAFKA_BROKERS, DATABASE_URL } = process.env;
  if (KAFKA_BROKERS) requireBrokers(KAFKA_BROKERS, 'KAFKA_BROKERS');
  if (DATABASE_URL && !/^mysql:\/\/[^\s/]+\/[^\s/?]+(\?\S*)?$/.test(DATABASE_URL)) {
    throw new Error('DATABASE_URL must be mysql://user:password@host:port/database');
  }
  return { brokers: KAFKA_BROKERS, databaseUrl: DATABASE_URL };
}

/**
 * Makes a stack's folder ready for a new run.
 *
 * Ends what killed runs left behind. Throws when another process runs a stack of this name.
 */
export function claimFolder(
  name: string,
  its: { readonly keepsData?: boolean; readonly isSecure?: boolean } = {},
): StackFolder {
  const owner = ownerOf({ name, path: '', logs: '', run: '' });
  if (owner !== undefined && owner !== process.pid) {
    throw new Error(
      `.local/${name} is in use by process ${owner}; stop that one first (Ctrl-C there, or kill ${owner})`,
    );
  }
  endLeftovers();
  return freshFolder(name, its);
}

/** Starts a private Kafka and a private MariaDB, as far as they are not given; on the data that the folder holds. */
export async function startInfrastructure(
  folder: StackFolder,
  processes: Processes,
  progress: Progress,
  { brokers, databaseUrl }: Given = givenByEnvironment(),
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
    ...(kafka ? { kafka } : {}),
    ...(mariadb ? { mariadb } : {}),
  };
}
