import { commonConfig, dataCentersConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

/** A database URL names its database, since each installation has its own. */
export const databaseUrl = Type.String({
  pattern: '^mysql://[^\\s/]+/[^\\s/?]+(\\?\\S*)?$',
  description: 'mysql://user:password@host:port/database of MySQL 8 or MariaDB 11.',
});

/** What connection-management reads from its environment. */
export const connectionManagementConfig = Type.Object({
  ...commonConfig,
  ...dataCentersConfig,
  PORT: portConfig(8081),
  DATABASE_URL: databaseUrl,
  DATABASE_POOL_SIZE: Type.Integer({ default: 10, minimum: 1, maximum: 500, description: 'Connections kept open.' }),
  CREDENTIALS_PUBLIC_KEY: Type.String({
    description: 'Public JWK (EC P-256, with kid) that seals credentials; its private half is not wanted here.',
  }),
  OUTBOX_POLL_MS: Type.Integer({
    default: 500,
    minimum: 10,
    maximum: 60_000,
    description: 'Milliseconds between looks at the outbox for what another instance queued; own changes go at once.',
  }),
  RENAME_GRACE_HOURS: Type.Number({
    default: 24,
    minimum: 0,
    maximum: 8760,
    description: 'Hours in which the old slug of a connection still works.',
  }),
  CHECK_WAIT_MS: Type.Integer({
    default: 8000,
    minimum: 0,
    maximum: 60_000,
    description: "Milliseconds that a check without keys waits for handle-sync's report.",
  }),
});

export type ConnectionManagementConfig = Static<typeof connectionManagementConfig>;
