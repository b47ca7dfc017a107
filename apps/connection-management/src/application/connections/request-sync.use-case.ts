import { randomUUID } from 'node:crypto';
import { Problem } from '@pagebridge/service';
import type { Clock } from '@pagebridge/vocabulary';
import type { Caller } from '../../domain/audit.ts';
import type { Connection } from '../../domain/connection.ts';
import { found } from '../found.ts';
import type { Store } from '../ports.ts';
import { problems } from '../problems.ts';
import { staying } from './locked-connection.ts';

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

  run(sourceOrg: string, id: string, caller: Caller): Promise<RequestedSync> {
    return this.store.transaction(async (unit) => {
      const connection = staying(found(await unit.lockConnection(id, sourceOrg), `connection ${id}`));
      if (!connection.enabled) throw disabled(connection);
      const requestedAt = this.clock.now();
      const entry = { ...caller, sourceOrg, target: id, before: null, after: null, at: requestedAt };
      await unit.audit({ ...entry, action: 'sync.requested' });
      const requestId = randomUUID();
      await unit.publish({ kind: 'sync-requested', connection, requestId, at: requestedAt });
      return { connection, requestedAt, requestId };
    });
  }
}

function disabled({ name }: Connection): Problem {
  const detail = `Connection "${name}" is disabled, so it is not synced. Enable it first, or check its keys with POST …/check and both keys in the body.`;
  return new Problem({ ...problems['connection-disabled'], detail });
}
