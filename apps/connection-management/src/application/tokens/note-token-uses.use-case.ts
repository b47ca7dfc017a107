import type { AccessTokenUse } from '@pagebridge/contracts';
import type { Clock } from '@pagebridge/vocabulary';
import type { Refusal, WithoutHandle } from '../../domain/tokens/access-token.ts';
import type { Store } from '../ports.ts';

/** The number of updates in a transaction: few, so that it ends in time on a slow database. */
const atOnce = 50;

/** Stores when each API token was last used, and what sent with it last paged nobody. Reading uses again, or in another order, has the same result. */
export class NoteTokenUses {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Rejects with StoreUnavailable. */
  async run(uses: readonly AccessTokenUse[]): Promise<void> {
    const latest = new Map<string, Date>();
    const refusals = new Map<string, Refusal>();
    const withoutHandles = new Map<string, WithoutHandle>();
    // Times in the future count as now: otherwise a clock that is ahead would hide all later uses.
    const now = this.clock.now();
    for (const { tokenId, usedAt, refusal, withoutHandle } of uses) {
      const at = new Date(Math.min(Date.parse(usedAt), now.getTime()));
      if (at > (latest.get(tokenId) ?? new Date(0))) latest.set(tokenId, at);
      if (refusal !== undefined) keepLatest(refusals, tokenId, { at, detail: refusal });
      if (withoutHandle !== undefined) keepLatest(withoutHandles, tokenId, { at, alerts: withoutHandle });
    }
    // Every transaction updates rows in the same order, so that no two wait for each other.
    const inOrder = [...latest].toSorted(([a], [b]) => (a < b ? -1 : 1));
    for (let from = 0; from < inOrder.length; from += atOnce) {
      await this.store.transaction(async (unit) => {
        for (const [id, at] of inOrder.slice(from, from + atOnce)) {
          await unit.tokens.noteUse(id, at);
          const refusal = refusals.get(id);
          if (refusal) await unit.tokens.noteRefusal(id, refusal);
          const withoutHandle = withoutHandles.get(id);
          if (withoutHandle) await unit.tokens.noteWithoutHandle(id, withoutHandle);
        }
      });
    }
  }
}

function keepLatest<T extends { readonly at: Date }>(latest: Map<string, T>, id: string, its: T): void {
  if (its.at > (latest.get(id)?.at ?? new Date(0))) latest.set(id, its);
}
