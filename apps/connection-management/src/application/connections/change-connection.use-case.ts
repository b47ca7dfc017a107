import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type Connection, type ConnectionChange, changed } from '../../domain/connection.ts';
import { backupWarnings, type KnownHandles, type Warning } from '../../domain/handle-warnings.ts';
import type { Store, Unit } from '../ports.ts';
import { carriedOut, type Outcome, type Refusal, refused } from '../refusal.ts';
import { lockedConnection, type Target, whereStaying } from './locked-connection.ts';
import { storeChange } from './store-change.ts';

export interface ChangedConnection {
  readonly connection: Connection;
  /** Settings that were stored but have no effect at present. */
  readonly warnings: readonly Warning[];
}

/** Renames, enables or disables a connection, or changes its slug or failover. Without a difference nothing is stored. */
export class ChangeConnection {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
    private readonly slugGraceMs: number,
    private readonly knownHandles: () => KnownHandles,
  ) {}

  async run(target: Target, change: ConnectionChange, caller: Caller): Promise<Outcome<ChangedConnection>> {
    const outcome = await this.change(target, change, caller);
    if (!outcome.ok) return outcome;
    const connection = outcome.value;
    return carriedOut({ connection, warnings: backupWarnings(this.knownHandles(), connection, this.clock.now()) });
  }

  private change(target: Target, change: ConnectionChange, caller: Caller): Promise<Outcome<Connection>> {
    return this.store.transaction(async (unit) => {
      const locked = whereStaying(await lockedConnection(unit, target));
      if (!locked.ok) return locked;
      const before = locked.value;
      const unfit = await unfitBackup(unit, before, change);
      if (unfit) return refused(unfit);
      const after = changed(before, change, this.clock.now(), this.slugGraceMs);
      if (after === before) return carriedOut(before);
      const saved = await storeChange(
        unit,
        { action: 'connection.changed', before, after, at: after.updatedAt },
        caller,
      );
      if (saved === 'name-taken') return refused({ reason: 'name-taken', name: after.name });
      if (saved === 'slug-taken') return refused({ reason: 'slug-taken', slug: after.slug });
      return carriedOut(after);
    });
  }
}

/**
 * Returns why the connection cannot have this backup; undefined if it can, or if the change sets no backup.
 *
 * Locks the backup, so that nobody deletes it before the change is stored. Accepts a disabled backup: it may be disabled only
 * for a while, and page-routing reports that it pages nobody meanwhile.
 */
async function unfitBackup(
  unit: Unit,
  { id, sourceOrg }: Connection,
  { failover }: ConnectionChange,
): Promise<Refusal | undefined> {
  if (!failover) return undefined;
  const { connectionId } = failover;
  if (connectionId === id) return { reason: 'own-backup', connectionId };
  const backup = await unit.lockConnection(connectionId, sourceOrg);
  if (!backup) return { reason: 'unknown-backup', connectionId };
  return backup.deletion ? { reason: 'connection-deleting', name: backup.name } : undefined;
}
