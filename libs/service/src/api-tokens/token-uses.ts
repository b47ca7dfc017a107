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

/** What a request pages nobody for. */
export interface PagesNobody {
  /** Why what was sent with the token was refused. */
  readonly refusal?: string | undefined;
  /** Alerts that named no handle. */
  readonly withoutHandle?: number;
}

/** Publishes the uses of API tokens, at most one a minute for each token, and as many that page nobody. No request waits for the publish. */
export class TokenUses {
  /** When the last use of each token and kind was published, the oldest first. */
  private readonly publishedAt = new Map<string, number>();

  constructor(private readonly parts: TokenUsesParts) {}

  note = (token: UsedToken, { refusal, withoutHandle = 0 }: PagesNobody = {}): void => {
    const its = {
      ...(refusal === undefined ? {} : { refusal: refusal.slice(0, maxRefusalLength).toWellFormed() }),
      ...(withoutHandle === 0 ? {} : { withoutHandle }),
    };
    const now = this.parts.clock.elapsedMs();
    this.forgetBefore(now - intervalMs);
    const what = [token.tokenId, ...Object.keys(its)].join(' ');
    if (this.publishedAt.has(what)) return;
    this.publishedAt.set(what, now);
    void this.publish(token, its);
  };

  private async publish({ tokenId, sourceOrg }: UsedToken, its: Partial<AccessTokenUse>): Promise<void> {
    const { usedBy, publish, clock, log } = this.parts;
    const usedAt = clock.now().toISOString();
    const attributes = { id: randomUUID(), source: `/pagebridge/${usedBy}`, time: usedAt };
    try {
      await publish([AccessTokenUses.encode(tokenId, attributes, { tokenId, sourceOrg, usedAt, usedBy, ...its })]);
    } catch (error) {
      // The next use after this minute is published again.
      log.warn({ tokenId, cause: String(error) }, 'API token use not published');
    }
  }

  private forgetBefore(moment: number): void {
    for (const [what, at] of this.publishedAt) {
      if (at > moment) return;
      this.publishedAt.delete(what);
    }
  }
}
