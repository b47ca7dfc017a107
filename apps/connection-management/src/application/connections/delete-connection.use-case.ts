import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import { leaving } from '../../domain/deletion.ts';
import type { Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { lockedConnection, type Target } from './locked-connection.ts';
import { removeConnection } from './remove-connection.ts';
import { storeChange } from './store-change.ts';

export interface DeletedConnection {
  /** The connection while it is being deleted; undefined if it has been removed. */
  readonly leaving: Connection | undefined;
}

/**
 * Deletes a connection, unless others fail over to it: disables it, and page-delivery then resolves its open pages and reports,
 * which removes it (`ApplyReports`). With `force` it is removed at once, and its open pages stay open.
 */
export class DeleteConnection {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  run(target: Target, { force }: { readonly force: boolean }, caller: Caller): Promise<Outcome<DeletedConnection>> {
    return this.store.transaction(async (unit) => {
      const locked = await lockedConnection(unit, target);
      if (!locked.ok) return locked;
      const before = locked.value;
      const backedUp = await unit.namesBackedUpBy(before);
      if (backedUp.length > 0) return refused({ reason: 'is-backup', of: backedUp });
      const now = this.clock.now();
      if (force) {
        await removeConnection(unit, before, caller, now);
        return carriedOut({ leaving: undefined });
      }
      const after = leaving(before, now);
      if (after === before) return carriedOut({ leaving: before });
      await storeChange(unit, { action: 'connection.deleting', before, after, at: now }, caller);
      return carriedOut({ leaving: after });
    });
  }
}
