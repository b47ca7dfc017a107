import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StackFolder } from '../folder.ts';
import { databaseOwners } from '../infrastructure/databases.ts';
import type { Infrastructure } from '../infrastructure/infrastructure.ts';
import { caFile, certificateFiles, keystoreOf } from './certificates.ts';
import { passwordFile, passwordIn } from './passwords.ts';

type Properties = Readonly<Record<string, string>>;

/** The folder of the login files of a secure stack, for people and their tools. */
export const loginFolder = (secure: StackFolder): string => join(secure.path, 'logins');

/** Writes for each principal `.env` for a shell, `.properties` for Kafka's own tools and `.kcat` for kcat; also an `.env` for each database. */
export function writeLoginFiles(secure: StackFolder, infrastructure: Infrastructure): void {
  const { brokers, logins, databaseAccess } = infrastructure;
  if (!logins) return;
  const folder = loginFolder(secure);
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const write = (name: string, lines: string): void => writeFileSync(join(folder, name), lines, { mode: 0o600 });
  for (const [name, login] of Object.entries(logins)) {
    write(`${name}.env`, shellLines({ KAFKA_BROKERS: brokers, ...login }));
    write(`${name}.properties`, linesOf(javaProperties(secure, name)));
    write(`${name}.kcat`, linesOf({ 'bootstrap.servers': brokers, ...kcatProperties(secure, name) }));
  }
  for (const owner of databaseOwners) {
    const name = owner === 'connection-management' ? 'database.env' : `database-of-${owner}.env`;
    write(name, shellLines({ ...databaseAccess?.[owner].migration }));
  }
}

const mechanism = { 'security.protocol': 'SASL_SSL', 'sasl.mechanism': 'SCRAM-SHA-512' };

function javaProperties(secure: StackFolder, name: string): Properties {
  const module = 'org.apache.kafka.common.security.scram.ScramLoginModule';
  return {
    ...mechanism,
    'sasl.jaas.config': `${module} required username="${name}" password="${passwordOf(secure, name)}";`,
    'ssl.truststore.type': 'PEM',
    'ssl.truststore.location': caFile(secure),
    'ssl.keystore.type': 'PEM',
    'ssl.keystore.location': keystoreOf(secure, name),
  };
}

function kcatProperties(secure: StackFolder, name: string): Properties {
  const { cert, key } = certificateFiles(secure, name);
  return {
    ...mechanism,
    'sasl.username': name,
    'sasl.password': passwordOf(secure, name),
    'ssl.ca.location': caFile(secure),
    'ssl.certificate.location': cert,
    'ssl.key.location': key,
  };
}

const passwordOf = (secure: StackFolder, name: string) => passwordIn(passwordFile(secure, 'kafka', name));

const linesOf = (properties: Properties): string =>
  Object.entries(properties)
    .map(([name, value]) => `${name}=${value}\n`)
    .join('');

/** Formats variables for a shell that sources them with `set -a`, which exports them. */
const shellLines = (variables: Properties): string =>
  linesOf(Object.fromEntries(Object.entries(variables).map(([name, value]) => [name, quoted(value)])));

const quoted = (value: string) => `'${value.replaceAll("'", `'\\''`)}'`;
