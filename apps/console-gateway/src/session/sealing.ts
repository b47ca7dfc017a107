import { createSecretKey, hash, type KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, fromVariable } from '@pagebridge/service';
import { EncryptJWT, errors, jwtDecrypt } from 'jose';
import type { ConsoleGatewayConfig } from '../config.ts';

/** What a sealed text is for: it opens for nothing else. */
export type Purpose = 'session' | 'login';

const algorithm = { alg: 'dir', enc: 'A256GCM' } as const;

/** Seals texts that browsers keep, so that they can neither be read nor changed there. */
@Injectable()
export class Sealing {
  private readonly keys: ReadonlyMap<string, KeyObject>;

  constructor(@Inject(CONFIG) { SESSION_KEYS }: ConsoleGatewayConfig) {
    this.keys = fromVariable('SESSION_KEYS', () => keysIn(SESSION_KEYS));
  }

  /** Seals a value with the first key; nothing opens it after `endsAt`, in seconds since 1970. */
  seal(purpose: Purpose, value: object, endsAt: number): Promise<string> {
    const [[kid, key] = []] = this.keys;
    if (kid === undefined || key === undefined) throw new Error('there is no key');
    return new EncryptJWT({ value })
      .setProtectedHeader({ ...algorithm, kid })
      .setAudience(purpose)
      .setExpirationTime(endsAt)
      .encrypt(key);
  }

  /** Returns the value that was sealed for this purpose with any of the keys. Undefined for anything else. */
  async open<Value>(purpose: Purpose, sealed: string): Promise<Value | undefined> {
    try {
      const { payload } = await jwtDecrypt<{ readonly value: Value }>(sealed, ({ kid = '' }) => this.keyOf(kid), {
        audience: purpose,
        requiredClaims: ['exp'],
        keyManagementAlgorithms: [algorithm.alg],
        contentEncryptionAlgorithms: [algorithm.enc],
      });
      return payload.value;
    } catch (error) {
      // Expired, sealed with a key that is gone, or not sealed here.
      if (error instanceof errors.JOSEError) return undefined;
      throw error;
    }
  }

  private keyOf(kid: string): KeyObject {
    const key = this.keys.get(kid);
    if (!key) throw new errors.JWEDecryptionFailed();
    return key;
  }
}

const mostKeys = 10;

function keysIn(text: string): Map<string, KeyObject> {
  const list = text.startsWith('[') ? parsed(text) : text.split(/\s+/);
  if (!Array.isArray(list) || list.length === 0 || list.length > mostKeys || !list.every(isKey)) {
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
