import { commonConfig, dataCentersConfig, portConfig } from '@pagebridge/service';
import { type Static, Type } from 'typebox';

const seconds = (value: number, minimum: number, description: string) =>
  Type.Number({ default: value, minimum, maximum: 7 * 24 * 60 * 60, description });
const count = (value: number, maximum: number, description: string) =>
  Type.Integer({ default: value, minimum: 1, maximum, description });

/** What handle-sync reads from its environment. */
export const handleSyncConfig = Type.Object({
  ...commonConfig,
  ...dataCentersConfig,
  PORT: portConfig(8082),
  CREDENTIALS_PRIVATE_KEYS: Type.String({
    minLength: 1,
    description: 'JWKS with the private keys that credentials are sealed for; better given as a file.',
  }),
  SYNC_INTERVAL_SECONDS: seconds(
    60,
    0.1,
    'Seconds between two syncs of one connection, jittered by a fifth either way.',
  ),
  SYNC_RETRY_SECONDS: seconds(2, 0.1, 'Seconds before a failed sync is tried again; doubles up to the interval.'),
  SYNC_CONFIRM_SECONDS: seconds(10, 0.1, 'Seconds before the loss of most handles is looked at again.'),
  UNKNOWN_HANDLE_GAP_SECONDS: seconds(10, 0, 'Least seconds between two syncs that unknown handles ask for.'),
  RENAME_GRACE_HOURS: Type.Number({
    default: 24,
    minimum: 0,
    maximum: 8760,
    description: "Hours in which a renamed team's old handle still works.",
  }),
  SYNC_TIMEOUT_SECONDS: seconds(300, 1, 'Seconds one sync may take as a whole.'),
  CALL_TIMEOUT_MS: Type.Integer({
    default: 10_000,
    minimum: 100,
    maximum: 60_000,
    description: 'Milliseconds a destination has to answer one call.',
  }),
  CALL_CONCURRENCY: count(8, 64, 'Calls at once in one sync.'),
  PROMPT_SYNCS: count(64, 1024, 'Syncs at once that somebody waits for: new, changed, asked for.'),
  ROUTINE_SYNCS: count(16, 1024, 'Periodic syncs at once.'),
});

export type HandleSyncConfig = Static<typeof handleSyncConfig>;
