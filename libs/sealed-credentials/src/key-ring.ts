import { base64url, type CryptoKey, flattenedDecrypt, importJWK, type JWK } from 'jose';
import { contentEncryption, keyManagement } from './algorithms.ts';
import { authenticatedDataOf, type Binding } from './binding.ts';
import { type Credential, credentialFrom } from './credential.ts';
import { envelopeOf } from './envelope.ts';
import { SealedCredentialError } from './errors.ts';
import { parseJson, publicHalf } from './sealing-key.ts';

type PrivateKey = CryptoKey | Uint8Array;

/** A set of private keys by `kid`, which opens credentials sealed for any of them. */
export class KeyRing {
  readonly #jwks = new Map<string, JWK>();
  readonly #imported = new Map<string, Promise<PrivateKey>>();

  /** Throws `bad-key` for an empty ring, a key without `kid` or `d`, and two keys with the same `kid`. */
  constructor(keys: readonly JWK[]) {
    if (keys.length === 0) throw new SealedCredentialError('bad-key', 'the key ring has no key');
    for (const jwk of keys) {
      const { kid } = publicHalf(jwk);
      if (!jwk.d)
        throw new SealedCredentialError(
          'bad-key',
          `key "${kid}" is public: the key ring needs private keys, with "d"`,
          kid,
        );
      if (this.#jwks.has(kid)) throw new SealedCredentialError('bad-key', `key "${kid}" is in the key ring twice`, kid);
      this.#jwks.set(kid, jwk);
    }
  }

  /** Parses a ring from a JWKS: `{"keys":[...]}`. */
  static parse(text: string): KeyRing {
    const { keys } = (parseJson(text) ?? {}) as { keys?: unknown };
    if (!Array.isArray(keys)) throw new SealedCredentialError('bad-key', 'the key ring is not a JWKS: {"keys":[...]}');
    return new KeyRing(keys as JWK[]);
  }

  get kids(): readonly string[] {
    return [...this.#jwks.keys()];
  }

  /** Opens a credential that is sealed for this binding; rejects with a SealedCredentialError otherwise. */
  async open(sealed: string, binding: Binding): Promise<Credential> {
    const { kid, header, encryptedKey, iv, ciphertext, tag } = envelopeOf(sealed);
    const key = await this.#key(kid);
    const aad = base64url.encode(authenticatedDataOf(binding));
    const jwe = { protected: header, encrypted_key: encryptedKey, iv, ciphertext, tag, aad };
    const opened = await flattenedDecrypt(jwe, key, {
      keyManagementAlgorithms: [keyManagement],
      contentEncryptionAlgorithms: [contentEncryption],
    }).catch(() => {
      throw new SealedCredentialError(
        'not-openable',
        `key "${kid}" cannot open the text as the credential of connection ${binding.connectionId} of ${binding.sourceOrg}: ` +
          'the text was changed, or sealed for another connection, data center or destination org; enter the credential of this connection again',
        kid,
      );
    });
    const credential = credentialFrom(opened.plaintext);
    if (!credential) throw new SealedCredentialError('malformed', 'the decrypted content is not a credential', kid);
    return credential;
  }

  #key(kid: string): Promise<PrivateKey> {
    const jwk = this.#jwks.get(kid);
    if (!jwk) {
      const known = this.kids.map((name) => `"${name}"`).join(', ');
      throw new SealedCredentialError('unknown-key', `sealed for key "${kid}"; the key ring has ${known}`, kid);
    }
    const imported = this.#imported.get(kid) ?? importPrivate(jwk, kid);
    this.#imported.set(kid, imported);
    return imported;
  }
}

const importPrivate = (jwk: JWK, kid: string): Promise<PrivateKey> =>
  importJWK(jwk, keyManagement).catch(() => {
    throw new SealedCredentialError('bad-key', `key "${kid}" is not a valid EC P-256 private key`, kid);
  });
