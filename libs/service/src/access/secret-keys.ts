import { createSecretKey, hash, type KeyObject } from 'node:crypto';

const maxKeys = 10;

/**
 * Returns the secret keys in the value of a variable, each by an id that does not tell it. The first is for what is new; the others
 * are for what was made before it. Throws, without quoting a key.
 */
export function secretKeysIn(text: string): Map<string, KeyObject> {
  const list = text.startsWith('[') ? parsed(text) : text.split(/\s+/);
  if (!Array.isArray(list) || list.length === 0 || list.length > maxKeys || !list.every(isKey)) {
    throw new Error(
      'must be keys of 32 bytes in base64url, one a line or as a JSON list: openssl rand -base64 32 makes one',
    );
  }
  return new Map(
    list.map((key) => {
      const bytes = Buffer.from(key, 'base64url');
      return [hash('sha256', bytes, 'base64url').slice(0, 8), createSecretKey(bytes)];
    }),
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The message of the parser would quote a key.
    return undefined;
  }
}

const isKey = (value: unknown): value is string => typeof value === 'string' && /^[\w+/-]{43}=?$/.test(value);
