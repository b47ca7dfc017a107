import { join } from 'node:path';
import { services } from '@pagebridge/contracts';
import { securityVariables } from '@pagebridge/kafka';
import type { DataCenter } from '@pagebridge/vocabulary';
import { root } from '../folder.ts';
import { type DatabaseAccess, type DatabaseOwner, databaseOwners, databaseUrlOf } from '../infrastructure/databases.ts';
import type { Infrastructure } from '../infrastructure/infrastructure.ts';
import { answersOk } from '../processes/health.ts';
import type { Processes, ProcessSpec } from '../processes/processes.ts';
import type { SealingKeyFiles } from './sealing-keys.ts';

export { services as serviceNames };
export type ServiceName = (typeof services)[number];

export const scriptOf = (app: string, script: string, checkout = root) => join(checkout, 'apps', app, 'dist', script);

/** The ports of an instance of a service. */
export interface ServicePorts {
  /** For callers; page-delivery has none. */
  readonly callers: number;
  /** For probes and scrapers. */
  readonly management: number;
}

/** The settings that the services share. */
export interface ServiceDependencies {
  readonly infrastructure: Infrastructure;
  readonly keys: SealingKeyFiles;
  /** The access policy; without one, everybody may call. */
  readonly policyFile?: string | undefined;
  readonly dataCenters: readonly DataCenter[];
  /** Where links to snapshots lead, and the file with the keys that sign them; without it there are none. */
  readonly snapshots?: { readonly url: string; readonly keysFile: string } | undefined;
  /** The folder of the build; default: this checkout. */
  readonly checkout?: string | undefined;
}

type Databases = Pick<Infrastructure, 'databaseUrl' | 'databaseAccess'>;

/** Creates and updates the tables of these services; default: of all that have a database. */
export async function migrate(
  processes: Processes,
  databases: Databases,
  owners = databaseOwners,
  checkout?: string,
): Promise<void> {
  const migrations = owners.map((owner) =>
    processes.run({
      name: `migrate-${owner}`,
      command: process.execPath,
      args: [scriptOf(owner, 'migrate.js', checkout)],
      env: databaseVariables(owner, databases, 'migration'),
    }),
  );
  await Promise.all(migrations);
}

const databaseVariables = (
  owner: DatabaseOwner,
  { databaseUrl, databaseAccess }: Databases,
  whose: keyof DatabaseAccess,
): Record<string, string> => ({
  DATABASE_URL: databaseUrlOf(owner, databaseUrl),
  ...(databaseAccess?.[owner][whose] ?? given(databaseTls)),
});

/** Whether API tokens are accepted, and alerts over HTTP with them: everybody who can write to their topic can create one, so only a private Kafka will do. */
export const takesTokens = ({ infrastructure, policyFile }: ServiceDependencies): boolean =>
  (infrastructure.kafka !== undefined || infrastructure.isPrivate === true) && policyFile !== undefined;

/** Returns the process of a service: on loopback, ready when its probe says so. */
export function serviceSpec(name: ServiceName, dependencies: ServiceDependencies, ports: ServicePorts): ProcessSpec {
  const { policyFile, infrastructure, checkout } = dependencies;
  const ACCESS_TOKENS = takesTokens(dependencies) ? 'on' : 'off';
  const access =
    policyFile === undefined ? { ACCESS: 'off' } : { ACCESS: 'on', ACCESS_TOKENS, ACCESS_POLICY_FILE: policyFile };
  return {
    name,
    command: process.execPath,
    args: [scriptOf(name, 'main.js', checkout)],
    env: {
      ...(name === 'page-delivery' ? {} : { HOST: '127.0.0.1', PORT: String(ports.callers), ...access }),
      MANAGEMENT_PORT: String(ports.management),
      KAFKA_BROKERS: infrastructure.brokers,
      ...(infrastructure.logins?.[name] ?? given(securityVariables)),
      ...given(proxy),
      ...ownVariables(name, dependencies),
    },
    layer: 3,
    ready: () => answersOk(`http://127.0.0.1:${ports.management}/health/ready`),
  };
}

// A destination outside may be reached only through a proxy, which may have a CA of its own.
const proxy = ['HTTPS_PROXY', 'https_proxy', 'NO_PROXY', 'no_proxy', 'NODE_EXTRA_CA_CERTS'];
// An external Kafka or database may require TLS or a login, for the services and for our programs.
const given = (names: readonly string[]): Record<string, string> =>
  Object.fromEntries(names.map((name) => [name, process.env[name] ?? '']).filter(([, value]) => value));
const databaseTls = ['DATABASE_TLS', 'DATABASE_TLS_CA_FILE', 'DATABASE_TLS_CERT_FILE', 'DATABASE_TLS_KEY_FILE'];

// Each service gets only what it needs: connection-management seals but cannot open, and only two have a database, each its own.
function ownVariables(name: ServiceName, dependencies: ServiceDependencies): Record<string, string> {
  const { infrastructure, keys, dataCenters, snapshots } = dependencies;
  const catalogue = { DATA_CENTERS: JSON.stringify(dataCenters) };
  switch (name) {
    case 'connection-management':
      return {
        ...catalogue,
        ...databaseVariables(name, infrastructure, 'service'),
        CREDENTIALS_PUBLIC_KEY_FILE: keys.publicKey,
        // Ten minutes otherwise, for which a guide would wait.
        ...given(['ALERT_TOPIC_DRAIN_SECONDS']),
      };
    case 'handle-sync':
      return { ...catalogue, CREDENTIALS_PRIVATE_KEYS_FILE: keys.privateKeys };
    case 'page-delivery':
      return {
        ...catalogue,
        CREDENTIALS_PRIVATE_KEYS_FILE: keys.privateKeys,
        ...(snapshots ? { SNAPSHOT_URL: snapshots.url, SNAPSHOT_KEYS_FILE: snapshots.keysFile } : {}),
      };
    case 'page-history':
      return {
        ...databaseVariables(name, infrastructure, 'service'),
        ...replayVariables(infrastructure),
        ...(snapshots ? { SNAPSHOT_KEYS_FILE: snapshots.keysFile } : {}),
      };
    case 'page-routing':
    case 'alert-intake':
      return {};
  }
}

const ofUser = /^KAFKA_(TLS_(CERT|KEY)_|SASL_(USERNAME|PASSWORD|OAUTH_CLIENT))/;

/** Lets operators send dead letters again, as the Kafka user who may. */
function replayVariables({ logins }: Infrastructure): Record<string, string> {
  const login = Object.entries(logins?.['dead-letters'] ?? given(securityVariables));
  const own = login.filter(([name]) => ofUser.test(name)).map(([name, value]) => [`DEAD_LETTERS_${name}`, value]);
  return { DEAD_LETTER_REPLAY: 'on', ...Object.fromEntries(own) };
}
