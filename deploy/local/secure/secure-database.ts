import type { StackFolder } from '../folder.ts';
import { type DatabaseAccess, type DatabaseOwner } from '../infrastructure/databases.ts';
import { startDatabaseServer } from '../infrastructure/mariadb.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';
import { caFile, certificateFiles } from './certificates.ts';
import { passwordFile, passwordIn } from './passwords.ts';

/** The databases, and the users that change tables and grant rights, and that run the service, as in docs/how-to/database-users.md. */
const databases = {
  'connection-management': { schema: 'pagebridge', migration: 'pagebridge_migrate', service: 'pagebridge' },
  'page-history': { schema: 'pagebridge_history', migration: 'history_migrate', service: 'pagebridge_history' },
} as const satisfies Record<DatabaseOwner, object>;
const host = '127.0.0.1';

/** Databases that accept only TLS, and the connection settings of their users. */
export interface SecureDatabase {
  readonly databaseUrl: string;
  readonly databaseAccess: Readonly<Record<DatabaseOwner, DatabaseAccess>>;
  readonly process: LocalProcess;
}

/** Starts a private MariaDB with the CA of this folder. */
export async function startSecureMariaDb(folder: StackFolder, processes: Processes): Promise<SecureDatabase> {
  const ca = caFile(folder);
  const { cert, key } = certificateFiles(folder, 'database');
  const tls = ['--require-secure-transport=ON', `--ssl-ca=${ca}`, `--ssl-cert=${cert}`, `--ssl-key=${key}`];
  const password = (user: string) => passwordIn(passwordFile(folder, 'database', user));
  const { port, process } = await startDatabaseServer(folder, processes, accountsWith(password), tls);
  // The driver compares certificates with host names only, so the URL names localhost and no address.
  const urlOf = (user: string, schema: string) => `mysql://${user}:${password(user)}@localhost:${port}/${schema}`;
  const accessTo = (owner: DatabaseOwner): DatabaseAccess => {
    const { schema, migration, service } = databases[owner];
    const shared = { DATABASE_URL: urlOf(service, schema), DATABASE_TLS: 'on', DATABASE_TLS_CA_FILE: ca };
    const its = {
      DATABASE_MIGRATION_URL: urlOf(migration, schema),
      DATABASE_SERVICE_USER: `${service}@${host}`,
    };
    return { service: shared, migration: { ...shared, ...its } };
  };
  const { schema, service } = databases['connection-management'];
  return {
    databaseUrl: urlOf(service, schema),
    process,
    databaseAccess: {
      'connection-management': accessTo('connection-management'),
      'page-history': accessTo('page-history'),
    },
  };
}

function accountsWith(password: (user: string) => string): string {
  const who = (user: string) => `'${user}'@'${host}'`;
  const statements = Object.values(databases).flatMap(({ schema, migration, service }) => [
    `CREATE DATABASE IF NOT EXISTS ${schema} CHARACTER SET utf8mb4`,
    ...[migration, service].map(
      (user) => `CREATE USER IF NOT EXISTS ${who(user)} IDENTIFIED BY '${password(user)}' REQUIRE SSL`,
    ),
    `GRANT ALL PRIVILEGES ON ${schema}.* TO ${who(migration)} WITH GRANT OPTION`,
  ]);
  return statements.map((statement) => `${statement};\n`).join('');
}
