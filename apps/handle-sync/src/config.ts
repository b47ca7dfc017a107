import { callersConfig, commonConfig, dataCentersConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const seconds = (value: number, minimum: number, description: string) =>
  Type.Number({ default: value, minimum, maximum: 7 * 24 * 60 * 60, description });
const count = (value: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum: 1, maximum, description });

/** The environment variables of handle-sync. */
export const handleSyncConfig = Type.Object({
  ...commonConfig,
  ...dataCentersConfig,
  ...callersConfig,
  PORT: portConfig(8082),
  MANAGEMENT_PORT: managementPortConfig(9082),
  CREDENTIALS_PRIVATE_KEYS: Type.String({
    minLength: 1,
    description: 'JWKS with the private keys that credentials are sealed for; better given as a file.',
  }),
  SYNC_INTERVAL_SECONDS: seconds(
    60,
    0.1,
    'Seconds between two lists of the teams of a directory, plus up to a tenth; all routing rules are read within ten rounds.',
  ),
  SYNC_RETRY_SECONDS: seconds(2, 0.1, 'Seconds before a failed sync is tried again; doubles up to the interval.'),
  SYNC_CONFIRM_SECONDS: seconds(
    300,
    0.1,
    'Seconds between the two syncs that must miss a team before it is removed; twice that if most handles would go.',
  ),
  SYNC_GAP_SECONDS: seconds(2, 0, 'Minimum seconds between two requested syncs of a directory.'),
  UNUSED_DIRECTORY_SECONDS: seconds(600, 0.1, 'Seconds after which a directory that no connection uses is deleted.'),
  CREDENTIAL_PROOF_SECONDS: seconds(3600, 1, 'Seconds between two tests of the credential of a connection.'),
  REPORT_INTERVAL_SECONDS: seconds(600, 0.1, 'Seconds after which a connection is reported again if nothing changed.'),
  LOOK_UPS_PER_MINUTE: count(
    10,
    600,
    'Maximum number of unknown handles that are looked up per minute at one destination org.',
  ),
  MAX_TEAMS: count(
    10_000,
    50_000,
    'Maximum number of on-call teams of one directory; alerts cannot mention further teams.',
  ),
  RENAME_GRACE_HOURS: Type.Number({
    default: 24,
    minimum: 0,
    maximum: 8760,
    description: 'Hours for which the former handle of a renamed team works.',
  }),
  CALL_TIMEOUT_MS: Type.Integer({
    default: 10_000,
    minimum: 100,
    maximum: 60_000,
    description: 'Timeout in milliseconds of one call to a destination.',
  }),
  CALL_CONCURRENCY: count(8, 64, 'Maximum number of concurrent calls to one destination org.'),
});

export type HandleSyncConfig = Static<typeof handleSyncConfig>;
