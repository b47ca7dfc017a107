import { readFileSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import type { StackFolder } from '../folder.ts';
import type { DatabaseAccess } from '../infrastructure/infrastructure.ts';
import { startDatabaseServer } from '../infrastructure/mariadb.ts';
import type { LocalProcess, Processes } from '../processes/processes.ts';
import { caFile, certificateFiles } from './certificates.ts';
import { passwordFile, passwordIn } from './passwords.ts';

const schema = 'pagebridge';
/** The users that grant rights, change tables, and run connection-management. */
const users = { admin: 'admin', migration: 'pagebridge_migrate', service: 'pagebridge' } as const;

/** The rights of the service, as in docs/how-to/database-users.md. */
export const tableRights: Readonly<Record<string, string>> = {
  connections: 'SELECT, INSERT, UPDATE, DELETE',
  source_orgs: 'SELECT, INSERT, UPDATE',
  audit_entries: 'SELECT, INSERT',
  outbox: 'SELECT, INSERT, DELETE',
  outbox_lease: 'SELECT, UPDATE',
  limits: 'SELECT, INSERT, UPDATE, DELETE',
  access_tokens: 'SELECT, INSERT, UPDATE, DELETE',
  access_policy: 'SELECT, INSERT, UPDATE',
  migrations: 'SELECT',
};

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
      migration: { ...service, DATABASE_MIGRATION_URL: urlOf(users.migration) },
      grantTables: () => grantTables(urlOf(users.admin), ca),
    },
  };
}

function accountsWith(password: (user: string) => string): string {
  const { admin, migration, service } = users;
  const who = (user: string) => `'${user}'@'127.0.0.1'`;
  const statements = [
    `CREATE DATABASE IF NOT EXISTS ${schema} CHARACTER SET utf8mb4`,
    ...[admin, migration, service].map(
      (user) => `CREATE USER IF NOT EXISTS ${who(user)} IDENTIFIED BY '${password(user)}' REQUIRE SSL`,
    ),
    `GRANT ALL PRIVILEGES ON *.* TO ${who(admin)} WITH GRANT OPTION`,
    `GRANT ALL PRIVILEGES ON ${schema}.* TO ${who(migration)}`,
  ];
  return statements.map((statement) => `${statement};\n`).join('');
}

/** Grants rights on tables, which must exist: call it after the migration. */
async function grantTables(uri: string, ca: string): Promise<void> {
  const connection = await createConnection({ uri, ssl: { ca: readFileSync(ca), verifyIdentity: true } });
  try {
    for (const [table, rights] of Object.entries(tableRights)) {
      await connection.query(`GRANT ${rights} ON ${schema}.${table} TO '${users.service}'@'127.0.0.1'`);
    }
  } finally {
    await connection.end();
  }
}
