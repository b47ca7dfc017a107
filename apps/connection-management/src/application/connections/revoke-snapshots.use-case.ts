import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import { type Connection, withoutLinks } from '../../domain/connection.ts';
import { found } from '../found.ts';
import type { Store } from '../ports.ts';
import { storeChange } from './store-change.ts';

/** Revokes the links to snapshots that the pages of a connection had so far, whatever it shares and whoever changed it meanwhile. */
export class RevokeSnapshots {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  run(sourceOrg: string, id: string, caller: Caller): Promise<Connection> {
    return this.store.transaction(async (unit) => {
      const before = found(await unit.lockConnection(id, sourceOrg), `connection ${id}`);
      const at = this.clock.now();
      const after = withoutLinks(before, at);
      await storeChange(unit, { action: 'connection.snapshots-revoked', before, after, at }, caller);
      return after;
    });
  }
}
