import { callersConfig, commonConfig, dataCentersConfig, managementPortConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const seconds = (value: number, minimum: number, description: string) =>
  Type.Number({ default: value, minimum, maximum: 7 * 24 * 60 * 60, description });
const count = (value: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum: 1, maximum, description });

/** What handle-sync reads from its environment. */
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
    'Seconds between two lists of the teams of a directory, jittered by up to a tenth more; their routing rules are read again within ten such rounds.',
  ),
  SYNC_RETRY_SECONDS: seconds(2, 0.1, 'Seconds before a failed look is tried again; doubles up to the interval.'),
  SYNC_CONFIRM_SECONDS: seconds(
    300,
    0.1,
    'Seconds between the two looks that must show a team gone; twice that where most handles would go.',
  ),
  SYNC_GAP_SECONDS: seconds(2, 0, 'Least seconds between two looks at a directory that somebody asks for.'),
  UNUSED_DIRECTORY_SECONDS: seconds(600, 0.1, 'Seconds for which a directory is kept that no connection uses.'),
  CREDENTIAL_PROOF_SECONDS: seconds(3600, 1, 'Seconds between two proofs that the credential of a connection works.'),
  REPORT_INTERVAL_SECONDS: seconds(
    600,
    0.1,
    'Seconds after which a connection is reported again where nothing changed.',
  ),
  LOOK_UPS_PER_MINUTE: count(10, 600, 'Unknown handles that are looked up at one destination org in a minute.'),
  MAX_TEAMS: count(10_000, 50_000, 'On-call teams that are kept of one directory; who comes later is not offered.'),
  RENAME_GRACE_HOURS: Type.Number({
    default: 24,
    minimum: 0,
    maximum: 8760,
    description: "Hours in which a renamed team's old handle still works.",
  }),
  CALL_TIMEOUT_MS: Type.Integer({
    default: 10_000,
    minimum: 100,
    maximum: 60_000,
    description: 'Milliseconds a destination has to answer one call.',
  }),
  CALL_CONCURRENCY: count(8, 64, 'Calls at once to one destination org.'),
});

export type HandleSyncConfig = Static<typeof handleSyncConfig>;
