import { Problem } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type Connection, type ConnectionChange, changed } from '../../domain/connection.ts';
import { backupWarnings, type KnownHandles, type Warning } from '../../domain/handle-warnings.ts';
import type { Store, Unit } from '../ports.ts';
import { problems } from '../problems.ts';
import { lockedConnection, staying, type Target } from './locked-connection.ts';
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

  async run(target: Target, change: ConnectionChange, caller: Caller): Promise<ChangedConnection> {
    const connection = await this.store.transaction(async (unit) => {
      const before = staying(await lockedConnection(unit, target));
      await requireFitBackup(unit, before, change);
      const after = changed(before, change, this.clock.now(), this.slugGraceMs);
      if (after === before) return before;
      await storeChange(unit, { action: 'connection.changed', before, after, at: after.updatedAt }, caller);
      return after;
    });
    return { connection, warnings: backupWarnings(this.knownHandles(), connection, this.clock.now()) };
  }
}

/**
 * Throws if the connection cannot have the backup that a change sets.
 *
 * Locks the backup, so that nobody deletes it before the change is stored. Accepts a disabled backup: it may be disabled only
 * for a while, and page-routing reports that it pages nobody meanwhile.
 */
async function requireFitBackup(
  unit: Unit,
  { id, sourceOrg }: Connection,
  { failover }: ConnectionChange,
): Promise<void> {
  if (!failover) return;
  const { connectionId } = failover;
  if (connectionId === id) throw unfit('own-backup', 'the connection itself', 'Use another connection.');
  const backup = await unit.lockConnection(connectionId, sourceOrg);
  const cure = 'Use an id from the list of connections.';
  if (!backup) throw unfit('unknown-backup', 'not a connection of this source org', cure);
  staying(backup);
}

function unfit(code: 'own-backup' | 'unknown-backup', what: string, cure: string): Problem {
  const field = 'failover.connectionId';
  const message = `${field} is ${what}`;
  const detail = `${message}. Nothing was stored. ${cure}`;
  return new Problem({ ...problems[code], detail, errors: [{ field, message, cure }] });
}
