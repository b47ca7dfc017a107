import type { Connection } from '../../domain/connection.ts';
import { entityTag } from '../../domain/entity-tag.ts';
import type { Unit } from '../ports.ts';
import { carriedOut, type Outcome, refused } from '../refusal.ts';
import { unmetPrecondition } from '../unmet-precondition.ts';

/** Identifies a connection, and the version of it that the caller has read. */
export interface Target {
  readonly sourceOrg: string;
  readonly id: string;
  readonly ifMatch: string | undefined;
}

/** Locks a connection and checks its version. Returns a refusal if it does not exist or has changed. */
export async function lockedConnection(unit: Unit, { sourceOrg, id, ifMatch }: Target): Promise<Outcome<Connection>> {
  const connection = await unit.lockConnection(id, sourceOrg);
  return seenVersion(connection, id, ifMatch);
}

/** Replaces the outcome by a refusal if the connection is being deleted: it can no longer be changed or used. */
export function whereStaying(outcome: Outcome<Connection>): Outcome<Connection> {
  if (!outcome.ok || !outcome.value.deletion) return outcome;
  return refused({ reason: 'connection-deleting', name: outcome.value.name });
}

export function seenVersion(
  connection: Connection | undefined,
  id: string,
  ifMatch: string | undefined,
): Outcome<Connection> {
  if (!connection) return refused({ reason: 'not-found', what: `connection ${id}` });
  const tag = entityTag(connection.version, connection.stateRevision);
  const unmet = unmetPrecondition(ifMatch, connection.version, tag);
  return unmet ? refused(unmet) : carriedOut(connection);
}
