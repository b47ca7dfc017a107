import * as mysql from 'mysql2';
import { DataSource } from 'typeorm';
import { AccessTokenEntity } from './access-tokens/access-token.entity.ts';
import { AuditEntryEntity } from './audit-entry.entity.ts';
import { ConnectionEntity } from './connection.entity.ts';
import { migrations } from './migrations/index.ts';
import { SourceOrgEntity } from './source-org.entity.ts';

export type DatabaseTls = mysql.SslOptions;

export interface DatabasePlace {
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
  /** Undefined: connections are not encrypted. */
  readonly tls?: DatabaseTls;
}

export interface DatabaseOptions extends DatabasePlace {
  readonly poolSize?: number;
}

/** How long to wait for the database to take a connection. */
const connectTimeoutMs = 4000;
/** Shorter than the database may take in all, so that a row which somebody holds is told as that. */
const lockWaitSeconds = 4;
/** Who would be the next to wait for a connection is refused: they could not all be answered in time. */
const mostWaiting = 500;

/**
 * What each connection is told, whatever the server's defaults: how long to wait for a row that somebody else holds, and
 * that a row which is looked for, locked and not there is added by nobody else.
 */
const session = [
  `SET SESSION innodb_lock_wait_timeout = ${lockWaitSeconds}`,
  'SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ',
];

/** mysql2, whose new connections are told that first. */
const driver = {
  ...mysql,
  createPool: (options: mysql.PoolOptions): mysql.Pool => {
    const pool = mysql.createPool(options);
    // Should it fail, the connection is broken, and what is asked of it next says so.
    pool.on('connection', (connection) => {
      for (const statement of session) connection.query(statement, () => undefined);
    });
    return pool;
  },
};

/** The way to the database; not connected yet. Migrations run only when `migrate.js` asks for them. */
export const createDataSource = ({ url, tls, poolSize = 10 }: DatabaseOptions): DataSource =>
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
    entities: [ConnectionEntity, SourceOrgEntity, AuditEntryEntity, AccessTokenEntity],
    migrations,
    logging: false,
  });
