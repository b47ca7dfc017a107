import { toldExpiredMs } from '@pagebridge/access';
import type { Clock } from '@pagebridge/vocabulary';
import type { Store } from '../ports.ts';

/** The number of rows in a transaction: few, so that they are locked only for a moment. */
const atOnce = 50;

/** Deletes API tokens a day after they expired. Until then, their bearers are told that the token has expired. */
export class ForgetTokens {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Returns how many tokens were deleted. Rejects with StoreUnavailable. */
  async run(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - toldExpiredMs);
    for (let forgotten = 0; ; ) {
      const ids = await this.store.tokensExpired(before, atOnce);
      await this.store.transaction(async (unit) => {
        for (const id of ids) await unit.tokens.delete(id);
        if (ids.length > 0) await unit.publish(...ids.map((id) => ({ kind: 'token-forgotten', id }) as const));
      });
      forgotten += ids.length;
      if (ids.length < atOnce) return forgotten;
    }
  }
}
