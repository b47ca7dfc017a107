import { FlattenedEncrypt, importJWK } from 'jose';
import { contentEncryption, keyManagement } from './algorithms.ts';
import { authenticatedDataOf, type Binding } from './binding.ts';
import { bytesOf, type Credential } from './credential.ts';
import { SealedCredentialError } from './errors.ts';
import type { SealingKey } from './sealing-key.ts';

/**
 * Seals a credential so that only a ring with `key.kid` can open it, and only with this binding.
 *
 * The result is five base64url parts joined by dots. The binding is authenticated but not included.
 * Throws `bad-key` if the public key is not a point on its curve.
 */
export async function seal(key: SealingKey, binding: Binding, credential: Credential): Promise<string> {
  const publicKey = await importJWK(key, keyManagement).catch(() => {
    throw new SealedCredentialError('bad-key', `key "${key.kid}" is not a valid EC P-256 public key`, key.kid);
  });
  const sealed = await new FlattenedEncrypt(bytesOf(credential))
    .setProtectedHeader({ alg: keyManagement, enc: contentEncryption, kid: key.kid })
    .setAdditionalAuthenticatedData(authenticatedDataOf(binding))
    .encrypt(publicKey);
  // jose also returns `aad`, which is omitted: with its own binding inside, the credential would open in any record.
  return [sealed.protected, sealed.encrypted_key, sealed.iv, sealed.ciphertext, sealed.tag].join('.');
}
