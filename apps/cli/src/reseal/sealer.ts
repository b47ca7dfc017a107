import type { Connection } from '@pagebridge/contracts';
import { type KeyRing, kidOf, type SealingKey, seal } from '@pagebridge/sealed-credentials';

/** Opens with the private ring and seals with the public key. Holds keys in clear only in memory, and briefly. */
export class Sealer {
  readonly kid: string;

  /** Throws if the ring lacks the private half of the key: then nobody could open the new seals. */
  constructor(
    private readonly ring: Pick<KeyRing, 'kids' | 'open'>,
    private readonly key: SealingKey,
  ) {
    this.kid = key.kid;
    if (ring.kids.includes(key.kid)) return;
    throw new Error(`no private key for the public key ${key.kid}; found ${ring.kids.join(', ')}`);
  }

  kidOf = (sealed: string): string => kidOf(sealed) ?? '';

  /** Rejects if the seal cannot be opened. The error names the sealing key, and nothing of the credential. */
  async reseal(sealed: string, connection: Connection): Promise<string> {
    const anew = await seal(this.key, connection, await this.ring.open(sealed, connection));
    // A public key may have the id of a private key without belonging to it. Then this rejects, and nothing is put back.
    await this.ring.open(anew, connection);
    return anew;
  }
}
