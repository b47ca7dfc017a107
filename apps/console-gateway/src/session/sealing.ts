import type { KeyObject } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, fromVariable, secretKeysIn } from '@pagebridge/service';
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
    this.keys = fromVariable('SESSION_KEYS', () => secretKeysIn(SESSION_KEYS));
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
