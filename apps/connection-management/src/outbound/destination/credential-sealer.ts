import { kidOf, parseSealingKey, resealFault, type SealingKey, seal } from '@pagebridge/sealed-credentials';
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

  /** The id of the present key. */
  get kid(): string {
    return this.key.kid;
  }

  kidOf(sealed: string): string {
    return kidOf(sealed) ?? '';
  }

  resealFault(sealed: string, former: string): string | undefined {
    return resealFault(sealed, former, this.key.kid);
  }
}
