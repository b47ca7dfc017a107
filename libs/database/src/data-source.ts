import * as mysql from 'mysql2';
import { DataSource } from 'typeorm';
import type { Schema } from './schema.ts';

export type DatabaseTls = mysql.SslOptions;

export interface DatabasePlace {
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
  /** Undefined: connections are not encrypted. */
  readonly tls?: DatabaseTls;
}

interface DatabaseOptions extends DatabasePlace, Pick<Schema, 'entities' | 'migrations'> {
  readonly poolSize?: number;
}

/** How long to wait for the database to accept a connection. */
const connectTimeoutMs = 4000;
/** Shorter than the time limit of all work, so that a row locked by somebody else is reported as such. */
const lockWaitSeconds = 4;
/** The maximum number of requests that wait for a connection. Others are refused, because they would be answered too late. */
const mostWaiting = 500;

/**
 * The statements that each new connection runs first, whatever the defaults of the server. They limit the wait for a locked
 * row, and ensure that nobody adds a row that was looked for, locked and not found.
 */
const session = [
  `SET SESSION innodb_lock_wait_timeout = ${lockWaitSeconds}`,
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
];

/** mysql2, with these statements run first on each new connection. */
const driver = {
  ...mysql,
  createPool: (options: mysql.PoolOptions): mysql.Pool => {
    const pool = mysql.createPool(options);
    // If a statement fails, the connection is broken, and the next query on it reports the error.
    pool.on('connection', (connection) => {
      for (const statement of session) connection.query(statement, () => undefined);
    });
    return pool;
  },
};

/** Returns the data source, not yet connected. Only `migrate` runs migrations. */
export const createDataSource = ({ url, tls, poolSize = 10, entities, migrations }: DatabaseOptions): DataSource =>
  new DataSource({
    type: 'mysql',
    driver,
    url,
    ...(tls ? { ssl: tls } : {}),
    poolSize,
    timezone: 'Z',
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    extra: { queueLimit: mostWaiting },
    supportBigNumbers: true,
    bigNumberStrings: true,
    synchronize: false,
    migrationsRun: false,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'none',
    entities: [...entities],
    migrations: [...migrations],
    logging: false,
  });
