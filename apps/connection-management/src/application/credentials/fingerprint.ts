import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyPair } from '../ports.ts';

/** Returns a salted hash that identifies a key pair. The hash does not reveal the keys, since they are random. */
export const fingerprintOf = (keys: KeyPair): string => saltedWith(randomBytes(16), keys);

/** Returns whether a fingerprint belongs to these keys. */
export function isFingerprintOf(fingerprint: string, keys: KeyPair): boolean {
  const [salt = ''] = fingerprint.split('.');
  const [computed, stored] = [Buffer.from(saltedWith(Buffer.from(salt, 'base64url'), keys)), Buffer.from(fingerprint)];
  return computed.length === stored.length && timingSafeEqual(computed, stored);
}

function saltedWith(salt: Buffer, { apiKey, applicationKey }: KeyPair): string {
  const hash = createHmac('sha256', salt)
    .update(JSON.stringify([apiKey, applicationKey]))
    .digest('base64url');
  return `${salt.toString('base64url')}.${hash}`;
}
