import { parseSealingKey, type SealingKey, seal } from '@pagebridge/sealed-credentials';
import type { KeyPair, SealBinding, Sealer } from '../../application/ports.ts';

/** Seals with the public key of the configuration; what it sealed cannot be opened here. */
export class CredentialSealer implements Sealer {
  private readonly key: SealingKey;

  /** Throws a SealedCredentialError when the text is no public JWK. */
  constructor(publicJwk: string) {
    this.key = parseSealingKey(publicJwk);
  }

  seal(binding: SealBinding, keys: KeyPair): Promise<string> {
    return seal(this.key, binding, keys);
  }
}
