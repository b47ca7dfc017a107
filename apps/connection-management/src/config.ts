import { databaseConfig } from '@pagebridge/database';
import { callersConfig, commonConfig, dataCentersConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const maxPer = (most: number, description: string) =>
  Type.Integer({ default: most, minimum: 1, maximum: 1_000_000, description });

/** The environment variables of connection-management. */
export const connectionManagementConfig = Type.Object({
  ...commonConfig,
  ...dataCentersConfig,
  ...callersConfig,
  PORT: portConfig(8081),
  MANAGEMENT_PORT: managementPortConfig(9081),
  ...databaseConfig,
  DATABASE_POOL_SIZE: Type.Integer({
    default: 10,
    minimum: 1,
    maximum: 500,
    description: 'Database connections for changes, and as many for reads.',
  }),
  CREDENTIALS_PUBLIC_KEY: Type.String({
    description: 'Public JWK (EC P-256, with kid) that seals credentials.',
  }),
  OUTBOX_POLL_MS: Type.Integer({
    default: 500,
    minimum: 10,
    maximum: 60_000,
    description:
      'Milliseconds between polls of the outbox for events of other instances. Own events are published immediately.',
  }),
  RENAME_GRACE_HOURS: Type.Number({
    default: 24,
    minimum: 0,
    maximum: 8760,
    description: 'Hours that the previous slug of a connection keeps working.',
  }),
  ALERT_TOPIC_DRAIN_SECONDS: Type.Integer({
    default: 600,
    minimum: 0,
    maximum: 86_400,
    description: 'Seconds that both alert topics of an org must be consumed before the org can use only one.',
  }),
  CHECK_WAIT_MS: Type.Integer({
    default: 8000,
    minimum: 0,
    maximum: 15_000,
    description: "Milliseconds that a check without keys waits for handle-sync's report.",
  }),
  REFUSED_KEYS_PER_HOUR: maxPer(
    10,
    'Rejected key pairs per caller and hour. The API tokens of an org that can change keys count as one caller, its other tokens as another.',
  ),
  ADDED_CONNECTIONS_PER_HOUR: maxPer(60, 'New connections per source org and hour.'),
  CHANGES_PER_HOUR: maxPer(300, 'Changes, and as many rotations, per caller, source org and hour.'),
  CHECKS_PER_HOUR: maxPer(30, 'Checks per source org and hour.'),
  SYNCS_PER_MINUTE: maxPer(6, 'Syncs per source org and minute.'),
  MADE_TOKENS_PER_HOUR: maxPer(10, 'New API tokens per caller, source org and hour.'),
  CONNECTIONS_PER_ORG: maxPer(200, 'Connections per source org.'),
});

export type ConnectionManagementConfig = Static<typeof connectionManagementConfig>;
