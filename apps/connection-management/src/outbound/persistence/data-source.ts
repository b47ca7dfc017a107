import { DataSource } from 'typeorm';
import { OutboxRecordEntity } from '../outbox/outbox-record.entity.ts';
import { AuditEntryEntity } from './audit-entry.entity.ts';
import { ConnectionEntity } from './connection.entity.ts';
import { migrations } from './migrations/index.ts';
import { SourceOrgEntity } from './source-org.entity.ts';

export interface DatabaseOptions {
  /** `mysql://user:password@host:port/database` */
  readonly url: string;
  readonly poolSize?: number;
}

/** How long to wait for the database to take a connection. */
export const connectTimeoutMs = 5000;

/** The way to the database; not connected yet. Migrations run only when `migrate.js` asks for them. */
export const createDataSource = ({ url, poolSize = 10 }: DatabaseOptions): DataSource =>
  new DataSource({
    type: 'mysql',
    url,
    poolSize,
    timezone: 'Z',
    charset: 'utf8mb4',
    connectTimeout: connectTimeoutMs,
    supportBigNumbers: true,
    bigNumberStrings: true,
    synchronize: false,
    migrationsRun: false,
    migrationsTableName: 'migrations',
    migrationsTransactionMode: 'none',
    entities: [ConnectionEntity, SourceOrgEntity, AuditEntryEntity, OutboxRecordEntity],
    migrations,
    logging: false,
  });
