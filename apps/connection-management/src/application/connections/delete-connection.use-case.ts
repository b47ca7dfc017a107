import { Problem } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import { leaving } from '../../domain/deletion.ts';
import type { Store } from '../ports.ts';
import { problems } from '../problems.ts';
import { lockedConnection, type Target } from './locked-connection.ts';
import { removeConnection } from './remove-connection.ts';
import { storeChange } from './store-change.ts';

/**
 * Deletes a connection, unless others fail over to it: disables it, and page-delivery then resolves its open pages and reports,
 * which removes it (`ApplyReports`). With `force` it is removed at once, and its open pages stay open.
 */
export class DeleteConnection {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  /** Returns the connection while it is being deleted; undefined if it has been removed. */
  run(target: Target, { force }: { readonly force: boolean }, caller: Caller): Promise<Connection | undefined> {
    return this.store.transaction(async (unit) => {
      const before = await lockedConnection(unit, target);
      const backedUp = await unit.namesBackedUpBy(before);
      if (backedUp.length > 0) throw isBackupOf(backedUp);
      const now = this.clock.now();
      if (force) {
        await removeConnection(unit, before, caller, now);
        return undefined;
      }
      const after = leaving(before, now);
      if (after !== before) await storeChange(unit, { action: 'connection.deleting', before, after, at: now }, caller);
      return after;
    });
  }
}

function isBackupOf(names: readonly string[]): Problem {
  const detail = `The connection is the backup of ${names.join(', ')}. Nothing was deleted. First change or remove their failover.`;
  return new Problem({ ...problems['is-backup'], detail });
}
