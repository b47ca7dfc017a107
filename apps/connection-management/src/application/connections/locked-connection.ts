import { Problem } from '@pagebridge/service';
import type { Connection } from '../../domain/connection.ts';
import { found } from '../found.ts';
import type { Unit } from '../ports.ts';
import { problems } from '../problems.ts';
import { requireVersion } from '../require-version.ts';

/** Identifies a connection, and the version of it that the caller has read. */
export interface Target {
  readonly sourceOrg: string;
  readonly id: string;
  readonly ifMatch: string | undefined;
}

/** Locks a connection. Throws if it does not exist or has changed. */
export async function lockedConnection(unit: Unit, { sourceOrg, id, ifMatch }: Target): Promise<Connection> {
  return seenVersion(await unit.lockConnection(id, sourceOrg), id, ifMatch);
}

/** Returns the connection; throws if it is being deleted, because it can no longer be changed or used. */
export function staying(connection: Connection): Connection {
  if (!connection.deletion) return connection;
  const detail = `Connection "${connection.name}" is being deleted; its open pages are being resolved. Wait for the deletion, or delete it now with DELETE …?force=true.`;
  throw new Problem({ ...problems['connection-deleting'], detail });
}

export function seenVersion(it: Connection | undefined, id: string, ifMatch: string | undefined): Connection {
  const connection = found(it, `connection ${id}`);
  requireVersion(ifMatch, connection.version, connection.stateRevision);
  return connection;
}
