import { readFileSync } from 'node:fs';
import { type KafkaSecurity, type SecurityVariables, securityOf } from '@pagebridge/kafka';
import { UsageError } from '@pagebridge/process';
import { Ajv, type ErrorObject } from 'ajv';
import addFormats from 'ajv-formats';
import { type Static, type TObject, Type } from 'typebox';
import { accessConfig } from './access/access-config.ts';
import { kafkaSecurityConfig } from './kafka/kafka-security-config.ts';

/** An invalid configuration. The message names every invalid variable, each with its allowed values. */
export class ConfigError extends UsageError {
  override readonly name = 'ConfigError';
}

// TypeBox types the schemas: to check them too takes longer than to check the values.
const ownSchema = { meta: false, validateSchema: false } as const;

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads a service's configuration from the environment: one TypeBox property for each variable, with the name of the variable.
 *
 * `<NAME>_FILE` is the path of a file with the value, for mounted secrets. An empty value counts as unset.
 * Throws ConfigError.
 */
export function loadConfig<Schema extends TObject>(
  schema: Schema,
  environment: Environment = process.env,
): Static<Schema> {
  const complaints: string[] = [];
  const values: Record<string, string> = {};
  for (const name of Object.keys(schema.properties)) {
    const value = read(name, environment, complaints);
    if (value !== undefined && value !== '') values[name] = value;
  }
  const ajv = addFormats.default(
    new Ajv({ ...ownSchema, allErrors: true, coerceTypes: 'array', useDefaults: true, verbose: true }),
  );
  const validate = ajv.compile(schema);
  if (!validate(values)) complaints.push(...(validate.errors ?? []).map(complaint));
  if (complaints.length > 0) throw new ConfigError(`bad configuration: ${complaints.join('; ')}`);
  return values as Static<Schema>;
}

function read(name: string, environment: Environment, complaints: string[]): string | undefined {
  const path = environment[`${name}_FILE`];
  if (!path) return environment[name]?.trim();
  try {
    return readFileSync(path, 'utf8').trim();
  } catch (error) {
    complaints.push(
      `${name}_FILE names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${path}`,
    );
    return undefined;
  }
}

function complaint(error: ErrorObject): string {
  if (error.keyword === 'required') {
    const name = error.params.missingProperty as string;
    const properties = (error.parentSchema as TObject).properties as Record<string, { description?: string }>;
    return `${name} is not set (${properties[name]?.description ?? 'required'})`;
  }
  const name = error.instancePath.split('/')[1];
  const allowed = error.keyword === 'enum' ? `: ${(error.params.allowedValues as string[]).join(', ')}` : '';
  return `${name} ${error.message}${allowed}`;
}

/** Returns the result of `make`; turns its Error into a ConfigError that names the variable. */
export function fromVariable<T>(name: string, make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new ConfigError(`bad configuration: ${name}: ${(error as Error).message}`);
  }
}

/** Returns the TLS and SASL settings for Kafka. Throws ConfigError. */
export const kafkaSecurityOf = (config: SecurityVariables): KafkaSecurity => orConfigError(() => securityOf(config));

/** Makes `fetch` use the proxy of the environment, if it names one. Rejects with ConfigError. */
export async function useConfiguredProxy(): Promise<void> {
  if (!process.env.https_proxy && !process.env.HTTPS_PROXY) return;
  // Loaded on demand: undici takes 25 MiB, and not every service calls destinations.
  const { useProxy } = await import('@pagebridge/process/proxy');
  orConfigError(useProxy);
}

function orConfigError<T>(make: () => T): T {
  try {
    return make();
  } catch (error) {
    throw new ConfigError(`bad configuration: ${(error as Error).message}`);
  }
}

/** The variables of every service, also of one that does not use Kafka. */
export const baseConfig = {
  MANAGEMENT_HOST: Type.String({
    default: '127.0.0.1',
    description: 'Address for probes and scrapers. Other clients must not reach it.',
  }),
  LOG_LEVEL: Type.Unsafe<'debug' | 'info' | 'warn' | 'error'>({
    type: 'string',
    enum: ['debug', 'info', 'warn', 'error'],
    default: 'info',
    description: 'Minimum log level.',
  }),
  STOP_TIMEOUT_MS: Type.Integer({
    default: 25_000,
    minimum: 1000,
    description: 'Maximum milliseconds of a graceful stop; then the process exits.',
  }),
};

/** The variables of every service that uses Kafka. */
export const commonConfig = {
  ...baseConfig,
  KAFKA_BROKERS: Type.String({
    pattern: '^[^\\s,:]+:\\d+(,[^\\s,:]+:\\d+)*$',
    description: 'Bootstrap brokers, as host:port,host:port.',
  }),
  KAFKA_MAX_BATCH_MIB: Type.Integer({
    default: 64,
    minimum: 1,
    maximum: 1024,
    description: 'Maximum size of a decompressed record batch in MiB. Larger batches become dead letters.',
  }),
  ...kafkaSecurityConfig,
  START_WAIT_MS: Type.Integer({
    default: 30_000,
    minimum: 0,
    maximum: 86_400_000,
    description:
      'Milliseconds that a starting service waits for brokers, database, topics and migrations before it exits.',
  }),
};

const port = (preset: number, description: string) =>
  Type.Integer({ default: preset, minimum: 0, maximum: 65_535, description });

/** The variables of a service that listens for callers, except its port. */
export const listenConfig = {
  HOST: Type.String({
    default: '127.0.0.1',
    description: 'Address for callers; `::`: every IPv6 and IPv4 address.',
  }),
  STOP_DELAY_MS: Type.Integer({
    default: 0,
    minimum: 0,
    maximum: 60_000,
    description: 'Milliseconds that a stopping service keeps serving, not ready, until load balancers have removed it.',
  }),
};

/** The variables of a service whose routes need a token, except its port. */
export const callersConfig = { ...listenConfig, ...accessConfig };

/** The variable for the port of the routes; each service with routes has its own default. */
export const portConfig = (preset: number) => port(preset, 'TCP port of the routes; 0: any free port.');

/** The variable for the port of probes and scrapers; each service has its own default. */
export const managementPortConfig = (preset: number) =>
  port(preset, 'TCP port of health and metrics; 0: any free port.');

/** The configuration of any service. A service without routes has no variables for callers. */
export interface BaseConfig {
  readonly HOST?: string;
  readonly PORT?: number;
  readonly STOP_DELAY_MS?: number;
  readonly ACCESS?: 'on' | 'off';
  readonly MANAGEMENT_HOST: string;
  readonly MANAGEMENT_PORT: number;
  readonly LOG_LEVEL: 'debug' | 'info' | 'warn' | 'error';
  readonly START_WAIT_MS?: number;
  readonly STOP_TIMEOUT_MS: number;
}

/** The configuration of any service that uses Kafka. */
export interface CommonConfig extends BaseConfig, SecurityVariables {
  readonly KAFKA_BROKERS: string;
  readonly KAFKA_MAX_BATCH_MIB: number;
  readonly START_WAIT_MS: number;
  readonly ACCESS_POLICY_FILE?: string;
  readonly ACCESS_TOKENS?: 'on' | 'off';
  readonly ACCESS_OFF_IS_INTENDED?: 'true';
}

export const brokersOf = (config: Pick<CommonConfig, 'KAFKA_BROKERS'>): string[] => config.KAFKA_BROKERS.split(',');
