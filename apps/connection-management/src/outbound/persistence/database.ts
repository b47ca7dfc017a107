import type { DataSource } from 'typeorm';
import { codeOf } from './store-errors.ts';

/** The database cannot be used; says why and what to do. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
}

/** Host, port and database of a URL, without its password. */
export function placeOf(url: string): string {
  const { host, pathname } = new URL(url);
  return `${host}${pathname}`;
}

const cures: Readonly<Record<string, string>> = {
  ER_BAD_DB_ERROR: 'there is no such database: run `node dist/migrate.js`',
  ER_ACCESS_DENIED_ERROR: 'the user or password is wrong',
  ER_DBACCESS_DENIED_ERROR: 'the user may not use this database',
  ECONNREFUSED: 'nothing listens there',
};

/** Connects; throws DatabaseError naming the place and the cure. */
export async function connect(dataSource: DataSource, url: string): Promise<void> {
  try {
    await dataSource.initialize();
  } catch (error) {
    const code = codeOf(error);
    const why = (code && cures[code]) ?? (error instanceof Error ? error.message : String(error));
    throw new DatabaseError(`cannot use the database at ${placeOf(url)}: ${why}`, { cause: error });
  }
}

/** Throws DatabaseError when the schema is older than this program. */
export async function requireMigrations(dataSource: DataSource, url: string): Promise<void> {
  if (!(await dataSource.showMigrations())) return;
  throw new DatabaseError(`the database at ${placeOf(url)} lacks migrations: run \`node dist/migrate.js\` first`);
}
