import { calculateJwkThumbprint, exportJWK, generateKeyPair, type JWK } from 'jose';
import { keyManagement } from './algorithms.ts';
import { SealedCredentialError } from './errors.ts';

/** A public P-256 key as JWK; `kid` is also the id of the private key that opens what this key seals. */
export interface SealingKey {
  readonly kty: 'EC';
  readonly crv: 'P-256';
  readonly x: string;
  readonly y: string;
  readonly kid: string;
}

/** A key pair: the public key is for connection-management, the private key for a key ring. */
export interface SealingKeyPair {
  readonly publicKey: SealingKey;
  readonly privateKey: SealingKey & { readonly d: string };
}

/** Generates a key pair whose `kid` is the RFC 7638 thumbprint. */
export async function generateSealingKey(): Promise<SealingKeyPair> {
  const pair = await generateKeyPair(keyManagement, { crv: 'P-256', extractable: true });
  const jwk = await exportJWK(pair.privateKey);
  const kid = await calculateJwkThumbprint(jwk);
  const { d, ...publicKey } = { ...jwk, kid } as SealingKeyPair['privateKey'];
  return { publicKey, privateKey: { ...publicKey, d } };
}

/**
 * Parses a public sealing key from a JWK.
 *
 * Throws `bad-key` for any other text, and for a private key: a service that seals must not be able to open.
 */
export function parseSealingKey(text: string): SealingKey {
  const jwk = parseJwk(text);
  if (jwk.d !== undefined) {
    throw new SealedCredentialError('bad-key', 'this is a private key; use the public JWK, without "d"', jwk.kid);
  }
  return publicHalf(jwk);
}

/** Returns the public members of a P-256 JWK; throws `bad-key` with the missing member. */
export function publicHalf(jwk: JWK): SealingKey {
  const { kty, crv, x, y, kid } = jwk;
  if (!kid) throw new SealedCredentialError('bad-key', 'the JWK has no "kid"; add one');
  if (kty !== 'EC' || crv !== 'P-256' || !x || !y) {
    throw new SealedCredentialError('bad-key', `key "${kid}" is not an EC P-256 JWK with "x" and "y"`, kid);
  }
  return { kty: 'EC', crv, x, y, kid };
}

function parseJwk(text: string): JWK {
  const value = parseJson(text);
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SealedCredentialError('bad-key', 'the key is not a JWK (a JSON object)');
  }
  return value as JWK;
}

/** Parses JSON. An error never repeats the text, which may be a private key. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new SealedCredentialError('bad-key', 'the key is not JSON');
  }
}
