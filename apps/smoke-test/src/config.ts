import { requirePrivate } from '@pagebridge/access';
import { commonConfig, fromVariable, loadConfig } from '@pagebridge/service';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';

const url = (description: string) => Type.String({ pattern: '^https?://[^\\s]+$', description });
const text = (description: string) => Type.Optional(Type.String({ minLength: 1, description }));
const org = (preset: string, description: string) =>
  Type.String({ default: preset, pattern: orgIdPattern, description });

/** The variables of smoke-test, without those of the connection to Kafka. */
export const smokeTestConfig = Type.Object({
  KAFKA_BROKERS: commonConfig.KAFKA_BROKERS,
  CONNECTION_MANAGEMENT_URL: url('Where connection-management is.'),
  HANDLE_SYNC_URL: url('Where handle-sync is.'),
  SANDBOX_CONTROL_URL: url('Control API of the sandbox.'),
  SANDBOX_ORG: org('globex', 'Org of the sandbox to page.'),
  SOURCE_ORG: org('smoke-test', 'Source org of the alert; nobody else is to use it.'),
  SMOKE_TEST_SECONDS: Type.Number({
    default: 120,
    minimum: 1,
    maximum: 3600,
    description: 'Seconds in which all must be done.',
  }),
  PAGEBRIDGE_TOKEN: text('Token of an admin of the source org; not needed where access control is off.'),
  TOKEN_ENDPOINT: text('Where to get an access token instead, by client credentials.'),
  TOKEN_CLIENT_ID: text('Client id for it.'),
  TOKEN_CLIENT_SECRET: text('Secret of that client; better given as a file.'),
  TOKEN_SCOPE: text('Scope to ask for.'),
});

export type SmokeTestConfig = Static<typeof smokeTestConfig>;

/** Loads the configuration. Throws ConfigError, also if a token or secret would leave the machine in clear text. */
export function loadSmokeTest(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): SmokeTestConfig {
  const config = loadConfig(smokeTestConfig, environment);
  const { PAGEBRIDGE_TOKEN, TOKEN_ENDPOINT, CONNECTION_MANAGEMENT_URL, HANDLE_SYNC_URL } = config;
  if (PAGEBRIDGE_TOKEN === undefined && TOKEN_ENDPOINT === undefined) return config;
  for (const [name, url] of Object.entries({ TOKEN_ENDPOINT, CONNECTION_MANAGEMENT_URL, HANDLE_SYNC_URL }))
    if (url !== undefined) fromVariable(name, () => requirePrivate(url));
  return config;
}
