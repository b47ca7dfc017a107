import { randomUUID } from 'node:crypto';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import type { Store } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';

export interface RequestedSync {
  readonly connection: Connection;
  readonly requestedAt: Date;
  /** The id that the answering report names. Not the request id of the caller, who may repeat one that is already answered. */
  readonly requestId: string;
}

/** Asks handle-sync to sync the teams of a connection and report the result. A disabled connection is refused: it is not synced. */
export class RequestSync {
  constructor(
    private readonly store: Store,
    private readonly clock: Clock,
  ) {}

  run(sourceOrg: string, id: string, caller: Caller): Promise<Outcome<RequestedSync>> {
    return this.store.transaction(async (unit) => {
      const connection = await unit.lockConnection(id, sourceOrg);
      if (!connection) return refused({ reason: 'not-found', what: `connection ${id}` });
      if (connection.deletion) return refused({ reason: 'connection-deleting', name: connection.name });
      if (!connection.enabled) return refused({ reason: 'connection-disabled', name: connection.name });
      const requestedAt = this.clock.now();
      const entry = { ...caller, sourceOrg, target: id, before: null, after: null, at: requestedAt };
      await unit.audit({ ...entry, action: 'sync.requested' });
      const requestId = randomUUID();
      await unit.publish({ kind: 'sync-requested', connection, requestId, at: requestedAt });
      return carriedOut({ connection, requestedAt, requestId });
    });
  }
}
