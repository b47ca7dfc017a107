import { generateKeyPairSync, type JsonWebKey, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Role } from '@pagebridge/access';
import type { StackFolder } from '../folder.ts';

/** Whom the tokens of a stack are for. */
export const audience = 'pagebridge';

/** Somebody to be on a local stack, and the role that the policy gives to them; `operator` is one over all source orgs. */
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

/** What the provider of a stack keeps: with the key it signs tokens, by the secrets it knows who asks for one. */
export interface AccessKeys {
  readonly signingKey: JsonWebKey;
  readonly secrets: Readonly<Record<string, string>>;
}

/**
 * The file of a stack's access keys, made the first time.
 *
 * They stay over restarts, so that a token does too.
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
