import type { Clock } from '@pagebridge/vocabulary';
import { auditViewOf, type Caller } from '../../domain/audit.ts';
import type { Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { lockedConnection, type Target } from './locked-connection.ts';

/** Removes a connection with its sealed keys, unless others fail over to it; the audit keeps that it was there, and a tombstone tells the others. */
export class DeleteConnection {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  run(target: Target, { actor, requestId }: Caller): Promise<Outcome<void>> {
    return this.store.transaction(async (unit) => {
      const locked = await lockedConnection(unit, target);
      if (!locked.ok) return locked;
      const backedUp = await unit.namesBackedUpBy(locked.value);
      if (backedUp.length > 0) return refused({ reason: 'is-backup', of: backedUp });
      await unit.deleteConnection(locked.value.id);
      await unit.audit({
        actor,
        requestId,
        sourceOrg: target.sourceOrg,
        action: 'connection.deleted',
        target: target.id,
        before: auditViewOf(locked.value),
        after: null,
        at: this.clock.now(),
      });
      await unit.publish({ kind: 'connection-deleted', id: target.id });
      return carriedOut(undefined);
    });
  }
}
