import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Role } from '@pagebridge/access';
import type { StackFolder } from '../folder.ts';

/** The audience of the tokens of a stack. */
export const audience = 'pagebridge';
/** What a client asks for to get such a token. */
export const resource = `urn:${audience}`;

/** The clients through which people log in, without a secret. */
export const consoleClient = 'console';
export const cliClient = 'cli';

/** A client of the OpenID provider and its role in the policy; `operator` is a role over all source orgs. */
export interface Client {
  readonly name: string;
  readonly role: Role;
  readonly sourceOrg?: string;
}

export const clients: readonly Client[] = [
  { name: 'ada', role: 'admin', sourceOrg: 'acme-us' },
  { name: 'vik', role: 'viewer', sourceOrg: 'acme-us' },
  { name: 'bea', role: 'admin', sourceOrg: 'initech-us' },
  { name: 'olga', role: 'operator' },
  { name: 'machine', role: 'editor', sourceOrg: 'acme-us' },
];

/** What the role of a client is, in words: `admin of acme-us`. */
export const roleOf = ({ role, sourceOrg }: Client): string =>
  `${role}${sourceOrg === undefined ? ' over all source orgs' : ` of ${sourceOrg}`}`;

/** The people who log in at the OpenID provider; each is a client too, for a shell. */
export const people = clients
  .filter(({ name }) => name !== 'machine')
  .map((client) => ({ name: client.name, does: roleOf(client) }));

/** The state of a stack's OpenID provider: the key that signs tokens, and the secret of each client. */
export interface AccessKeys {
  readonly signingKey: JsonWebKey;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * Returns the file of a stack's access keys, and creates it on the first call.
 *
 * The keys outlive restarts, so that tokens do too.
 */
export function accessKeysFile(folder: StackFolder): string {
  const file = join(folder.path, 'keys', 'access.json');
  if (existsSync(file)) return file;
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const keys: AccessKeys = {
    signingKey: { ...privateKey.export({ format: 'jwk' }), alg: 'ES256', use: 'sig' },
    secrets: Object.fromEntries(clients.map(({ name }) => [name, randomBytes(32).toString('base64url')])),
  };
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, JSON.stringify(keys), { mode: 0o600 });
  return file;
}

export const readAccessKeys = (file: string): AccessKeys => JSON.parse(readFileSync(file, 'utf8')) as AccessKeys;
