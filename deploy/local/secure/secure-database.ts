import type { StackFolder } from '../folder.ts';
import type { DatabaseAccess } from '../infrastructure/infrastructure.ts';
import { startDatabaseServer } from '../infrastructure/mariadb.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';
import { caFile, certificateFiles } from './certificates.ts';
import { passwordFile, passwordIn } from './passwords.ts';

const schema = 'pagebridge';
/** The users that change tables and grant rights, and that run connection-management, as in docs/how-to/database-users.md. */
const users = { migration: 'pagebridge_migrate', service: 'pagebridge' } as const;
const host = '127.0.0.1';

/** A database that accepts only TLS, and the connection settings of its users. */
export interface SecureDatabase {
  readonly databaseUrl: string;
  readonly databaseAccess: DatabaseAccess;
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
  const urlOf = (user: string) => `mysql://${user}:${password(user)}@localhost:${port}/${schema}`;
  const service = { DATABASE_TLS: 'on', DATABASE_TLS_CA_FILE: ca };
  return {
    databaseUrl: urlOf(users.service),
    process,
    databaseAccess: {
      service,
      migration: {
        ...service,
        DATABASE_MIGRATION_URL: urlOf(users.migration),
        DATABASE_SERVICE_USER: `${users.service}@${host}`,
      },
    },
  };
}

function accountsWith(password: (user: string) => string): string {
  const { migration, service } = users;
  const who = (user: string) => `'${user}'@'${host}'`;
  const statements = [
    `CREATE DATABASE IF NOT EXISTS ${schema} CHARACTER SET utf8mb4`,
    ...[migration, service].map(
      (user) => `CREATE USER IF NOT EXISTS ${who(user)} IDENTIFIED BY '${password(user)}' REQUIRE SSL`,
    ),
    `GRANT ALL PRIVILEGES ON ${schema}.* TO ${who(migration)} WITH GRANT OPTION`,
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}
