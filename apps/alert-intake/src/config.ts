import {
  ConfigError,
  callersConfig,
  commonConfig,
  loadConfig,
  managementPortConfig,
  portConfig,
} from '@pagebridge/service';
import { type Static, Type } from 'typebox';

/** The environment variables of alert-intake. */
export const alertIntakeConfig = Type.Object({
  ...commonConfig,
  ...callersConfig,
  PORT: portConfig(8088),
  MANAGEMENT_PORT: managementPortConfig(9088),
  ACCESS_TOKENS: Type.Unsafe<'on' | 'off'>({
    type: 'string',
    enum: ['on', 'off'],
    default: 'off',
    description: 'Must be `on`, because alerting systems send API tokens.',
  }),
  KNOWN_ALERTS: Type.Integer({
    default: 1_000_000,
    minimum: 1000,
    maximum: 10_000_000,
    description:
      'Maximum known alerts, about 400 bytes each. Above the limit, the oldest recovered alerts of the largest org are deleted.',
  }),
});

export type AlertIntakeConfig = Static<typeof alertIntakeConfig>;

/** Reads the configuration. Throws ConfigError, also if no API token could be accepted. */
export function loadIntakeConfig(
  environment: Readonly<Record<string, string | undefined>> = process.env,
): AlertIntakeConfig {
  const config = loadConfig(alertIntakeConfig, environment);
  if (config.ACCESS_TOKENS === 'on') return config;
  throw new ConfigError(
    'bad configuration: ACCESS_TOKENS is off, so no alerting system could authenticate. Set it to on for every service (see docs/how-to/api-tokens.md)',
  );
}
