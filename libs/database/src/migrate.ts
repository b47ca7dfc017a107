import { createConnection, escapeId } from 'mysql2/promise';
import type { DataSource, QueryRunner } from 'typeorm';
import { connect, DatabaseError, placeOf } from './connect.ts';
import { createDataSource, type DatabasePlace } from './data-source.ts';
import { grantRights } from './grant-rights.ts';
import type { Schema } from './schema.ts';
import { codeOf } from './store-errors.ts';

const lockSeconds = 60;

/**
 * Runs pending migrations one after the other, and prints each; then grants the service's user its rights on the tables, if it
 * is named. Creates the database if it is missing and the user may do so.
 *
 * Several processes may do this at once: they wait for each other. Throws DatabaseError.
 */
export async function migrate(
  place: DatabasePlace,
  schema: Schema,
  say: (line: string) => void,
  serviceUser?: string,
): Promise<void> {
  const dataSource = await connected(place, schema, say);
  try {
    const done = await underLock(dataSource, async (runner) => {
      const ran = await dataSource.runMigrations({ transaction: 'none' });
      if (serviceUser !== undefined) await grantRights(runner, schema.rights, serviceUser);
      return ran.map((migration) => migration.name);
    });
    for (const name of done) say(`migrated: ${name}`);
    if (serviceUser !== undefined) say(`${serviceUser} has its permissions`);
    say(`${placeOf(place.url)} is up to date (${done.length} run, ${dataSource.migrations.length} in all)`);
  } finally {
    await dataSource.destroy();
  }
}

async function connected(place: DatabasePlace, schema: Schema, say: (line: string) => void): Promise<DataSource> {
  const { url } = place;
  const attempt = createDataSource({ ...schema, ...place, poolSize: 2 });
  try {
    await connect(attempt, url, schema);
    return attempt;
  } catch (error) {
    if (!(error instanceof DatabaseError) || codeOf(error.cause) !== 'ER_BAD_DB_ERROR') throw error;
  }
  await createDatabase(place);
  say(`created the database of ${placeOf(url)}`);
  const dataSource = createDataSource({ ...schema, ...place, poolSize: 2 });
  await connect(dataSource, url, schema);
  return dataSource;
}

async function createDatabase({ url, tls }: DatabasePlace): Promise<void> {
  const server = new URL(url);
  const database = decodeURIComponent(server.pathname.slice(1));
  server.pathname = '/';
  try {
    const connection = await createConnection({ uri: server.href, ...(tls ? { ssl: tls } : {}) });
    try {
      await connection.query(`CREATE DATABASE IF NOT EXISTS ${escapeId(database)} CHARACTER SET utf8mb4`);
    } finally {
      // An open connection would keep the process alive, even if the database was refused.
      await connection.end();
    }
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new DatabaseError(`the database ${database} does not exist and cannot be created: ${why}`, { cause: error });
  }
}

// DDL commits a transaction in MySQL, so a transaction cannot exclude a second run; a named lock of the server does.
async function underLock<T>(dataSource: DataSource, work: (runner: QueryRunner) => Promise<T>): Promise<T> {
  const runner = dataSource.createQueryRunner();
  const name = "CONCAT('pagebridge-migrate-', MD5(DATABASE()))";
  try {
    const [row] = await runner.query(`SELECT GET_LOCK(${name}, ${lockSeconds}) AS held`);
    if (Number(row.held) !== 1) throw new DatabaseError(`another migration is still running after ${lockSeconds} s`);
    const result = await work(runner);
    await runner.query(`SELECT RELEASE_LOCK(${name})`);
    return result;
  } finally {
    await runner.release();
  }
}
