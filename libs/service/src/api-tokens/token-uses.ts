import { randomUUID } from 'node:crypto';
import type { TokenRecord } from '@pagebridge/access';
import { type AccessTokenUse, AccessTokenUses, maxRefusalLength, type OutgoingRecord } from '@pagebridge/contracts';
import type { Clock, Log } from '@pagebridge/vocabulary';

export interface TokenUsesParts {
  readonly usedBy: AccessTokenUse['usedBy'];
  readonly publish: (records: readonly OutgoingRecord[]) => Promise<void>;
  readonly clock: Pick<Clock, 'now' | 'elapsedMs'>;
  readonly log: Log;
}

const intervalMs = 60_000;

type UsedToken = Pick<TokenRecord, 'tokenId' | 'sourceOrg'>;

/** Publishes the uses of API tokens, at most one a minute for each token, and one that was refused. No request waits for the publish. */
export class TokenUses {
  /** When the last use and the last refusal of each token were published, the oldest first. */
  private readonly publishedAt = new Map<string, number>();

  constructor(private readonly parts: TokenUsesParts) {}

  /** `refusal`: why what was sent with the token pages nobody. */
  note = (token: UsedToken, refusal?: string): void => {
    const now = this.parts.clock.elapsedMs();
    this.forgetBefore(now - intervalMs);
    const what = `${token.tokenId} ${refusal === undefined ? 'used' : 'refused'}`;
    if (this.publishedAt.has(what)) return;
    this.publishedAt.set(what, now);
    void this.publish(token, refusal);
  };

  private async publish({ tokenId, sourceOrg }: UsedToken, refusal: string | undefined): Promise<void> {
    const { usedBy, publish, clock, log } = this.parts;
    const usedAt = clock.now().toISOString();
    const attributes = { id: randomUUID(), source: `/pagebridge/${usedBy}`, time: usedAt };
    try {
      const its = refusal === undefined ? {} : { refusal: refusal.slice(0, maxRefusalLength).toWellFormed() };
      await publish([AccessTokenUses.encode(tokenId, attributes, { tokenId, sourceOrg, usedAt, usedBy, ...its })]);
    } catch (error) {
      // The next use after this minute is published again.
      log.warn({ tokenId, cause: String(error) }, 'the use of an API token could not be published');
    }
  }

  private forgetBefore(moment: number): void {
    for (const [what, at] of this.publishedAt) {
      if (at > moment) return;
      this.publishedAt.delete(what);
    }
  }
}
