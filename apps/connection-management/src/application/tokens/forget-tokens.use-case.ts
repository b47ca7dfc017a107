import { toldExpiredMs } from '@pagebridge/access';
import type { Clock } from '@pagebridge/vocabulary';
import type { Store } from '../ports.ts';

/** Few enough that their rows are locked for a moment only. */
const atOnce = 50;

/** Forgets API tokens a day after they expired: until then their bearers are told so. Nothing can revive them any more. */
export class ForgetTokens {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** How many were forgotten; rejects with StoreUnavailable. */
  async run(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - toldExpiredMs);
    for (let forgotten = 0; ; ) {
      const ids = await this.store.tokensExpired(before, atOnce);
      await this.store.transaction(async (unit) => {
        for (const id of ids) {
          await unit.tokens.delete(id);
          await unit.publish({ kind: 'token-forgotten', id });
        }
      });
      forgotten += ids.length;
      if (ids.length < atOnce) return forgotten;
    }
  }
}
