/** What a service needs for its own database: variables, connections, migrations, transactions, and what an error of it means. */
export { connect, mayCome, requireMigrations } from './connect.ts';
export { createDataSource, type DatabasePlace } from './data-source.ts';
export { databaseConfig, databaseOf, databaseSchema, migrationConfig, migrationOf } from './database-config.ts';
export { inTransaction } from './in-transaction.ts';
export { migrate } from './migrate.ts';
export { onConnection } from './on-connection.ts';
export type { Schema } from './schema.ts';
export { asStoreError, doubledKeyOf, isTooSlow, pastDeadlocks } from './store-errors.ts';
export { databaseProblems, StoreUnavailable } from './store-unavailable.ts';
