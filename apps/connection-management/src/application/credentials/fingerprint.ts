import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { KeyPair } from '../ports.ts';

/** Tells a pair of keys from every other: a salted hash, from which nothing of them can be found, since they are random. */
export const fingerprintOf = (keys: KeyPair): string => saltedWith(randomBytes(16), keys);

/** Whether these are the keys of a fingerprint. */
export function isFingerprintOf(fingerprint: string, keys: KeyPair): boolean {
  const [salt = ''] = fingerprint.split('.');
  const [theirs, ours] = [Buffer.from(saltedWith(Buffer.from(salt, 'base64url'), keys)), Buffer.from(fingerprint)];
  return theirs.length === ours.length && timingSafeEqual(theirs, ours);
}

function saltedWith(salt: Buffer, { apiKey, applicationKey }: KeyPair): string {
  const hash = createHmac('sha256', salt)
    .update(JSON.stringify([apiKey, applicationKey]))
    .digest('base64url');
  return `${salt.toString('base64url')}.${hash}`;
}
