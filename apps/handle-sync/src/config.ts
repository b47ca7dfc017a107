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
    description: 'JWKS with the private keys that open credentials. Prefer a file.',
  }),
  SYNC_INTERVAL_SECONDS: seconds(
    60,
    0.1,
    'Seconds between two polls of the teams of a directory, plus up to 10 % jitter. Ten polls read all routing rules.',
  ),
  SYNC_RETRY_SECONDS: seconds(2, 0.1, 'Seconds before a failed sync is retried; doubles up to the interval.'),
  SYNC_CONFIRM_SECONDS: seconds(
    300,
    0.1,
    'Seconds between the two syncs that must miss a team before it is removed; twice as long if most handles would be removed.',
  ),
  SYNC_GAP_SECONDS: seconds(2, 0, 'Minimum seconds between two requested syncs of a directory.'),
  UNUSED_DIRECTORY_SECONDS: seconds(600, 0.1, 'Seconds before an unused directory is deleted.'),
  CREDENTIAL_PROOF_SECONDS: seconds(3600, 1, "Seconds between tests of a connection's credential."),
  REPORT_INTERVAL_SECONDS: seconds(600, 0.1, 'Seconds between reports of an unchanged connection.'),
  LOOK_UPS_PER_MINUTE: count(10, 600, 'Maximum look-ups of unknown handles per destination org and minute.'),
  MAX_TEAMS: count(10_000, 50_000, 'Maximum on-call teams per directory. Alerts cannot mention more teams.'),
  RENAME_GRACE_HOURS: Type.Number({
    default: 24,
    minimum: 0,
    maximum: 8760,
    description: 'Hours that the previous handle of a renamed team keeps working.',
  }),
  CALL_TIMEOUT_MS: Type.Integer({
    default: 10_000,
    minimum: 100,
    maximum: 60_000,
    description: 'Timeout of one call to a destination, in milliseconds.',
  }),
  CALL_CONCURRENCY: count(8, 64, 'Maximum concurrent calls per destination org.'),
});

export type HandleSyncConfig = Static<typeof handleSyncConfig>;
