import type { DataSource } from 'typeorm';
import type { Schema } from './schema.ts';
import { codeOf, isAway } from './store-errors.ts';

/** The database cannot be used; the message says why, and what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** Returns host, port and database of a URL, without user and password. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

const curesWith = ({ migrationProgram }: Schema): Readonly<Record<string, string>> => ({
  ER_BAD_DB_ERROR: `the database does not exist: run ${migrationProgram}`,
  ER_ACCESS_DENIED_ERROR: 'the user or password is wrong',
  ER_DBACCESS_DENIED_ERROR: 'the user has no permission on this database: grant it (docs/how-to/database-users.md)',
  ECONNREFUSED: 'connection refused: no server listens on this host and port',
  ER_SECURE_TRANSPORT_REQUIRED: 'the server requires TLS, and DATABASE_TLS is off',
  HANDSHAKE_NO_SSL_SUPPORT: 'the server does not support TLS, and DATABASE_TLS is on',
});

// Matched by the messages of OpenSSL, because the driver has no code for them.
const tlsFaults: readonly (readonly [RegExp, string])[] = [
  [/altnames|Hostname\/IP/, 'DATABASE_URL: the certificate of the server does not name this host: '],
  [
    /self[- ]signed|unable to (verify|get)|signature failure/,
    'DATABASE_TLS_CA_FILE: no CA in the file signed the certificate of the server: ',
  ],
  [
    /certificate (has expired|is not yet valid)/,
    'DATABASE_TLS_CA_FILE, or the certificate of the server, has expired or is not yet valid: ',
  ],
  [/alert/, 'DATABASE_TLS_CERT_FILE: the server rejects the client certificate: '],
];

const tlsVariableOf = (message: string): string => tlsFaults.find(([pattern]) => pattern.test(message))?.[1] ?? '';

/** Connects, or throws a DatabaseError that names the place and the cure. */
export async function connect(dataSource: DataSource, url: string, schema: Schema): Promise<void> {
  try {
    await dataSource.initialize();
  } catch (error) {
    const code = codeOf(error);
    const message = error instanceof Error ? error.message : String(error);
    const why =
      (code && curesWith(schema)[code]) ?? `${code === 'HANDSHAKE_SSL_ERROR' ? tlsVariableOf(message) : ''}${message}`;
    throw new DatabaseError(`cannot use the database at ${placeOf(url)}: ${why}`, { cause: error });
  }
}

/** Throws DatabaseError if the schema is older than this program. */
export async function requireMigrations(
  dataSource: DataSource,
  url: string,
  { migrationProgram }: Schema,
): Promise<void> {
  if (!(await dataSource.showMigrations())) return;
  throw new DatabaseError(`the database at ${placeOf(url)} lacks migrations: run ${migrationProgram}`);
}

// The migration creates the database, and gives the service's user its rights.
const comingWithMigration = new Set<string | undefined>(['ER_BAD_DB_ERROR', 'ER_DBACCESS_DENIED_ERROR']);

/** Returns whether the start may wait: the database is away, or is still to be created or migrated by another process. */
export function mayCome(error: unknown): boolean {
  if (!(error instanceof DatabaseError)) return false;
  const { cause } = error;
  return cause === undefined || comingWithMigration.has(codeOf(cause)) || isAway(cause);
}
