import { requirePrivate } from '@pagebridge/access';
import { commonConfig, fromVariable, loadConfig } from '@pagebridge/service';
import { orgIdPattern } from '@pagebridge/vocabulary';
import { type Static, Type } from 'typebox';

const url = Type.String({ pattern: '^https?://[^\\s]+$' });
const text = Type.Optional(Type.String({ minLength: 1 }));
const org = (preset: string) => Type.String({ default: preset, pattern: orgIdPattern });

/** The variables of `smoke-test`, whose help says what each is; without those of the connection to Kafka. */
const smokeTestConfig = Type.Object({
  KAFKA_BROKERS: commonConfig.KAFKA_BROKERS,
  CONNECTION_MANAGEMENT_URL: url,
  HANDLE_SYNC_URL: url,
  SANDBOX_CONTROL_URL: url,
  SANDBOX_ORG: org('globex'),
  SOURCE_ORG: org('smoke-test'),
  SMOKE_TEST_SECONDS: Type.Number({ default: 120, minimum: 1, maximum: 3600 }),
  PAGEBRIDGE_TOKEN: Type.Optional(Type.String({ pattern: '^[\\x21-\\x7e]+$' })),
  TOKEN_ENDPOINT: text,
  TOKEN_CLIENT_ID: text,
  TOKEN_CLIENT_SECRET: text,
  TOKEN_SCOPE: text,
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
