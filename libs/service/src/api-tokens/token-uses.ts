import { randomUUID } from 'node:crypto';
import type { TokenRecord } from '@pagebridge/access';
import { type AccessTokenUse, AccessTokenUses, type OutgoingRecord } from '@pagebridge/contracts';
import type { Clock, Log } from '@pagebridge/vocabulary';

export interface TokenUsesParts {
  readonly usedBy: AccessTokenUse['usedBy'];
  readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly log: Log;
}

const intervalMs = 60_000;

/** Publishes the uses of API tokens, at most one a minute for each token. No request waits for the publish. */
export class TokenUses {
  /** When the last use of each token was published, the oldest first. */
  private readonly publishedAt = new Map<string, number>();

  constructor(private readonly parts: TokenUsesParts) {}

  note = (token: Pick<TokenRecord, 'tokenId' | 'sourceOrg'>): void => {
    const now = this.parts.clock.elapsedMs();
    this.forgetBefore(now - intervalMs);
    if (this.publishedAt.has(token.tokenId)) return;
    this.publishedAt.set(token.tokenId, now);
    void this.publish(token);
  };

  private async publish({ tokenId, sourceOrg }: Pick<TokenRecord, 'tokenId' | 'sourceOrg'>): Promise<void> {
    const { usedBy, publish, clock, log } = this.parts;
    const usedAt = clock.now().toISOString();
    const attributes = { id: randomUUID(), source: `/pagebridge/${usedBy}`, time: usedAt };
    try {
      await publish([AccessTokenUses.encode(tokenId, attributes, { tokenId, sourceOrg, usedAt, usedBy })]);
    } catch (error) {
      // The next use after this minute is published again.
      log.warn({ tokenId, cause: String(error) }, 'the use of an API token could not be published');
    }
  }

  private forgetBefore(moment: number): void {
    for (const [tokenId, at] of this.publishedAt) {
      if (at > moment) return;
      this.publishedAt.delete(tokenId);
    }
  }
}
