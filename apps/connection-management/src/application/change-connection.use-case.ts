import { auditViewOf, type Caller } from '../domain/audit.ts';
import { type Connection, type ConnectionChange, changed } from '../domain/connection.ts';
import { lockedConnection, type Target } from './locked-connection.ts';
import type { Clock, Store } from './ports.ts';
import { carriedOut, type Outcome, refused } from './refusal.ts';

/** Renames a connection, changes its slug, or switches it on or off. A change without a difference changes nothing. */
export class ChangeConnection {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  run(target: Target, change: ConnectionChange, { actor, requestId }: Caller): Promise<Outcome<Connection>> {
    return this.store.transaction(async (unit) => {
      const locked = await lockedConnection(unit, target);
      if (!locked.ok) return locked;
      const before = locked.value;
      const after = changed(before, change, this.clock.now());
      if (after === before) return carriedOut(before);
      const saved = await unit.updateConnection(after);
      if (saved === 'name-taken') return refused({ reason: 'name-taken', name: after.name });
      if (saved === 'slug-taken') return refused({ reason: 'slug-taken', slug: after.slug });
      await unit.audit({
        actor,
        requestId,
        sourceOrg: after.sourceOrg,
        action: 'connection.changed',
        target: after.id,
        before: auditViewOf(before),
        after: auditViewOf(after),
        at: after.updatedAt,
      });
      await unit.publish({ kind: 'connection', connection: after });
      return carriedOut(after);
    });
  }
}
