import { FlattenedEncrypt, importJWK } from 'jose';
import { contentEncryption, keyManagement } from './algorithms.ts';
import { authenticatedDataOf, type Binding } from './binding.ts';
import { bytesOf, type Credential } from './credential.ts';
import { SealedCredentialError } from './errors.ts';
import type { SealingKey } from './sealing-key.ts';

/**
 * Seals a credential so that only the ring holding `key.kid` opens it, and only as this connection's.
 *
 * Shape: five base64url parts joined by dots; the binding is authenticated but not inside.
 * Errors: `bad-key` when the public key is no point of its curve.
 */
export async function seal(key: SealingKey, binding: Binding, credential: Credential): Promise<string> {
  const publicKey = await importJWK(key, keyManagement).catch(() => {
    throw new SealedCredentialError('bad-key', `key "${key.kid}" is not a valid EC P-256 public key`, key.kid);
  });
  const sealed = await new FlattenedEncrypt(bytesOf(credential))
    .setProtectedHeader({ alg: keyManagement, enc: contentEncryption, kid: key.kid })
    .setAdditionalAuthenticatedData(authenticatedDataOf(binding))
    .encrypt(publicKey);
  // jose also returns `aad`. It is left out: a blob that carried its own binding would open wherever it is moved.
  return [sealed.protected, sealed.encrypted_key, sealed.iv, sealed.ciphertext, sealed.tag].join('.');
}
