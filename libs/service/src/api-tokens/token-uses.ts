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

const gapMs = 60_000;

/** Tells on its topic that API tokens are used, each at most once a minute. No request waits for that. */
export class TokenUses {
  /** When each was last told, the oldest first. */
  private readonly told = new Map<string, number>();

  constructor(private readonly parts: TokenUsesParts) {}

  note = (token: Pick<TokenRecord, 'tokenId' | 'sourceOrg'>): void => {
    const now = this.parts.clock.elapsedMs();
    this.forgetBefore(now - gapMs);
    if (this.told.has(token.tokenId)) return;
    this.told.set(token.tokenId, now);
    void this.tell(token);
  };

  private async tell({ tokenId, sourceOrg }: Pick<TokenRecord, 'tokenId' | 'sourceOrg'>): Promise<void> {
    const { usedBy, publish, clock, log } = this.parts;
    const usedAt = clock.now().toISOString();
    const attributes = { id: randomUUID(), source: `/pagebridge/${usedBy}`, time: usedAt };
    try {
      await publish([AccessTokenUses.encode(tokenId, attributes, { tokenId, sourceOrg, usedAt, usedBy })]);
    } catch (error) {
      // Told again at its next use after this minute.
      log.warn({ tokenId, cause: String(error) }, 'the use of an API token could not be told');
    }
  }

  private forgetBefore(moment: number): void {
    for (const [tokenId, at] of this.told) {
      if (at > moment) return;
      this.told.delete(tokenId);
    }
  }
}
