import { databaseConfig } from '@pagebridge/database';
import { callersConfig, commonConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

/** The environment variables of page-history. */
export const pageHistoryConfig = Type.Object({
  ...commonConfig,
  ...callersConfig,
  PORT: portConfig(8087),
  MANAGEMENT_PORT: managementPortConfig(9087),
  ...databaseConfig,
  DATABASE_POOL_SIZE: Type.Integer({
    default: 10,
    minimum: 2,
    maximum: 100,
    description: 'Connections to the database.',
  }),
  HISTORY_DAYS: Type.Integer({
    default: 30,
    minimum: 1,
    maximum: 400,
    description: 'Days for which alerts, pages and what became of them are kept.',
  }),
  SNAPSHOT_KEYS: Type.Optional(
    Type.String({
      description:
        'The keys of page-delivery that sign links to snapshots, which `/s/` then opens without a login; unset: it does not exist. Preferably set them as a file.',
    }),
  ),
});

export type PageHistoryConfig = Static<typeof pageHistoryConfig>;
