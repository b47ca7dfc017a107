import { connect } from 'node:net';
import * as mysql from 'mysql2';
import { DataSource } from 'typeorm';
import type { Schema } from './schema.ts';

export type DatabaseTls = mysql.SslOptions;

export type DatabaseLogin = Pick<mysql.ConnectionOptions, 'user' | 'password'>;

export interface DatabasePlace {
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
  /** Returns the login for a new connection, if it can change; undefined: the login of `url`. */
  readonly login?: () => DatabaseLogin | undefined;
  /** Undefined: connections are not encrypted. */
  readonly tls?: DatabaseTls;
}

interface DatabaseOptions extends DatabasePlace, Pick<Schema, 'entities' | 'migrations'> {
  readonly poolSize?: number;
  /** How long a statement of a pool that only reads may take on the server; default: without limit, also after its caller has gone. */
  readonly readSeconds?: number;
}

/** How long to wait for the database to accept a connection. */
const connectTimeoutMs = 4000;
/** Shorter than the time limit of all work, so that a row locked by somebody else is reported as such. */
const lockWaitSeconds = 4;
/** The maximum number of requests that wait for a connection. Others are refused, because they would be answered too late. */
const maxWaiting = 500;

/**
 * The statements that each new connection runs first, whatever the defaults of the server. They limit the wait for a locked
 * row or table, refuse a value that does not fit, have texts escaped as the driver does, and ensure that nobody adds a row that was
 * looked for, locked and not found.
 */
const session = [
  `SET SESSION innodb_lock_wait_timeout = ${lockWaitSeconds}, SESSION lock_wait_timeout = ${lockWaitSeconds}`,
  "SET SESSION sql_mode = 'STRICT_TRANS_TABLES,NO_ENGINE_SUBSTITUTION'",
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
];

/** MySQL and MariaDB have names of their own for it, and each ignores the comment for the other. */
const readsWithin = (seconds: number): string =>
  `SET SESSION innodb_lock_wait_timeout = ${lockWaitSeconds} ` +
  `/*!80000 , SESSION max_execution_time = ${seconds * 1000} */ /*M!100000 , SESSION max_statement_time = ${seconds} */`;

/** Returns mysql2, with these statements run first on each new connection. */
const driverWith = (statements: readonly string[]) => ({
  ...mysql,
  createPool: (options: mysql.PoolOptions): mysql.Pool => {
    const pool = mysql.createPool(options);
    // If a statement fails, the connection is broken, and the next query on it reports the error.
    pool.on('connection', (connection) => {
      for (const statement of statements) connection.query(statement, () => undefined);
    });
    return pool;
  },
});

/** Opens the socket of each new connection, after it has set the current login: connections of a pool share one that never changes. */
const streamWith =
  (login: () => DatabaseLogin | undefined) =>
  ({ config }: { readonly config: mysql.ConnectionOptions }) => {
    Object.assign(config, login());
    return connect(config.port ?? 3306, config.host)
      .setNoDelay(true)
      .setKeepAlive(true);
  };

/** Returns the data source, not yet connected. Only `migrate` runs migrations. */
export const createDataSource = ({
  url,
  login,
  tls,
  poolSize = 10,
  readSeconds,
  entities,
  migrations,
}: DatabaseOptions): DataSource =>
  new DataSource({
    type: 'mysql',
    driver: driverWith(readSeconds === undefined ? session : [...session, readsWithin(readSeconds)]),
    url,
    ...(tls ? { ssl: tls } : {}),
    poolSize,
    timezone: 'Z',
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    extra: { queueLimit: maxWaiting, ...(login ? { stream: streamWith(login) } : {}) },
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
