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
    description: 'Connections to the database for changes, and as many for what callers read.',
  }),
  CREDENTIALS_PUBLIC_KEY: Type.String({
    description: 'Public JWK (EC P-256, with kid) that seals credentials; its private half is not needed here.',
  }),
  OUTBOX_POLL_MS: Type.Integer({
    default: 500,
    minimum: 10,
    maximum: 60_000,
    description: 'Milliseconds between polls of the outbox for events of other instances; own events go at once.',
  }),
  RENAME_GRACE_HOURS: Type.Number({
    default: 24,
    minimum: 0,
    maximum: 8760,
    description: 'Hours for which the old slug of a connection still works.',
  }),
  ALERT_TOPIC_DRAIN_SECONDS: Type.Integer({
    default: 600,
    minimum: 0,
    maximum: 86_400,
    description: 'Seconds for which both alert topics of an org must be read before only one is.',
  }),
  CHECK_WAIT_MS: Type.Integer({
    default: 8000,
    minimum: 0,
    maximum: 15_000,
    description: "Milliseconds for which a check without keys waits for handle-sync's report.",
  }),
  REFUSED_KEYS_PER_HOUR: maxPer(
    10,
    'Pairs of keys that a destination may refuse to a caller in an hour; the API tokens of an org that may change keys are one caller, its others are one too.',
  ),
  ADDED_CONNECTIONS_PER_HOUR: maxPer(60, 'Connections that a source org may add in an hour.'),
  CHANGES_PER_HOUR: maxPer(300, 'Changes that a caller may ask for in a source org in an hour, and as many rotations.'),
  CHECKS_PER_HOUR: maxPer(30, 'Checks that a source org may ask for in an hour.'),
  SYNCS_PER_MINUTE: maxPer(6, 'Syncs that a source org may ask for in a minute.'),
  MADE_TOKENS_PER_HOUR: maxPer(10, 'API tokens that a caller may make in a source org in an hour.'),
  CONNECTIONS_PER_ORG: maxPer(200, 'Connections that a source org may have.'),
});

export type ConnectionManagementConfig = Static<typeof connectionManagementConfig>;
