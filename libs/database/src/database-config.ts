import { X509Certificate } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { createSecureContext } from 'node:tls';
import { ConfigError } from '@pagebridge/service';
import { type Static, Type } from 'typebox';
import type { DatabaseLogin, DatabasePlace, DatabaseTls } from './data-source.ts';

const file = (description: string) => Type.Optional(Type.String({ description }));

// The URL must name a database, since each installation has its own.
const url = Type.String({
  pattern: '^mysql://[^\\s/]+/[^\\s/?]+(\\?\\S*)?$',
  description: 'mysql://user:password@host:port/database of MySQL 8 or MariaDB 11.',
});

const tls = {
  DATABASE_TLS: Type.Optional(
    Type.Unsafe<'on' | 'off'>({
      type: 'string',
      enum: ['on', 'off'],
      default: 'off',
      description: 'Use TLS for the database, and verify its certificate.',
    }),
  ),
  DATABASE_TLS_CA_FILE: file('PEM file with the CAs of the server; default: the CAs that Node trusts.'),
  DATABASE_TLS_CERT_FILE: file('PEM file with the client certificate and its chain.'),
  DATABASE_TLS_KEY_FILE: file('PEM file with the private key of that certificate.'),
};

const password = {
  DATABASE_PASSWORD: Type.Optional(Type.String({ description: 'Password, if the URL has none. Prefer a file.' })),
};

const files = {
  DATABASE_URL_FILE: file('File with the URL. Its login is read for each new connection.'),
  DATABASE_PASSWORD_FILE: file('File with the password, read for each new connection.'),
};

/** The database and how to connect to it. `databaseOf` checks that the variables fit together. */
export const databaseConfig = { DATABASE_URL: url, ...password, ...files, ...tls };
export const databaseSchema = Type.Object(databaseConfig);
type DatabaseVariables = Static<typeof databaseSchema>;

/** The variables of the migration; one of the two URLs must be set. */
export const migrationConfig = Type.Object({
  DATABASE_MIGRATION_URL: Type.Optional(
    Type.String({ ...url, description: 'As DATABASE_URL, with a user who can change tables.' }),
  ),
  DATABASE_URL: Type.Optional(url),
  DATABASE_SERVICE_USER: Type.Optional(
    Type.String({
      pattern: '^[^@]+(@[^@]+)?$',
      description: 'User of the service, as user or user@host. The migration grants its permissions on the tables.',
    }),
  ),
  ...password,
  ...tls,
});

/** Throws ConfigError. */
export function migrationOf(variables: Static<typeof migrationConfig>): DatabasePlace {
  const { DATABASE_URL, DATABASE_MIGRATION_URL: place = DATABASE_URL, ...rest } = variables;
  if (place === undefined) throw new ConfigError('neither DATABASE_MIGRATION_URL nor DATABASE_URL is set');
  return databaseOf({ ...rest, DATABASE_URL: place });
}

const fileNames = ['DATABASE_TLS_CA_FILE', 'DATABASE_TLS_CERT_FILE', 'DATABASE_TLS_KEY_FILE'] as const;

/** Throws ConfigError. */
export function databaseOf(variables: DatabaseVariables): DatabasePlace {
  const { DATABASE_TLS } = variables;
  const place = { url: urlOf(variables), ...loginFileOf(variables) };
  if (DATABASE_TLS === 'on') return { ...place, tls: tlsOf(variables) };
  const set = fileNames.filter((name) => variables[name]);
  if (set.length > 0) throw complaint(`${set.join(', ')} is set, but DATABASE_TLS is not on`);
  return place;
}

/** Reads the login from its files again. A file that is unreadable, since it is being replaced, leaves the previous login. */
function loginFileOf(variables: DatabaseVariables): Pick<DatabasePlace, 'login'> {
  const { DATABASE_URL_FILE: urlFile, DATABASE_PASSWORD_FILE: passwordFile } = variables;
  if (!urlFile && !passwordFile) return {};
  const read = (path: string) => readFileSync(path, 'utf8').trim();
  let last: DatabaseLogin | undefined;
  const login = () => {
    try {
      const DATABASE_URL = urlFile ? read(urlFile) : variables.DATABASE_URL;
      const now = passwordFile ? { ...variables, DATABASE_PASSWORD: read(passwordFile) } : variables;
      const { username, password } = new URL(urlOf({ ...now, DATABASE_URL }));
      last = { user: decodeURIComponent(username), password: decodeURIComponent(password) };
    } catch {
      // If the previous login has ended, the server denies it, and the next connection reads the file again.
    }
    return last;
  };
  return { login };
}

function urlOf({ DATABASE_URL, DATABASE_PASSWORD }: DatabaseVariables): string {
  if (DATABASE_PASSWORD === undefined) return DATABASE_URL;
  const url = new URL(DATABASE_URL);
  if (url.username === '') throw complaint('DATABASE_PASSWORD is set, but the URL of the database has no user');
  if (url.password !== '') throw complaint('DATABASE_PASSWORD is set, but the URL of the database has a password too');
  // The password may contain characters that a URL may not.
  url.password = encodeURIComponent(DATABASE_PASSWORD);
  return url.href;
}

function tlsOf(variables: DatabaseVariables): DatabaseTls {
  if (isIP(new URL(variables.DATABASE_URL).hostname.replace(/^\[|\]$/g, ''))) {
    throw complaint(
      'DATABASE_URL must have a host name, not an IP address: with DATABASE_TLS, the certificate must name the host',
    );
  }
  const [ca, cert, key] = fileNames.map((name) => textOf(name, variables[name]));
  if ((cert === undefined) !== (key === undefined)) {
    throw complaint('DATABASE_TLS_CERT_FILE and DATABASE_TLS_KEY_FILE must be set together');
  }
  for (const [name, pem] of [['DATABASE_TLS_CA_FILE', ca] as const, ['DATABASE_TLS_CERT_FILE', cert] as const]) {
    if (pem !== undefined && !isCertificate(pem)) throw complaint(`${name} must hold certificates in PEM`);
  }
  try {
    createSecureContext({ ca, cert, key });
  } catch (error) {
    throw complaint(
      `DATABASE_TLS_KEY_FILE: the key does not match the certificate in DATABASE_TLS_CERT_FILE (${(error as Error).message})`,
    );
  }
  return { ...(ca ? { ca } : {}), ...(cert && key ? { cert, key } : {}), verifyIdentity: true, minVersion: 'TLSv1.2' };
}

function textOf(name: string, path: string | undefined): string | undefined {
  if (!path) return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw complaint(`${name} names a file that cannot be read (${(error as NodeJS.ErrnoException).code}): ${path}`);
  }
}

function isCertificate(pem: string): boolean {
  try {
    return new X509Certificate(pem).subject !== undefined;
  } catch {
    return false;
  }
}

const complaint = (text: string) => new ConfigError(`bad configuration: ${text}`);
