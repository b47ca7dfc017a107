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
    description: 'Must be `on`: API tokens are all that alerting systems can send.',
  }),
  KNOWN_ALERTS: Type.Integer({
    default: 1_000_000,
    minimum: 1000,
    maximum: 10_000_000,
    description:
      'Alerts that are remembered, about 400 bytes each. Beyond it, the org with the most forgets the oldest that have recovered.',
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
    'bad configuration: ACCESS_TOKENS is off, so nobody could send an alert: set it to on for each service, and read docs/how-to/api-tokens.md first',
  );
}
